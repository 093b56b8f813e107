"""Compiles the policy to BPF with the system's libseccomp, which knows every machine's numbers."""

from __future__ import annotations

import ctypes
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
ACT_EPERM = 0x00050001
ATTRIBUTE_BAD_ARCH_ACTION = 2
ATTRIBUTE_OPTIMIZE, BINARY_TREE = 8, 2  # a dozen steps for each call instead of eighty
MASKED_EQUAL = 7
NEEDS_LINUX = "The sandbox needs Linux (x86_64 or aarch64). This is {} on {}."


class _Comparison(ctypes.Structure):
    """struct scmp_arg_cmp."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("equals", ctypes.c_uint64),
    )


@functools.cache
def compile_policy(architecture: str | None = None) -> bytes:
    """The policy as an array of `struct sock_filter` for this machine, or for the one named."""
    architecture = architecture or platform.machine()
    if platform.system() != "Linux" or architecture not in ARCHITECTURES:
        raise SandboxError(NEEDS_LINUX.format(platform.system(), platform.machine()))
    library = _library()
    with _filter(library, ARCHITECTURES[architecture]) as context:
        _add_rules(library, context, ARCHITECTURES[architecture])
        return _export(library, context)


def find_number(name: str) -> int:
    """This machine's number of a system call."""
    number: int = _library().seccomp_syscall_resolve_name_arch(ARCH_NATIVE, name.encode())
    if number < 0:
        raise SandboxError(f"libseccomp does not know the system call {name}.")
    return number


@functools.cache
def _library() -> ctypes.CDLL:
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
def _filter(library: ctypes.CDLL, architecture: int) -> Iterator[int]:
    """An empty filter for exactly one architecture: refuse by EPERM, kill every other ABI."""
    context = library.seccomp_init(ACT_EPERM)
    if not context:
        raise SandboxError("libseccomp could not make a filter: is the machine out of memory?")
    try:
        if library.seccomp_arch_exist(context, architecture) < 0:
            _check(library.seccomp_arch_add(context, architecture), "add an architecture")
            _check(library.seccomp_arch_remove(context, ARCH_NATIVE), "remove its own architecture")
        _check(
            library.seccomp_attr_set(context, ATTRIBUTE_BAD_ARCH_ACTION, ACT_KILL_PROCESS),
            "set what foreign architectures get",
        )
        # The kernel tries every call on a filter when it takes it, for each child anew. Where
        # libseccomp is too old to make trees, it makes a list that says the same.
        library.seccomp_attr_set(context, ATTRIBUTE_OPTIMIZE, BINARY_TREE)
        yield context
    finally:
        library.seccomp_release(context)


def _add_rules(library: ctypes.CDLL, context: int, architecture: int) -> None:
    for call in system_calls.ALLOWED:
        if _exists(library, architecture, call.name):
            _add_rule(library, context, ACT_ALLOW, call.name, call.conditions)
    for name in system_calls.killed_names():
        if _exists(library, architecture, name):
            _add_rule(library, context, ACT_KILL_PROCESS, name, ())


def _exists(library: ctypes.CDLL, architecture: int, name: str) -> bool:
    """Whether the architecture (and this libseccomp) has the call. If not, it is refused anyway."""
    return bool(library.seccomp_syscall_resolve_name_arch(architecture, name.encode()) >= 0)


def _add_rule(
    library: ctypes.CDLL, context: int, action: int, name: str, conditions: Sequence[Condition]
) -> None:
    # Rules are given by the native number; libseccomp translates it to the filter's architecture.
    number = library.seccomp_syscall_resolve_name_arch(ARCH_NATIVE, name.encode())
    comparisons = (_Comparison * len(conditions))(
        *(_Comparison(c.argument, MASKED_EQUAL, c.mask, c.equals) for c in conditions)
    )
    result = library.seccomp_rule_add_array(context, action, number, len(conditions), comparisons)
    _check(result, f"add the rule for {name}")


def _export(library: ctypes.CDLL, context: int) -> bytes:
    descriptor = os.memfd_create("chainrule-policy")
    try:
        _check(library.seccomp_export_bpf(context, descriptor), "compile the policy")
        return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    finally:
        os.close(descriptor)


def _check(result: int, what: str) -> None:
    if result < 0:
        raise SandboxError(f"libseccomp could not {what}: {os.strerror(-result)}.")
