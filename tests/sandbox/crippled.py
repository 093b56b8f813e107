"""Runs a program where one system call fails, as on a kernel or in a container that lacks it.

`python -m tests.sandbox.crippled CALL ERRNO [ARGUMENT=VALUE] -- MODULE`: the outer filter is
inherited by everything that the program starts.
"""

from __future__ import annotations

import ctypes
import runpy
import sys

from worker.sandbox.libseccomp import ACT_ALLOW, MASKED_EQUAL, _Comparison, _library

WHOLE_WORD = 2**32 - 1


def cripple(call: str, number: int, condition: str | None) -> None:
    """Makes the call fail with this errno, in this process and all that it starts."""
    library = _library()
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(ACT_ALLOW)
    comparisons = []
    if condition:
        argument, value = map(int, condition.split("="))
        comparisons = [_Comparison(argument, MASKED_EQUAL, WHOLE_WORD, value)]
    rule = (_Comparison * len(comparisons))(*comparisons)
    native = library.seccomp_syscall_resolve_name_arch(0, call.encode())
    failing = 0x00050000 | number
    added = library.seccomp_rule_add_array(context, failing, native, len(comparisons), rule)
    if added or library.seccomp_load(context):
        raise SystemExit(f"{call} cannot be made to fail")


if __name__ == "__main__":
    before, module = sys.argv[1 : sys.argv.index("--")], sys.argv[-1]
    cripple(before[0], int(before[1]), before[2] if len(before) > 2 else None)
    runpy.run_module(module, run_name="__main__")
