"""Small attacks that run at every start, as submissions do. One that succeeds stops the service."""

from __future__ import annotations

from dataclasses import dataclass

from worker.report.model import Verdict
from worker.sandbox.host.exit_reasons import FORBIDDEN
from worker.sandbox.host.outcome import Failure, Limits, Loaded
from worker.sandbox.host.sandbox import Sandbox
from worker.sandbox.policy.libseccomp import find_number

LIMITS = Limits()
LITTLE_TIME = Limits(load_cpu_seconds=0.05, case_cpu_seconds=0.05)
TOO_MUCH_MEMORY = 2 * LIMITS.memory_bytes
REFUSED, OBTAINED = "refused", "obtained"

TOOLS = f"""\
import ctypes, fcntl, os, re, resource, select, signal, socket

def attempt(action):
    try:
        action()
    except (OSError, MemoryError):
        print("{REFUSED}")
    else:
        print("{OBTAINED}")

def call(number, *arguments):
    library = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(word) for word in (number, *arguments)]
    if library.syscall(*words) == -1:
        raise OSError(ctypes.get_errno(), "refused")

"""
HARMLESS = """\
class Value:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        return self
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A program and what it attempts.

    `stopped` is the verdict if the program is stopped, or None if its attempts are refused. If the
    verdict is `crashed`, a forbidden system call must be the reason.
    """

    name: str
    attempts: str
    source: str
    stopped: Verdict | None = None
    limits: Limits = LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryResult:
    """Whether the sandbox contained a canary, and its message or output."""

    name: str
    attempts: str
    contained: bool
    seen: str


FIND_DESCRIPTORS = """\
for number in range(5, 1024):
    attempt(lambda: fcntl.fcntl(number, fcntl.F_GETFD))
"""
# The kernel puts the environment on the stack, between 16 random bytes and the program's name.
# It stays there. Python itself sets LC_CTYPE, which is not on the stack. We set the hash seed.
FIND_ENVIRONMENT = f"""\
library = ctypes.CDLL(None)
library.getauxval.restype = ctypes.c_ulong
AT_RANDOM, AT_EXECFN = 25, 31
first, last = sorted([library.getauxval(AT_RANDOM) + 16, library.getauxval(AT_EXECFN)])
text = ctypes.string_at(first, last - first).replace(b"\\0PYTHONHASHSEED=0\\0", b"\\0\\0")
stack = re.findall(rb"\\0([A-Za-z_]\\w*)=", text)
listed = ctypes.POINTER(ctypes.c_char_p).in_dll(library, "environ")
foreign = listed[0] is not None and not listed[0].startswith(b"LC_CTYPE=")
found = stack or foreign or set(os.environ) - {{"LC_CTYPE"}}
print("{OBTAINED}" if found else "{REFUSED}")
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
    ("sleep", "be woken after a time", "attempt(lambda: select.poll().poll(1))"),
    ("descriptors", "find a descriptor that was left open", FIND_DESCRIPTORS),
    ("environment", "read the service's environment", FIND_ENVIRONMENT),
    ("memory", "take more memory than it may", f"attempt(lambda: bytearray({TOO_MUCH_MEMORY}))"),
)
# Written in C, which reports no work: only the limit of CPU time can stop it, on every Python.
ENDLESS = "sum(iter(int, 1))"
REFUSED_CALLS = (
    ("code", "make memory that is executable", "mmap", (0, 4096, 7, 0x22, 2**64 - 1, 0)),
    ("prctl", "undo its own limits", "prctl", (4, 1, 0, 0, 0)),
)
KILLED_CALLS = (
    ("ptrace", "trace another process", "ptrace", (16, 1, 0, 0)),
    ("peek", "read another process's memory", "process_vm_readv", (1, 0, 0, 0, 0, 0)),
    ("namespace", "make a namespace", "unshare", (0x10000000,)),
    ("bpf", "load a program into the kernel", "bpf", (0, 0, 0)),
)


def list_canaries() -> list[Canary]:
    """Returns all canaries, with this machine's system call numbers."""
    canaries = [Canary(name=n, attempts=a, source=TOOLS + s) for n, a, s in REFUSED_CANARIES]
    for calls, stopped in ((REFUSED_CALLS, None), (KILLED_CALLS, Verdict.CRASHED)):
        for name, attempts, call, arguments in calls:
            words = (find_number(call), *arguments)
            source = f"{TOOLS}attempt(lambda: call{words})"
            canaries.append(Canary(name=name, attempts=attempts, source=source, stopped=stopped))
    attempts = "compute for longer than it may"
    spins = Canary(
        name="cpu",
        attempts=attempts,
        source=ENDLESS,
        stopped=Verdict.TIMEOUT,
        limits=LITTLE_TIME,
    )
    return [*canaries, spins]


def release(sandbox: Sandbox) -> list[CanaryResult]:
    """Runs every canary."""
    return [run(sandbox, canary) for canary in list_canaries()]


def run_harmless(sandbox: Sandbox) -> str | None:
    """Returns why a harmless program doesn't run; None if it runs, as it must."""
    with sandbox.session(HARMLESS, LIMITS) as session:
        answer = session.load()
    return None if isinstance(answer, Loaded) else answer.message


def run(sandbox: Sandbox, canary: Canary) -> CanaryResult:
    """Runs one canary."""
    with sandbox.session(canary.source, canary.limits) as session:
        answer = session.load()
        printed = set(session.stdout.split())
    if isinstance(answer, Failure):
        by_filter = answer.verdict is not Verdict.CRASHED or FORBIDDEN in answer.message
        contained = answer.verdict is canary.stopped and by_filter and not printed
        seen = answer.message
    else:
        contained = printed == {REFUSED} and canary.stopped is None
        seen = ", ".join(sorted(printed)) or "nothing was attempted"
    return CanaryResult(name=canary.name, attempts=canary.attempts, contained=contained, seen=seen)
