"""Leaves made with a student's constructor, whatever it asks for beside the number."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import count
from operator import add, mul
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.members import find_member
from worker.driver.base.names import BACKWARD_NAMES, DATA_NAMES
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.engine.backward_calls import asks_for_nothing
from worker.driver.engine.companions import Companions
from worker.driver.engine.interface import Namespace, Node

Make = Callable[[Any], Node]

_KEEPS_GRADIENTS = frozenset({"requires_grad", "require_grad", "needs_grad", "trainable"})
# Parts of the names of other flags without which a leaf may get no gradient, if they are off.
_MAY_KEEP = ("grad", "train", "param", "learn", "diff", "track", "variable")
_MAY_TURN_OFF = (
    *("stop", "detach", "freez", "froz", "skip", "ignor", "clip", "zero", "block", "drop", "hid"),
    *("disabl", "without", "prevent", "_off"),
)
_TURNS_OFF = ("no", "un")  # what comes first, since it may be within any word
_GRADIENTS = frozenset({"grad", "gradient"})
_NAMES_IT = ("label", "name", "op", "_op", "id", "symbol")
_HAS_CHILDREN = ("child", "prev", "parent", "input", "operand", "args", "source", "depend")
_numpy = sys.modules.get("numpy")
_array: Callable[[Any], Any] | None = getattr(_numpy, "array", None)


def find_maker(kind: Any, companions: Companions, namespace: Namespace | None = None) -> Make:
    """What makes a leaf from a number. The class itself, where nothing else does either.

    In a file that uses numpy, leaves may hold a plain number and come to nothing as soon as
    something is done with them: then an array is what they are to hold.

    Raises MissingModuleError where a module that is not here would be needed.
    """
    uses_numpy = _numpy is not None and any(t is _numpy for t in (namespace or {}).values())
    first = None
    for make in _makers(kind, companions):
        if all(attempt(make, number) is not FAILED for number in (3, 0.5)):
            if not uses_numpy or _comes_off(make):
                return make
            first = first or make
    return first or kind


def _comes_off(make: Make) -> bool:
    """Whether backward runs from a sum and a product of such leaves, if it asks for nothing."""
    for operation in (add, mul):
        node = attempt(operation, make(3), make(5))
        if node is FAILED:
            return False
        for name in BACKWARD_NAMES:
            if asks_for_nothing(type(node), name) and attempt(getattr(node, name)) is FAILED:
                return False
    return True


def asks_for_more(kind: Any) -> bool:
    """Whether a leaf needs more than its number."""
    signature = _constructor(kind)
    return signature is not None and len(signature.required) > 1


def _constructor(kind: Any) -> Signature | None:
    if isinstance(kind, type):
        return signature_of(find_member(kind, "__init__") or find_member(kind, "__new__"))
    return signature_of(kind, bound=0)


def _makers(kind: Any, companions: Companions) -> Iterator[Make]:
    fill, first = _arguments(kind, companions)
    make = _fill(kind, fill, first, companions) if fill or first else kind
    begins = [name for name in fill if name in _GRADIENTS and _holds_true(make, name)]
    if begins:  # it is no flag: it is the gradient that a leaf begins with
        fill = {name: argument for name, argument in fill.items() if name not in begins}
        make = _fill(kind, fill, first, companions)
    yield make
    yield lambda number: make(float(number))
    if _array is not None:
        to_array = _array
        yield lambda number: make(to_array(float(number)))
        yield lambda number: make(to_array([float(number)]))


def _holds_true(make: Make, name: str) -> bool:
    return attempt(getattr, attempt(make, 3), name, None) is True


def _arguments(kind: Any, companions: Companions) -> tuple[dict[str, Any], str | None]:
    """The arguments to fill in by name, and the name of the number where it needs one."""
    signature = _constructor(kind)
    if signature is None or not signature.names:
        return {}, None
    number = next((name for name in DATA_NAMES if name in signature.required), None)
    if number is None and not signature.takes_more:
        number = _find_number(signature, companions)
    by_name = number is not None and number not in signature.positional[:1]
    fill = {name: _argument(name) for name in signature.required if name != number}
    fill |= {name: True for name, held in signature.defaults.items() if _is_flag(name, held)}
    return fill, number if by_name else None


def _find_number(signature: Signature, companions: Companions) -> str:
    """The parameter that takes the number, where none that must be given is called so."""
    likely = [name for name in signature.required if not companions.has(name)]
    number = (likely or signature.required or signature.names)[0]
    if number in _NAMES_IT or not isinstance(signature.defaults.get(number, 0), (int, float)):
        return next((name for name in DATA_NAMES if name in signature.names), number)
    return number


def _is_flag(name: str, default: Any) -> bool:
    """Whether it asks for gradients, and is off where nothing is said."""
    if name in _KEEPS_GRADIENTS:
        return not default
    lower = name.lower().strip("_")
    turns_off = lower.startswith(_TURNS_OFF) or any(part in lower for part in _MAY_TURN_OFF)
    return default is False and not turns_off and any(part in lower for part in _MAY_KEEP)


def _argument(name: str) -> Any:
    """What to pass for a parameter of that name."""
    if name in _KEEPS_GRADIENTS:
        return True
    if name.strip("_") in _GRADIENTS:
        return 0.0
    if name in _NAMES_IT:
        return ""
    return () if any(part in name for part in _HAS_CHILDREN) else None


def _fill(kind: Any, fill: dict[str, Any], number_name: str | None, companions: Companions) -> Make:
    beside = [name for name, argument in fill.items() if argument is None and companions.has(name)]
    labels = [name for name in ("label", "name") if name in fill]
    numbers = count(1)

    def make(number: Any) -> Node:
        for name in labels:
            fill[name] = f"n{next(numbers)}"
        for companion in beside:
            fill[companion] = companions.get(companion)
        if number_name is None:
            return kind(number, **fill)
        return kind(**{number_name: number}, **fill)

    return make
