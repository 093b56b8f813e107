"""Runs a program where system calls fail or lie, as on a kernel or in a container that lacks them.

`python -m tests.worker.sandbox.crippled CALL ERRNO [ARGUMENT=VALUE] [+ CALL …] -- MODULE`, or
ARGUMENT>VALUE: the outer filter is inherited by everything that the program starts. With errno 0 a
call reports success, and that is all that it does.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import sys
from itertools import groupby

from worker.sandbox.policy.libseccomp import ACT_ALLOW, MASKED_EQUAL, _Comparison, load_library

GREATER = 6
WHOLE_WORD = 2**32 - 1
ATTRIBUTE_NO_NEW_PRIVS = 3  # whether to set them for the filter, which would be the layer itself


def cripple(call: str, number: str, *conditions: str) -> None:
    """Makes the call fail with this errno, in this process and all that it starts."""
    library = load_library()
    library.seccomp_load.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(ACT_ALLOW)
    comparisons = list(map(_spell_condition, conditions))
    rule = (_Comparison * len(comparisons))(*comparisons)
    native = library.seccomp_syscall_resolve_name_arch(0, call.encode())
    if os.geteuid() == 0:  # others cannot have a filter otherwise
        library.seccomp_attr_set(context, ATTRIBUTE_NO_NEW_PRIVS, 0)
    failing = 0x00050000 | int(number)
    added = library.seccomp_rule_add_array(context, failing, native, len(comparisons), rule)
    if added or library.seccomp_load(context):
        raise SystemExit(f"{call} cannot be made to fail")


def _spell_condition(text: str) -> _Comparison:
    if ">" in text:
        argument, least = map(int, text.split(">"))
        return _Comparison(argument, GREATER, least, 0)
    argument, value = map(int, text.split("="))
    return _Comparison(argument, MASKED_EQUAL, WHOLE_WORD, value)


if __name__ == "__main__":
    words, module = sys.argv[1 : sys.argv.index("--")], sys.argv[-1]
    for is_plus, result in groupby(words, "+".__eq__):
        if not is_plus:
            cripple(*result)
    runpy.run_module(module, run_name="__main__")
