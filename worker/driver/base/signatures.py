"""What a student's function asks for."""

from __future__ import annotations

from types import FunctionType
from typing import Any

# Flags of code objects: it takes *arguments; a call runs nothing of it yet.
_HAS_MORE = 0x4
_IS_PUT_OFF = ((0x80 | 0x200, "`async`"), (0x20, "a generator, because it has `yield`"))


class Signature:
    """What a function of the student's asks for, read off its code."""

    def __init__(self, function: FunctionType, bound: int) -> None:
        code = function.__code__
        given = function.__defaults__ or ()
        self.positional = code.co_varnames[bound : code.co_argcount]
        keyword = code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]
        self.defaults = dict(zip(reversed(self.positional), reversed(given), strict=False))
        self.defaults |= function.__kwdefaults__ or {}
        self.names = (*self.positional, *keyword)
        self.required = [name for name in self.names if name not in self.defaults]
        self.takes_more = bool(code.co_flags & _HAS_MORE)


def signature_of(function: Any, bound: int = 1) -> Signature | None:
    """The signature, less the first `bound` parameters; None where it is not Python's own."""
    if type(function) in (staticmethod, classmethod):
        bound = 0 if type(function) is staticmethod else bound
        function = function.__func__
    return Signature(function, bound) if type(function) is FunctionType else None


def tell_put_off(function: Any) -> str | None:
    """What makes a function run only when its result is; None where a call runs it."""
    flags = function.__code__.co_flags if type(function) is FunctionType else 0
    return next((told for kinds, told in _IS_PUT_OFF if flags & kinds), None)
