"""Makes leaves with a student's constructor and fills in the other arguments that it needs.

Examples: Value(3), Value(3.0), Value(label="n1", data=3), Var(tape, 3), Tensor(numpy.array(3.0)).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member
from worker.driver.base.names import DATA_NAMES
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.engine.companions import Companions
from worker.driver.graph.engine import Constructor, Make, Namespace
from worker.driver.node.numbers import Node

_KEEPS_GRADIENTS = frozenset({"requires_grad", "require_grad", "needs_grad", "trainable"})
# Parts of the names of other flags. While such a flag is off, a leaf may get no gradient.
_MAY_KEEP = ("grad", "train", "param", "learn", "diff", "track", "variable")
_MAY_TURN_OFF = (
    *("stop", "detach", "freez", "froz", "skip", "ignor", "clip", "zero", "block", "drop", "hid"),
    *("disabl", "without", "prevent", "_off"),
)
_TURNS_OFF = ("no", "un")  # only at the beginning, since they may be part of any word
_GRADIENTS = frozenset({"grad", "gradient"})
_LABELS = ("label", "name")
_NAMES_IT = (*_LABELS, "op", "_op", "id", "symbol")
_HAS_CHILDREN = ("child", "prev", "parent", "input", "operand", "args", "source", "depend")
_numpy = sys.modules.get("numpy")
_array: Callable[[Any], Any] | None = getattr(_numpy, "array", None)


@dataclass(frozen=True, slots=True)
class PlainConstructor:
    """Calls the maker with a number alone."""

    maker: Any

    def open(self, _: dict[str, Any]) -> Make:
        make: Make = self.maker
        return make


@dataclass(frozen=True, slots=True)
class ConvertingConstructor:
    """Gives the number in another form, such as a float."""

    plain: Constructor
    convert: Callable[[Any], Any]

    def open(self, companions: dict[str, Any]) -> Make:
        make, convert = self.plain.open(companions), self.convert
        return lambda number: make(convert(number))


@dataclass(frozen=True, slots=True)
class FillingConstructor:
    """Fills in other arguments by name, and passes the number by name if it can't come first.

    Labels differ in all graphs, since a file may keep gradients by label.
    """

    maker: Any
    arguments: dict[str, Any]
    number_name: str | None
    companions: Companions
    from_file: tuple[str, ...]  # the parameters that get a companion
    label_numbers: Iterator[int]

    def open(self, made: dict[str, Any]) -> Make:
        arguments = dict(self.arguments)
        labels = [name for name in _LABELS if name in arguments]

        def make(number: Any) -> Node:
            for name in labels:
                arguments[name] = f"n{next(self.label_numbers)}"
            for name in self.from_file:
                arguments[name] = self.companions.get(name, made)
            if self.number_name is None:
                return self.maker(number, **arguments)
            return self.maker(**{self.number_name: number}, **arguments)

        return make


def fill_arguments(maker: Any, namespace: Namespace) -> Constructor:
    """The constructor that gives the maker a number, with the other arguments that it needs."""
    companions = Companions(namespace, maker)
    arguments, number_name = _arguments(maker, companions)
    if not arguments and not number_name:
        return PlainConstructor(maker)
    from_file = tuple(n for n, value in arguments.items() if value is None and companions.has(n))
    filling = FillingConstructor(maker, arguments, number_name, companions, from_file, count(1))
    # A flag `grad=True` may turn out to be the gradient that a leaf begins with.
    flags = [name for name in arguments if name in _GRADIENTS]
    leaf = attempt(filling.open({}), 3) if flags else None
    begins = [name for name in flags if attempt(getattr, leaf, name, None) is True]
    if begins:
        rest = {name: value for name, value in arguments.items() if name not in begins}
        filling = replace(filling, arguments=rest)
    return filling


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


def uses_numpy(namespace: Namespace) -> bool:
    """Whether the file imports numpy. Its leaves may hold a plain number and then not work."""
    return _numpy is not None and any(value is _numpy for value in namespace.values())


def _signature(maker: Any) -> Signature | None:
    if isinstance(maker, type):
        return signature_of(find_member(maker, "__init__") or find_member(maker, "__new__"))
    return signature_of(maker, bound=0)


def _arguments(maker: Any, companions: Companions) -> tuple[dict[str, Any], str | None]:
    """The arguments to fill in by name, and the number's own name if it can't come first."""
    signature = _signature(maker)
    if signature is None or not signature.names:
        return {}, None
    number = next((name for name in DATA_NAMES if name in signature.required), None)
    if number is None and not signature.takes_more:
        number = _find_number(signature, companions)
    by_name = number is not None and number not in signature.positional[:1]
    fill = {name: _argument(name) for name in signature.required if name != number}
    fill |= {name: True for name, value in signature.defaults.items() if _is_flag(name, value)}
    return fill, number if by_name else None


def _find_number(signature: Signature, companions: Companions) -> str:
    """The parameter that takes the number if no required one has a usual name."""
    likely = [name for name in signature.required if not companions.has(name)]
    number = (likely or signature.required or signature.names)[0]
    if number in _NAMES_IT or not isinstance(signature.defaults.get(number, 0), (int, float)):
        return next((name for name in DATA_NAMES if name in signature.names), number)
    return number


def _is_flag(name: str, default: Any) -> bool:
    """Whether the parameter turns gradients on and is off by default."""
    if name in _KEEPS_GRADIENTS:
        return not default
    lower = name.lower().strip("_")
    turns_off = lower.startswith(_TURNS_OFF) or any(part in lower for part in _MAY_TURN_OFF)
    return default is False and not turns_off and any(part in lower for part in _MAY_KEEP)


def _argument(name: str) -> Any:
    """The argument for a parameter of that name."""
    if name in _KEEPS_GRADIENTS:
        return True
    if name.strip("_") in _GRADIENTS:
        return 0.0
    if name in _NAMES_IT:
        return ""
    return () if any(part in name for part in _HAS_CHILDREN) else None
