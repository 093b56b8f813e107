"""The parameters of a student's functions."""

from __future__ import annotations

from types import FunctionType
from typing import Any

# Flags of code objects: it takes *arguments; a call doesn't run its body.
_HAS_MORE = 0x4
_IS_PUT_OFF = ((0x80 | 0x200, "`async`"), (0x20, "a generator, because it has `yield`"))


class Signature:
    """The parameters of a function, without the first `bound` ones, read from its code.

    `names` are those that can be given by name, `required` those without a default.
    """

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
    """The signature without the first `bound` parameters, or None if it isn't a Python function."""
    if type(function) in (staticmethod, classmethod):
        bound = 0 if type(function) is staticmethod else bound
        function = function.__func__
    return Signature(function, bound) if type(function) is FunctionType else None


def find_put_off(function: Any) -> str | None:
    """Why a call of the function doesn't run its body, or None if it does."""
    flags = function.__code__.co_flags if type(function) is FunctionType else 0
    return next((reason for kinds, reason in _IS_PUT_OFF if flags & kinds), None)
