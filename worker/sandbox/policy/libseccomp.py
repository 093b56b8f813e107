"""Compiles the policy to BPF with the system's libseccomp, which knows system call numbers."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from worker.sandbox.errors import SandboxError
from worker.sandbox.policy import system_calls
from worker.sandbox.policy.system_calls import Condition

# From <seccomp.h> and <linux/audit.h>.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ARCH_NATIVE = 0
ACT_ALLOW = 0x7FFF0000
ACT_KILL_PROCESS = 0x80000000
ACT_ERROR = 0x00050000  # and the number of the error
ACT_EPERM = ACT_ERROR | errno.EPERM
ATTRIBUTE_BAD_ARCH_ACTION = 2
ATTRIBUTE_OPTIMIZE, BINARY_TREE = 8, 2  # about 12 steps per call instead of 80
NOT_EQUAL, MASKED_EQUAL = 1, 7
NEEDS_LINUX = "The sandbox needs Linux (x86_64 or aarch64). This is {} on {}."


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),  # or the number to compare with, if there is no mask
        ("equals", ctypes.c_uint64),
    )


@functools.cache
def compile_policy(architecture: str | None = None) -> bytes:
    """Returns the policy as an array of `struct sock_filter`, by default for this machine."""
    architecture = architecture or platform.machine()
    if platform.system() != "Linux" or architecture not in ARCHITECTURES:
        raise SandboxError(NEEDS_LINUX.format(platform.system(), platform.machine()))
    library, number = load_library(), ARCHITECTURES[architecture]
    with new_filter(library, number) as context:
        for call in system_calls.ALLOWED:
            add_rule(library, context, number, ACT_ALLOW, call.name, call.conditions)
        for answered in system_calls.ANSWERED:
            action = ACT_ERROR | answered.error
            add_rule(library, context, number, action, answered.name, answered.conditions)
        for name in system_calls.killed_names():
            add_rule(library, context, number, ACT_KILL_PROCESS, name)
        descriptor = os.memfd_create("chainrule-policy")
        try:
            check(library.seccomp_export_bpf(context, descriptor), "compile the policy")
            return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
        finally:
            os.close(descriptor)


def find_number(name: str) -> int:
    """Returns this machine's number of a system call."""
    number: int = load_library().seccomp_syscall_resolve_name_arch(ARCH_NATIVE, name.encode())
    if number < 0:
        raise SandboxError(f"libseccomp does not know the system call {name}.")
    return number


@functools.cache
def load_library() -> ctypes.CDLL:
    """Loads libseccomp and declares the functions in use. Raises SandboxError if it's missing."""
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        raise SandboxError(
            "The library libseccomp.so.2 is missing, and without it no sandbox can be built. "
            "On Debian or Ubuntu install the package libseccomp2; on Fedora, libseccomp."
        ) from None
    context, word = ctypes.c_void_p, ctypes.c_uint32
    library.seccomp_init.restype = context
    library.seccomp_init.argtypes = [word]
    library.seccomp_release.restype = None
    library.seccomp_release.argtypes = [context]
    library.seccomp_arch_exist.argtypes = [context, word]
    library.seccomp_arch_add.argtypes = [context, word]
    library.seccomp_arch_remove.argtypes = [context, word]
    library.seccomp_attr_set.argtypes = [context, ctypes.c_int, word]
    library.seccomp_syscall_resolve_name_arch.argtypes = [word, ctypes.c_char_p]
    library.seccomp_rule_add_array.argtypes = [
        context,
        word,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.POINTER(_Comparison),
    ]
    library.seccomp_export_bpf.argtypes = [context, ctypes.c_int]
    return library


@contextmanager
def new_filter(library: ctypes.CDLL, architecture: int) -> Iterator[int]:
    """Creates an empty filter for one architecture.

    It refuses every call with EPERM, and kills a process that uses another architecture.
    """
    context = library.seccomp_init(ACT_EPERM)
    if not context:
        raise SandboxError("libseccomp could not make a filter: is the machine out of memory?")
    try:
        if library.seccomp_arch_exist(context, architecture) < 0:
            check(library.seccomp_arch_add(context, architecture), "add an architecture")
            check(library.seccomp_arch_remove(context, ARCH_NATIVE), "remove its own architecture")
        check(
            library.seccomp_attr_set(context, ATTRIBUTE_BAD_ARCH_ACTION, ACT_KILL_PROCESS),
            "set what foreign architectures get",
        )
        # For each child, the kernel tries every call on the filter. A tree makes this faster. If
        # libseccomp is too old for trees, it makes an equivalent list.
        library.seccomp_attr_set(context, ATTRIBUTE_OPTIMIZE, BINARY_TREE)
        yield context
    finally:
        library.seccomp_release(context)


def add_rule(
    library: ctypes.CDLL,
    context: int,
    architecture: int,
    action: int,
    name: str,
    conditions: Sequence[Condition] = (),
) -> None:
    """Adds a rule for a system call.

    Does nothing if the architecture or this libseccomp doesn't have the call: it is refused anyway.
    """
    if library.seccomp_syscall_resolve_name_arch(architecture, name.encode()) < 0:
        return
    # Rules take the native number; libseccomp translates it to the filter's architecture.
    number = library.seccomp_syscall_resolve_name_arch(ARCH_NATIVE, name.encode())
    comparisons = (_Comparison * len(conditions))(
        *(
            _Comparison(c.argument, NOT_EQUAL, c.equals)
            if c.differs
            else _Comparison(c.argument, MASKED_EQUAL, c.mask, c.equals)
            for c in conditions
        )
    )
    result = library.seccomp_rule_add_array(context, action, number, len(conditions), comparisons)
    check(result, f"add the rule for {name}")


def check(result: int, what: str) -> None:
    """Raises SandboxError if a function of libseccomp failed."""
    if result < 0:
        raise SandboxError(f"libseccomp could not {what}: {os.strerror(-result)}.")
