"""Puts a file's sets and identities into one of two orders."""

from __future__ import annotations

import builtins
import sys
from contextlib import suppress
from typing import Any

from worker.driver.base.messages import MODULE
from worker.driver.ordering.dependence import dependence
from worker.driver.ordering.displays import FROM_VIEW, HASH, MAKE_SET
from worker.driver.ordering.ids import count_hash, count_id, ids, show_counted
from worker.driver.ordering.sets import OrderedFrozenSet, OrderedSet, from_view, reverse_sets


def student_builtins() -> dict[str, Any]:
    """The builtins of a student's file. Ours are another copy, which it can't patch."""
    replaced: dict[str, Any] = {
        "set": OrderedSet,
        "frozenset": OrderedFrozenSet,
        MAKE_SET: OrderedSet,
        FROM_VIEW: from_view,
        HASH: count_hash,
    }
    if ids.are_counted:
        replaced |= {"id": count_id, "hash": count_hash}
    return vars(builtins) | replaced


def number_representations(namespace: dict[str, Any]) -> None:
    """Has the classes of a file show a number where Python's `object` shows an address."""
    for kind in namespace.values():
        if not issubclass(type(kind), type):
            continue
        with suppress(BaseException):  # a class whose metaclass raises stays as it is
            module = type.__getattribute__(kind, "__module__")
            is_own = type(module) is str and module == MODULE
            if is_own and type.__getattribute__(kind, "__repr__") is object.__repr__:
                type.__setattr__(kind, "__repr__", show_counted)


def arrange(source: str, reverse: bool) -> None:
    """Sets the order of sets and identities in this process, also in modules that engines use."""
    dependence.clear()
    reverse_sets(reverse)
    ids.arrange(source, reverse)
    sys.modules["_weakrefset"].set = OrderedSet  # type: ignore[attr-defined]
    if ids.are_counted:  # a file's __deepcopy__ uses it too
        sys.modules["copy"].id = count_id  # type: ignore[attr-defined]
