"""Where nodes hold their numbers: an attribute, a property, a key or a method without arguments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from worker.driver.engine.hints import Hints
from worker.driver.node.numbers import Node, NumberSource
from worker.driver.node.positions import positions


def find(leaf: Node, numbers: NumberSource, hints: Hints) -> Iterator[NumberSource]:
    """Each position of a leaf that may hold its number, the usual names first.

    `numbers` says how nodes hold them, apart from the position.
    """
    for shown, read in positions(leaf, hints.data_names):
        yield replace(numbers, shown=shown, read=read)
