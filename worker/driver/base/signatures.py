"""The parameters of a student's functions."""

from __future__ import annotations

import opcode
from types import CodeType, FunctionType
from typing import Any

# Flags of code objects: it takes *arguments, or **named; a call doesn't run its body.
_HAS_MORE, _HAS_NAMED = 0x4, 0x8
_DOES_NOTHING = frozenset({"print", "NotImplementedError", "NotImplemented"})
_LOOPS = frozenset(number for name, number in opcode.opmap.items() if "JUMP_BACKWARD" in name)
_IS_PUT_OFF = ((0x80 | 0x200, "`async`"), (0x20, "a generator, because it has `yield`"))


class Signature:
    """The parameters of a function, without the first `bound` ones, read from its code.

    `names` are those that can be given by name, `required` those without a default. `annotations`
    are texts, since they aren't evaluated.
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
        self.takes_named = bool(code.co_flags & _HAS_NAMED)
        self._by_position = self.positional[: max(0, code.co_posonlyargcount - bound)]
        annotations = function.__annotations__.items()
        self.annotations = {name: text for name, text in annotations if type(text) is str}

    def by_position(self) -> tuple[str, ...]:
        """The first parameters, if they can't be given by name."""
        return self._by_position

    def merge(self, other: Signature) -> Signature:
        """The parameters of two functions that get the same arguments: __init__ and __new__.

        If one of them takes any arguments, the other says what they are.
        """
        if self.takes_more or other.takes_more:
            for signature in (self, other):
                needed = signature.positional[: len(signature.required)]
                is_plain = list(needed) == signature.required
                signature._by_position = needed if is_plain else signature._by_position
        if not other.names or (self.takes_more and not self.names):
            return other if other.names else self
        for name in other.required:
            if name not in self.required and (name in self.names or not self.takes_more):
                self.required.append(name)
                self.defaults.pop(name, None)
        return self


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


def is_unwritten(function: Any) -> bool:
    """Whether a function's body does nothing: `pass`, a docstring, or `raise NotImplementedError`.

    A lambda is written, because nobody begins with `lambda: None`.
    """
    if type(function) in (staticmethod, classmethod):
        function = function.__func__
    if type(function) is not FunctionType:
        return False
    code = function.__code__
    parameters = code.co_argcount + code.co_kwonlyargcount
    parameters += bool(code.co_flags & _HAS_MORE) + bool(code.co_flags & _HAS_NAMED)
    if code.co_name == "<lambda>" or code.co_freevars or len(code.co_varnames) > parameters:
        return False
    if code.co_names:
        has_code = any(type(constant) is CodeType for constant in code.co_consts)
        has_loop = not _LOOPS.isdisjoint(code.co_code[::2])
        return not (has_code or has_loop) and _DOES_NOTHING.issuperset(code.co_names)
    rest = code.co_consts[1:] if type(code.co_consts[0]) is str else code.co_consts
    return code.co_code in _EMPTY_CODES and {None, ...}.issuperset(rest)


def _passes() -> None:
    pass


def _is_documented() -> None:
    """Its bytecode has None as its second constant."""


_EMPTY_CODES = (_passes.__code__.co_code, _is_documented.__code__.co_code)
