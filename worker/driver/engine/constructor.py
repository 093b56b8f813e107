"""Makes leaves with a student's constructor and fills in the other arguments that it needs.

Examples: Value(3), Value(3.0), Value(label="x1", data=3), Var(tape, 3), Tensor(numpy.array(3.0)).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from worker.driver.engine.arguments import (
    FRESH,
    Special,
    show,
)
from worker.driver.engine.companions import Companions
from worker.driver.graph.engine import Constructor, Make, Namespace
from worker.driver.node.numbers import Node
from worker.driver.ordering.sets import OrderedSet

ASKED = "Leaves are made with {}, because the class asks for {}."
FLAGS = "Leaves are made with {}, so that they get gradients."
AS_LIST = "Leaves are made from lists of one number: {}."
_EMPTY: dict[type, str] = {list: "[]", OrderedSet: "set()", dict: "dict()"}
_numpy = sys.modules.get("numpy")
_array: Callable[[Any], Any] | None = getattr(_numpy, "array", None)


@dataclass(frozen=True, slots=True)
class PlainConstructor:
    """Calls the maker with a number alone."""

    maker: Any

    def open(self, _: dict[str, Any]) -> Make:
        make: Make = self.maker
        return make

    @property
    def notes(self) -> tuple[str, ...]:
        return ()

    @property
    def written(self) -> str | None:
        return "{}"


@dataclass(frozen=True, slots=True)
class ConvertingConstructor:
    """Gives the number in another form, such as a float. `note` is a sentence for the report."""

    plain: Constructor
    convert: Callable[[Any], Any]
    note: str = ""

    def open(self, companions: dict[str, Any]) -> Make:
        make, convert = self.plain.open(companions), self.convert
        return lambda number: make(convert(number))

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.plain.notes, self.note) if self.note else self.plain.notes

    @property
    def written(self) -> str | None:
        """None for arrays and lists, since the class can't use a plain number then."""
        plain = self.plain.written if self.convert is float else None
        return plain and plain.replace("{}", "float({})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingConstructor:
    """Fills in other arguments by name, and passes the number by name if it can't come first.

    Labels differ in all graphs, since a file may keep gradients by label. `flags` are those of the
    arguments that only turn gradients on.
    """

    maker: Any
    arguments: dict[str, Any]
    number_name: str | None
    companions: Companions
    companion_names: dict[str, str]  # how each parameter's companion is looked for
    positional: tuple[str, ...] = ()  # the first parameters, if they can't be given by name
    flags: tuple[str, ...] = ()
    leaf_numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def open(self, made: dict[str, Any]) -> Make:
        arguments = dict(self.arguments)
        special = [(n, v) for n, v in arguments.items() if isinstance(v, Special) or v in FRESH]

        def make(number: Any) -> Node:
            leaf_number = next(self.leaf_numbers) if special else 0
            for name, value in special:
                arguments[name] = self._get(name, value, leaf_number, made)
            if self.positional:
                return self._call_by_position(number, arguments)
            if self.number_name is None:
                return self.maker(number, **arguments)
            return self.maker(**{self.number_name: number}, **arguments)

        return make

    def _call_by_position(self, number: Any, arguments: dict[str, Any]) -> Node:
        first = [arguments.get(name, number) for name in self.positional]
        named = {n: value for n, value in arguments.items() if n not in self.positional}
        if self.number_name is not None and self.number_name not in self.positional:
            named[self.number_name] = number
        return self.maker(*first, **named)

    def _get(self, name: str, value: Any, leaf_number: int, made: dict[str, Any]) -> Any:
        if value is Special.LABEL:
            return f"x{leaf_number}"
        if value is Special.NUMBER:
            return leaf_number
        if value is Special.COMPANION:
            return self.companions.get(self.companion_names[name], made)
        return value()

    def _show(self, name: str, value: Any) -> str:
        if value is Special.COMPANION:
            return f"{name}={self.companions.show(self.companion_names[name])}"
        return show(name, value)

    def _write(self, name: str, value: Any) -> str | None:
        if value is Special.COMPANION:
            return self.companions.write(self.companion_names[name])
        return _write(value)

    @property
    def notes(self) -> tuple[str, ...]:
        asked = [self._show(n, value) for n, value in self.arguments.items() if n not in self.flags]
        flags = [show(n, self.arguments[n]) for n in self.flags if n in self.arguments]
        notes = [ASKED.format(_listed(asked), "it" if len(asked) == 1 else "them")] if asked else []
        return (*notes, *([FLAGS.format(_listed(flags))] if flags else []))

    @property
    def written(self) -> str | None:
        """The arguments of the call, in its order; None if a program can't write one of them."""
        order = list(self.positional)
        order += [name for name in self.arguments if name not in order]
        texts = {name: self._write(name, value) for name, value in self.arguments.items()}
        number = self.number_name
        if number is not None and number not in order:
            order.append(number)
        written = [] if number is not None or self.positional else ["{}"]
        for name in order:
            text = texts.get(name, "{}")
            if text is None:
                return None
            written.append(text if name in self.positional else f"{name}={text}")
        return ", ".join(written)


def _write(value: Any) -> str | None:
    """A plain literal as Python has it; None for anything else."""
    if value is Special.LABEL:
        return repr(value.value)
    if type(value) is str:
        return repr(value) if not value or value.isidentifier() else None
    if value is None or type(value) is bool or (type(value) is tuple and not value):
        return repr(value)
    if type(value) in (int, float):
        return text if (text := repr(value)) in ("0", "1", "0.0", "1.0") else None
    return _EMPTY.get(value) if isinstance(value, type) else None


def find_plain(constructor: Constructor) -> Iterator[Constructor]:
    """Makes a leaf from a number as it is: Value(3)."""
    yield constructor


def find_as_float(constructor: Constructor) -> Iterator[Constructor]:
    """Makes a leaf from a float: Value(3.0)."""
    yield ConvertingConstructor(constructor, float)


def find_as_array(constructor: Constructor) -> Iterator[Constructor]:
    """Makes a leaf from a numpy array without dimensions, or from one of one number."""
    if _array is not None:
        to_array = _array
        yield ConvertingConstructor(constructor, lambda number: to_array(float(number)))
        yield ConvertingConstructor(constructor, lambda number: to_array([float(number)]))


def find_as_list(constructor: Constructor) -> Iterator[Constructor]:
    """Makes a leaf from a list of one number, or from a list of such lists."""
    for shown, convert in (("[3.0]", _as_row), ("[[3.0]]", _as_matrix)):
        yield ConvertingConstructor(constructor, convert, AS_LIST.format(shown))


def _as_row(number: Any) -> list[Any]:
    return [float(number)]


def _as_matrix(number: Any) -> list[Any]:
    return [[float(number)]]


def uses_numpy(namespace: Namespace) -> bool:
    """Whether the file imports numpy. Its leaves may hold a plain number and then not work."""
    return _numpy is not None and any(value is _numpy for value in namespace.values())


def _listed(texts: list[str]) -> str:
    """Several texts in a sentence: a, b and c."""
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last
