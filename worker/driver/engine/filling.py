"""Reads what a maker of leaves asks for next to the number, and yields the ways to fill it in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from types import FunctionType, MethodType
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member
from worker.driver.base.names import DATA_NAMES
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.engine.arguments import GRADIENTS, Parameters, Special, turns_gradients_on
from worker.driver.engine.companions import Companions
from worker.driver.engine.constructor import (
    ConvertingConstructor,
    FillingConstructor,
    PlainConstructor,
)
from worker.driver.graph.engine import Constructor, Namespace

SAME = object()  # in a column of candidates: the first one again
_NAMES_IT = ("label", "name", "op", "_op", "id", "symbol")


class Filling:
    """The ways to fill in what a maker of leaves asks for next to the number.

    `is_open` says that a required argument may be one of several, and only gradients show which.
    `has_flags` says that an optional one may turn gradients on that stay off without it, and
    `has_choice` that another one may be needed than those that are filled in first.
    """

    def __init__(self, maker: Any, namespace: Namespace) -> None:
        self.maker, self.namespace = maker, namespace
        self._companions = Companions(namespace, maker)
        signature = _signature(maker)
        has_parameters = signature is not None and (signature.names or signature.takes_named)
        self._signature = signature if has_parameters else None
        self._choices: dict[str, tuple[Any, ...]] = {}
        self._number_name: str | None = None
        self._others: list[str] = []
        self.is_open = self.has_flags = self.has_choice = False
        if self._signature is not None:
            self._read(self._signature)

    def _read(self, signature: Signature) -> None:
        self._parameters = Parameters(self.maker, signature, self._companions)
        number = next((name for name in DATA_NAMES if name in signature.required), None)
        if number is None and signature.names and not signature.takes_more:
            number = _find_number(signature, self._companions)
        if number is not None and number not in signature.positional[:1]:
            self._number_name = number
        names = [name for name in signature.required if name != number]
        self._choices = {name: self._parameters.candidates(name) for name in names}
        self._flags = [n for n, v in signature.defaults.items() if turns_gradients_on(n, v)]
        self._others = [n for n in signature.defaults if n != number and n not in self._flags]
        if signature.takes_named:
            self._others += self._parameters.named()
        parameters, others = self._parameters, self._others
        self.is_open = any(parameters.is_open(name) for name in self._choices)
        self.has_flags = any(
            parameters.flag(n) is not None or parameters.is_kind(n) for n in others
        )
        self.has_choice = bool(names) or any(parameters.may_be_needed(name) for name in others)

    def first(self) -> Constructor:
        """The likeliest way. Flags that turn gradients on are on."""
        if self._signature is None:
            return PlainConstructor(self.maker)
        flags = dict.fromkeys(self._flags, True)
        likeliest = {name: values[0] for name, values in self._choices.items()}
        filling = self._fill(likeliest | flags, flags)
        # A flag `grad=True` may turn out to be the gradient that a leaf begins with.
        suspects = [name for name in flags if name in GRADIENTS]
        leaf = attempt(filling.open({}), 3) if suspects else None
        begins = [name for name in suspects if attempt(getattr, leaf, name, None) is True]
        kept = {name: True for name in flags if name not in begins}
        return self._fill(likeliest | kept, kept) if begins else filling

    def vary_required(self, best: Constructor) -> Iterator[Constructor]:
        """Other values of all required arguments, then of one."""
        base = _arguments_of(best)
        flags = _flags_of(best)
        for column in list(zip_longest(*self._choices.values(), fillvalue=SAME))[1:]:
            others = {n: v for n, v in zip(self._choices, column, strict=True) if v is not SAME}
            yield self._fill(base | others, flags)
        for name, values in self._choices.items() if len(self._choices) > 1 else ():
            for value in values[1:]:
                yield self._fill(base | {name: value}, flags)

    def add_labels(self, best: Constructor) -> Constructor | None:
        """Labels, names and ids that aren't required. None if there are none."""
        choices = {name: self._parameters.optional(name) for name in self._others}
        labels = {n: v[0] for n, v in choices.items() if v and isinstance(v[0], Special)}
        return self._fill(_arguments_of(best) | labels, _flags_of(best)) if labels else None

    def add_optional(self, best: Constructor) -> Iterator[Constructor]:
        """Labels, names and ids that aren't required, all at once; then kinds, and any others."""
        if self._signature is None:
            return
        base, flags = _arguments_of(best), _flags_of(best)
        choices = {name: self._parameters.optional(name) for name in self._others}
        labels = {n: v for n, v in choices.items() if v and isinstance(v[0], Special)}
        kinds = {n: v for n, v in choices.items() if v and n not in labels}
        labelled = base | {name: values[0] for name, values in labels.items()}
        if labels:
            yield self._fill(labelled, flags)
            if any(len(values) > 1 for values in labels.values()):
                yield self._fill(base | {n: v[-1] for n, v in labels.items()}, flags)
        for name, values in kinds.items():
            for value in values:
                yield self._fill(base | {name: value}, flags)
                if labels:
                    yield self._fill(labelled | {name: value}, flags)

        for name, value in self._parameters.guesses():
            yield self._fill(base | {name: value}, flags)

    def add_flags(self, best: Constructor) -> Iterator[Constructor]:
        """Optional flags, all at once and one by one; then kinds, since one may have gradients."""
        if self._signature is None:
            return
        base, on = _arguments_of(best), _flags_of(best)
        found = {name: self._parameters.flag(name) for name in self._others}
        flags = {name: value for name, value in found.items() if value is not None}
        if flags:
            yield self._fill(base | flags, (*on, *flags))
        if len(flags) > 1:
            for name, value in flags.items():
                yield self._fill(base | {name: value}, (*on, name))
        for name in self._others:
            for value in self._parameters.optional(name):
                if not isinstance(value, Special):
                    yield self._fill(base | {name: value}, (*on, name))

    def switch(self, best: Constructor) -> Iterator[Constructor]:
        """Optional arguments of any name, one by one, then other values of required ones."""
        if self._signature is None:
            return
        base, on = _arguments_of(best), _flags_of(best)
        for name, value in self._parameters.switches().items():
            if name not in base:
                yield self._fill(base | {name: value}, (*on, name))
        yield from self.vary_required(best)

    def _fill(self, arguments: dict[str, Any], flags: Any) -> Constructor:
        if not arguments and not self._number_name:
            return PlainConstructor(self.maker)
        has, annotations = self._companions.has, self._parameters.signature.annotations
        names = {n: n if has(n) else annotations.get(n, n) for n in arguments}
        return FillingConstructor(
            maker=self.maker,
            arguments=arguments,
            number_name=self._number_name,
            companions=self._companions,
            companion_names=names,
            positional=self._parameters.signature.by_position(),
            flags=tuple(flags),
        )


def _signature(maker: Any) -> Signature | None:
    """The parameters of a maker, without the first one of a class's own functions."""
    if type(maker) is MethodType:
        return signature_of(maker.__func__)
    if not isinstance(maker, type):
        return signature_of(_unwrap(maker), bound=0)
    members = [_unwrap(find_member(maker, name)) for name in ("__init__", "__new__")]
    members += [find_member(type(maker), "__call__")] if type(maker) is not type else []
    signature = None
    for member in members:
        found = signature_of(getattr(member, "__func__", member))
        signature = signature.merge(found) if signature and found else signature or found
    return signature


def _unwrap(function: Any) -> Any:
    """The function that a decorator of functools.wraps was put around."""
    inner = function.__dict__.get("__wrapped__") if type(function) is FunctionType else None
    return inner if type(inner) is FunctionType else function


def _find_number(signature: Signature, companions: Companions) -> str:
    """The parameter that takes the number if no required one has a usual name."""
    likely = [name for name in signature.required if not companions.has(name)]
    number = (likely or signature.required or signature.names)[0]
    if number in _NAMES_IT or not isinstance(signature.defaults.get(number, 0), (int, float)):
        return next((name for name in DATA_NAMES if name in signature.names), number)
    return number


def _arguments_of(constructor: Any) -> dict[str, Any]:
    constructor = _without_conversion(constructor)
    return dict(constructor.arguments) if isinstance(constructor, FillingConstructor) else {}


def _flags_of(constructor: Any) -> tuple[str, ...]:
    constructor = _without_conversion(constructor)
    return constructor.flags if isinstance(constructor, FillingConstructor) else ()


def _without_conversion(constructor: Any) -> Any:
    return constructor.plain if isinstance(constructor, ConvertingConstructor) else constructor
