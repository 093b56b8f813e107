"""Puts a file's sets and identities into one of two orders."""

from __future__ import annotations

import builtins
import random
import sys
from typing import Any

from worker.driver.ordering.displays import MAKE_SET
from worker.driver.ordering.ids import count_id, ids
from worker.driver.ordering.sets import OrderedFrozenSet, OrderedSet, reverse_sets

REVERSE_SEED = 1  # of `random`; the zygote seeds it with 0


def student_builtins() -> dict[str, Any]:
    """The builtins of a student's file. Ours are another copy, which it can't patch."""
    replaced: dict[str, Any] = {
        "set": OrderedSet,
        "frozenset": OrderedFrozenSet,
        MAKE_SET: OrderedSet,
    }
    if ids.are_counted:
        replaced["id"] = count_id
    return vars(builtins) | replaced


def arrange(source: str, reverse: bool) -> None:
    """Sets the order of sets and identities in this process, also in modules that engines use."""
    reverse_sets(reverse)
    ids.arrange(source, reverse)
    sys.modules["_weakrefset"].set = OrderedSet  # type: ignore[attr-defined]
    if ids.are_counted:  # a file's __deepcopy__ uses it too
        sys.modules["copy"].id = count_id  # type: ignore[attr-defined]
    if reverse:
        random.seed(REVERSE_SEED)
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed(REVERSE_SEED)
