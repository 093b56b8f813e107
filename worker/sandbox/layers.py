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
from collections.abc import Callable
from typing import Any

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

# Own users for children of root, inside the 65,536 ids that a container's map has at least.
FIRST_USER, USERS = 32_000, 32_768

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


class LayerError(Exception):
    """A required layer could not be put on. `layer` is its name."""

    def __init__(self, layer: str, reason: str) -> None:
        super().__init__(reason)
        self.layer = layer


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def leave_namespaces() -> dict[str, str]:
    """For the zygote, once: its own network, IPC and host name, where the kernel grants them.

    Nothing else rests on it. To do it in each child would cost a millisecond a session.
    """
    kinds = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS
    as_root = os.geteuid() == 0
    try:
        _call(_libc.unshare, kinds if as_root else kinds | CLONE_NEWUSER)
    except OSError:
        return {}
    if not as_root:
        _call(_libc.capset, CAPABILITIES_OF_SELF, bytes(24))  # those of the new user namespace
        _prctl(PR_SET_DUMPABLE, 1)  # lost with the change: a child could not set its OOM score
    return {"namespaces": "network, IPC and host name"}


def prepare(zygote: int) -> dict[str, str]:
    """A child's layers that depend on no limit. Returns the name and detail of each that holds."""
    held: dict[str, str] = {}
    _required("session", os.setsid)
    _required("descriptors", _close_descriptors)
    _raise_oom_score(held)
    _drop_user(held)
    _required("parent_death", lambda: _die_with(zygote))
    return {"session": "own", "descriptors": "0 to 4", "parent_death": "SIGKILL", **held}


def lock(policy: bytes, cpu_seconds: int, memory_bytes: int) -> dict[str, str]:
    """The layers from the limits to seccomp, which comes last: after it no layer can change."""
    held = {"rlimits": f"{cpu_seconds} s CPU, {memory_bytes >> 20} MiB"}
    _required("rlimits", lambda: _limit(cpu_seconds, _own_memory() + memory_bytes))
    _required("no_new_privs", lambda: _prctl(PR_SET_NO_NEW_PRIVS, 1))
    _required("undumpable", lambda: _prctl(PR_SET_DUMPABLE, 0))
    held |= {"no_new_privs": "on", "undumpable": "on"}
    abi = landlock_abi()
    if abi:
        _required("landlock", lambda: _landlock(abi))
        held["landlock"] = f"ABI {abi}"
    _required("seccomp", lambda: _seccomp(policy))
    held["seccomp"] = f"{len(policy) // 8} instructions"
    return held


def landlock_abi() -> int:
    """The kernel's Landlock ABI; 0 where it has none, or where a container's profile hides it."""
    try:
        return _call(_libc.syscall, SYS_LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION)
    except OSError:
        return 0


def _required(layer: str, put_on: Callable[[], object]) -> None:
    try:
        put_on()
    except (OSError, ValueError) as error:
        raise LayerError(layer, str(error)) from None


def _close_descriptors() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    os.closerange(LAST_DESCRIPTOR + 1, hard if 0 < hard < MOST_DESCRIPTORS else MOST_DESCRIPTORS)


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
    if os.geteuid() != 0:
        return
    user = FIRST_USER + os.getpid() % USERS
    try:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EINVAL):
            raise LayerError("own_user", str(error)) from None
        return
    held["own_user"] = str(user)


def _die_with(zygote: int) -> None:
    """Asked for after the change of user, which clears it."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != zygote:
        raise OSError(errno.ESRCH, "the zygote has ended")


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    limits = {
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_NOFILE: LAST_DESCRIPTOR + 2,  # one more, for the Landlock ruleset
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for kind, most in limits.items():
        hard = resource.getrlimit(kind)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))


def _own_memory() -> int:
    """Bytes of address space in use now, which is what RLIMIT_AS counts."""
    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(descriptor, 100).split()[0]) * resource.getpagesize()
    finally:
        os.close(descriptor)


def _landlock(abi: int) -> None:
    """A ruleset that handles every right its ABI knows and grants none."""
    rights = LANDLOCK_RIGHTS.get(abi, LANDLOCK_NEWEST)
    attributes = struct.pack("QQQ", *((1 << count) - 1 for count in rights))
    ruleset = _call(_libc.syscall, SYS_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        _call(_libc.syscall, SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _seccomp(policy: bytes) -> None:
    program = _Program(len(policy) // 8, policy)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _prctl(option: int, *arguments: Any) -> None:
    _call(_libc.prctl, option, *arguments, *[0] * (4 - len(arguments)))


def _call(function: Any, *arguments: Any) -> int:
    """Calls a C function with whole machine words; -1 becomes an OSError."""
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    result: int = function(*words)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
