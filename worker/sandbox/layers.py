"""The layers that a child puts on, one after the other, before it sees a line of student code.

Runs in the child of the zygote: the standard library alone, and nothing that is not needed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import signal
import struct

LAST_DESCRIPTOR = 4  # stdin, stdout, stderr, requests, answers
MOST_DESCRIPTORS = 2**20  # the kernel's own bound, fs.nr_open

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

CLONE_NEWUTS, CLONE_NEWIPC = 0x0400_0000, 0x0800_0000
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000
CAPABILITIES_OF_SELF = struct.pack("Ii", 0x2008_0522, 0)

# The same numbers on x86_64 and aarch64.
SYS_LANDLOCK_CREATE_RULESET = 444
SYS_LANDLOCK_RESTRICT_SELF = 446
CREATE_RULESET_VERSION = 1
# How many of each kind of right an ABI knows: of files, of TCP, of scopes.
LANDLOCK_RIGHTS = {1: (13, 0, 0), 2: (14, 0, 0), 3: (15, 0, 0), 4: (15, 2, 0), 5: (16, 2, 0)}
LANDLOCK_NEWEST = (16, 2, 2)

LIMITS = {
    resource.RLIMIT_NOFILE: LAST_DESCRIPTOR + 2,  # one more, for the Landlock ruleset
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_MEMLOCK: 0,
    resource.RLIMIT_NPROC: 0,
    resource.RLIMIT_MSGQUEUE: 0,
    resource.RLIMIT_NICE: 0,
    resource.RLIMIT_RTPRIO: 0,
}

# Own users for children of root, inside the 65,536 ids that a container's map has at least.
FIRST_USER, USERS = 32_000, 32_768

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long
_libc.syscall.argtypes = [ctypes.c_long] * 4
_libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


class LayerError(Exception):
    """A required layer could not be put on. `layer` is its name."""

    def __init__(self, layer: str, reason: str) -> None:
        super().__init__(reason)
        self.layer = layer


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class Layers:
    """What every child puts on. Made once, by the zygote, which finds out what is alike for all."""

    def __init__(self, policy: bytes) -> None:
        self._zygote = os.getpid()
        self._held = _leave_namespaces()
        self._as_root = os.geteuid() == 0
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        self._most_descriptors = most if 0 < most < MOST_DESCRIPTORS else MOST_DESCRIPTORS
        self._limits = [(kind, _at_most(kind, value)) for kind, value in LIMITS.items()]
        self._memory = _own_memory()
        self._landlock_abi = landlock_abi()
        self._rights = _all_rights(self._landlock_abi)
        self._program = _Program(len(policy) // 8, policy)

    def prepare(self) -> None:
        """A child's layers that depend on no limit."""
        held = self._held
        layer = "session"
        try:
            os.setsid()
            held[layer] = "own"
            layer = "descriptors"
            os.closerange(LAST_DESCRIPTOR + 1, self._most_descriptors)
            held[layer] = f"0 to {LAST_DESCRIPTOR}"
            _raise_oom_score(held)
            layer = "own_user"
            if self._as_root:
                _drop_user(held)
            layer = "parent_death"  # asked for after the change of user, which clears it
            _die_with(self._zygote)
            held[layer] = "SIGKILL"
        except OSError as error:
            raise LayerError(layer, str(error)) from None

    def lock(self, cpu_seconds: int, memory_bytes: int) -> dict[str, str]:
        """The layers from the limits to seccomp, which comes last: after it no layer can change.

        Returns the name and a detail of each that holds, in the order in which they were put on.
        """
        held = self._held
        layer = "rlimits"
        try:
            self._limit(cpu_seconds, memory_bytes)
            held[layer] = f"{cpu_seconds} s CPU, {memory_bytes >> 20} MiB"
            layer = "no_new_privs"
            _prctl(PR_SET_NO_NEW_PRIVS, 1)
            held[layer] = "on"
            layer = "undumpable"
            _prctl(PR_SET_DUMPABLE, 0)
            held[layer] = "on"
            layer = "landlock"
            if self._landlock_abi:
                _landlock(self._rights)
                held[layer] = f"ABI {self._landlock_abi}"
            layer = "seccomp"
            _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(self._program))
            held[layer] = f"{self._program.length} instructions"
        except (OSError, ValueError) as error:
            raise LayerError(layer, str(error)) from None
        return held

    def _limit(self, cpu_seconds: int, memory_bytes: int) -> None:
        for kind, most in self._limits:
            resource.setrlimit(kind, (most, most))
        for kind, wanted in (
            (resource.RLIMIT_CPU, cpu_seconds),
            (resource.RLIMIT_AS, self._memory + memory_bytes),
        ):
            most = _at_most(kind, wanted)
            resource.setrlimit(kind, (most, most))


def landlock_abi() -> int:
    """The kernel's Landlock ABI; 0 where it has none, or where a container's profile hides it."""
    try:
        return _syscall(SYS_LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def _leave_namespaces() -> dict[str, str]:
    """For the zygote, once: its own network, IPC and host name, where the kernel grants them.

    Nothing else rests on it. To do it in each child would cost a millisecond a session.
    """
    kinds = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    as_root = os.geteuid() == 0
    try:
        _check(_libc.unshare(kinds if as_root else kinds | CLONE_NEWUSER))
    except OSError:
        return {}
    if not as_root:
        # The capabilities of the new user namespace, and what was lost with the change: a child
        # could not set its OOM score.
        _check(_libc.capset(CAPABILITIES_OF_SELF, bytes(24)))
        _prctl(PR_SET_DUMPABLE, 1)
    return {"namespaces": "network, IPC and host name"}


def _own_memory() -> int:
    """Bytes of address space in use now, which is what RLIMIT_AS counts."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _at_most(kind: int, wanted: int) -> int:
    """A limit that this process may set: its own hard limit where that is lower."""
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)


def _raise_oom_score(held: dict[str, str]) -> None:
    """When memory runs out the kernel should end a student's program, not the service."""
    try:
        descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        try:
            os.write(descriptor, b"1000")
        finally:
            os.close(descriptor)
    except OSError:  # no /proc, or a read-only one
        return
    held["oom_score"] = "1000"


def _drop_user(held: dict[str, str]) -> None:
    """Root's children become users of their own; a root without the capability stays as it is."""
    user = FIRST_USER + os.getpid() % USERS
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL):
            raise
        return
    held["own_user"] = str(user)


def _die_with(zygote: int) -> None:
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        raise OSError(errno.ESRCH, "the zygote has ended")


def _all_rights(abi: int) -> ctypes.Array[ctypes.c_char]:
    """struct landlock_ruleset_attr: a ruleset that handles every right its ABI knows."""
    rights = LANDLOCK_RIGHTS.get(abi, LANDLOCK_NEWEST)
    attributes = struct.pack("QQQ", *((1 << count) - 1 for count in rights))
    return ctypes.create_string_buffer(attributes, len(attributes))


def _landlock(rights: ctypes.Array[ctypes.c_char]) -> None:
    """Refuses all of them: the ruleset grants nothing."""
    pointer, size = ctypes.addressof(rights), len(rights)
    ruleset = _syscall(SYS_LANDLOCK_CREATE_RULESET, pointer, size, 0)
    try:
        _syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0)
    finally:
        os.close(ruleset)


def _prctl(option: int, argument: int, pointer: int = 0) -> None:
    _check(_libc.prctl(option, argument, pointer, 0, 0))


def _syscall(number: int, first: int, second: int, third: int) -> int:
    return _check(_libc.syscall(number, first, second, third))


def _check(result: int) -> int:
    """The result of a C function; -1 becomes an OSError."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
