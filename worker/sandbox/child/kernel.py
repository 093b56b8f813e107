"""System calls that the standard library doesn't offer.

Runs in the zygote and its children, so it uses the standard library only, and little memory.
"""

from __future__ import annotations

import ctypes
import os
import struct

PR_SET_PDEATHSIG, PR_GET_PDEATHSIG = 1, 2
PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS = 38, 39
SECCOMP_MODE_FILTER = 2

CAPABILITIES_OF_SELF = struct.pack("Ii", 0x2008_0522, 0)
NO_CAPABILITY = bytes(24)

# The same numbers on x86_64 and aarch64.
SYS_LANDLOCK_CREATE_RULESET = 444
SYS_LANDLOCK_RESTRICT_SELF = 446
CREATE_RULESET_VERSION = 1
# The number of rights that each ABI has: for files, for TCP, for scopes.
LANDLOCK_RIGHTS = {1: (13, 0, 0), 2: (14, 0, 0), 3: (15, 0, 0), 4: (15, 2, 0), 5: (16, 2, 0)}
LANDLOCK_NEWEST = (16, 2, 2)

# Created once, before the fork: creating them in each child would cost memory.
_libc = ctypes.CDLL(None, use_errno=True)
_syscall, _prctl, _unshare = _libc.syscall, _libc.prctl, _libc.unshare
_capset, _capget, _getgroups = _libc.capset, _libc.capget, _libc.getgroups
_syscall.restype = ctypes.c_long
_syscall.argtypes = [ctypes.c_long] * 4
_prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
_capabilities = ctypes.create_string_buffer(len(NO_CAPABILITY))
_death_signal = ctypes.c_int()


class Program(ctypes.Structure):
    """struct sock_fprog: a compiled policy."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def prctl(option: int, argument: int = 0, pointer: int = 0) -> int:
    """Returns the result of the call. Raises OSError."""
    return check(_prctl(option, argument, pointer, 0, 0))


def unshare(kinds: int) -> None:
    """Leaves the given kinds of namespaces. Raises OSError."""
    check(_unshare(kinds))


def count_groups() -> int:
    """Returns the number of supplementary groups of this process.

    `os.getgroups` would allocate room for 65,536 of them.
    """
    return check(_getgroups(0, None))


def drop_capabilities() -> bool:
    """Drops all capabilities and returns whether none is left. Raises OSError."""
    check(_capset(CAPABILITIES_OF_SELF, NO_CAPABILITY))
    check(_capget(CAPABILITIES_OF_SELF, _capabilities))
    return _capabilities.raw == NO_CAPABILITY


def read_death_signal() -> int:
    """Returns the signal that this process gets when its parent ends; 0 for none."""
    prctl(PR_GET_PDEATHSIG, ctypes.addressof(_death_signal))
    return _death_signal.value


def landlock_abi() -> int:
    """Returns the kernel's Landlock ABI; 0 if it has none or a container's profile blocks it."""
    try:
        return check(_syscall(SYS_LANDLOCK_CREATE_RULESET, 0, 0, CREATE_RULESET_VERSION))
    except OSError:
        return 0


def list_rights(abi: int) -> ctypes.Array[ctypes.c_char]:
    """Returns a `struct landlock_ruleset_attr` that handles every right of an ABI."""
    rights = LANDLOCK_RIGHTS.get(abi, LANDLOCK_NEWEST)
    attributes = struct.pack("QQQ", *((1 << count) - 1 for count in rights))
    return ctypes.create_string_buffer(attributes, len(attributes))


def give_up(rights: ctypes.Array[ctypes.c_char]) -> None:
    """Gives up all the rights by a Landlock ruleset that grants none. Raises OSError."""
    pointer, size = ctypes.addressof(rights), len(rights)
    ruleset = check(_syscall(SYS_LANDLOCK_CREATE_RULESET, pointer, size, 0))
    try:
        check(_syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0))
    finally:
        os.close(ruleset)


def check(result: int) -> int:
    """Returns the result of a C function. Raises OSError if it is -1."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
