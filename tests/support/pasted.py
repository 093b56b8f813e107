"""Runs a shown program after a student's class, as if both were pasted into one file."""

from __future__ import annotations

import functools
import sys
import warnings
from types import CodeType, ModuleType

NAME = "pasted"


def find_error(source: str, program: str) -> Exception | None:
    """What a program raises after a class; None if nothing.

    Both run in a module that `dataclasses` can find.
    """
    module = ModuleType(NAME)
    sys.modules[NAME] = module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy warns of an overflow
            exec(_compile(source), vars(module))
            exec(compile(program, f"{NAME}.py", "exec"), vars(module))
    except Exception as error:
        return error
    finally:
        del sys.modules[NAME]
    return None


@functools.lru_cache(maxsize=8)
def _compile(source: str) -> CodeType:
    """A file's code. Many programs run after the same one."""
    return compile(source, f"{NAME}.py", "exec")
