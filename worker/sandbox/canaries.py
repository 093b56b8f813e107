"""Small attacks, run through the real path at every start. One that succeeds stops the service."""

from __future__ import annotations

from dataclasses import dataclass

from worker.report import Verdict
from worker.sandbox.libseccomp import find_number
from worker.sandbox.outcome import Failure, Limits, Loaded
from worker.sandbox.sandbox import Sandbox

LIMITS = Limits(case_cpu_seconds=1, case_wall_seconds=10)
REFUSED, OBTAINED = "refused", "obtained"

TOOLS = f"""\
import ctypes, fcntl, os, resource, signal, socket

def attempt(action):
    try:
        action()
    except OSError:
        print("{REFUSED}")
    else:
        print("{OBTAINED}")

def call(number, *arguments):
    library = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(word) for word in (number, *arguments)]
    if library.syscall(*words) == -1:
        raise OSError(ctypes.get_errno(), "refused")

"""
HONEST = """\
class Value:
    def __add__(self, other):
        return self
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A program, what it attempts, and whether it is stopped at once rather than refused."""

    name: str
    attempts: str
    source: str
    killed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryResult:
    """Whether the sandbox held, and what was seen."""

    name: str
    attempts: str
    contained: bool
    seen: str


FIND_DESCRIPTORS = """\
for number in range(5, 1024):
    attempt(lambda: fcntl.fcntl(number, fcntl.F_GETFD))
"""
FIND_ENVIRONMENT = f"""\
first = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")[0]
foreign = first is not None and not first.startswith(b"LC_CTYPE=")  # which Python sets
print("{OBTAINED}" if foreign or set(os.environ) - {{"LC_CTYPE"}} else "{REFUSED}")
"""

REFUSED_CANARIES = (
    ("read", "read the list of users", 'attempt(lambda: open("/etc/passwd"))'),
    ("list", "list the root directory", 'attempt(lambda: os.listdir("/"))'),
    ("write", "write a file", 'attempt(lambda: open("/tmp/chainrule-canary", "w"))'),
    ("stat", "ask whether a file exists", 'attempt(lambda: os.stat("/"))'),
    ("socket", "open a socket", "attempt(socket.socket)\nattempt(socket.socketpair)"),
    ("fork", "make a process", "attempt(os.fork)"),
    ("exec", "become another program", 'attempt(lambda: os.execv("/bin/true", ["true"]))'),
    ("kill", "kill the zygote", "attempt(lambda: os.kill(os.getppid(), signal.SIGKILL))"),
    ("signal", "signal everybody", "attempt(lambda: os.kill(-1, 0))"),
    ("descriptors", "find a descriptor that was left open", FIND_DESCRIPTORS),
    ("environment", "read the service's environment", FIND_ENVIRONMENT),
)
REFUSED_CALLS = (
    ("code", "make memory that is executable", "mmap", (0, 4096, 7, 0x22, 2**64 - 1, 0)),
    ("prctl", "undo its own limits", "prctl", (4, 1, 0, 0, 0)),
)
KILLED_CALLS = (
    ("ptrace", "trace another process", "ptrace", (16, 1, 0, 0)),
    ("memory", "read another process's memory", "process_vm_readv", (1, 0, 0, 0, 0, 0)),
    ("namespace", "make a namespace", "unshare", (0x10000000,)),
    ("bpf", "load a program into the kernel", "bpf", (0, 0, 0)),
)


def list_canaries() -> list[Canary]:
    """All canaries, with this machine's system call numbers."""
    canaries = [Canary(name=n, attempts=a, source=TOOLS + s) for n, a, s in REFUSED_CANARIES]
    for calls, killed in ((REFUSED_CALLS, False), (KILLED_CALLS, True)):
        for name, attempts, call, arguments in calls:
            words = (find_number(call), *arguments)
            source = f"{TOOLS}attempt(lambda: call{words})"
            canaries.append(Canary(name=name, attempts=attempts, source=source, killed=killed))
    return canaries


def release(sandbox: Sandbox) -> list[CanaryResult]:
    """Runs every canary, and an honest program: a sandbox that runs nothing is no good either."""
    return [_run(sandbox, canary) for canary in list_canaries()] + [_run_honest(sandbox)]


def _run(sandbox: Sandbox, canary: Canary) -> CanaryResult:
    with sandbox.session(canary.source, LIMITS) as session:
        answer = session.load()
        said = set(session.stdout.split())
    if isinstance(answer, Failure):
        contained = canary.killed and answer.verdict is Verdict.CRASHED and not said
        seen = answer.message
    else:
        contained = said == {REFUSED} and not canary.killed
        seen = ", ".join(sorted(said)) or "nothing was attempted"
    return CanaryResult(name=canary.name, attempts=canary.attempts, contained=contained, seen=seen)


def _run_honest(sandbox: Sandbox) -> CanaryResult:
    with sandbox.session(HONEST, LIMITS) as session:
        answer = session.load()
    return CanaryResult(
        name="honest",
        attempts="load an honest class, which must work",
        contained=isinstance(answer, Loaded),
        seen="loaded" if isinstance(answer, Loaded) else answer.message,
    )
