"""The search for the parts of one class, which keeps the best engine so far."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from worker.driver.base.errors import OvertimeError, RefusedError
from worker.driver.base.members import find_member
from worker.driver.base.signatures import find_put_off
from worker.driver.engine.backward_calls.absent import find_last
from worker.driver.engine.filling import Filling
from worker.driver.engine.hints import Hints
from worker.driver.engine.leaves import (
    find_labelled,
    find_lists,
    find_other_makers,
    improve,
    is_in_doubt,
)
from worker.driver.engine.search import find_constructor, find_parts
from worker.driver.engine.seeding import find_unseeded
from worker.driver.engine.trials import PRODUCT, SUM, compute
from worker.driver.engine.usual_names import find_usual
from worker.driver.graph.engine import Engine
from worker.driver.node.numbers import Node, number_in, to_number
from worker.driver.node.positions import positions

MOST_SWITCHED = 20  # ways to make leaves


class ClassSearch:
    """The best engine so far, which is kept if the student's code fails or takes too long."""

    def __init__(self, engine: Engine, hints: Hints) -> None:
        self.best, self._hints = engine, hints
        self.computes = self.fits = False  # as a finding says
        self._filling = Filling(engine.kind, engine.namespace)
        self.is_in_doubt = self.has_improved = False  # of how leaves are made

    def use_usual_names(self) -> bool | None:
        """Whether the parts with usual names are certain; None if no leaf can be made."""
        constructor = find_constructor(self._filling)
        self.best = replace(self.best, constructor=constructor)
        is_certain = self.use_usual_parts()
        self.is_in_doubt = is_certain is not None and is_in_doubt(self.best, self._filling)
        return is_certain

    def improve_leaves(self) -> None:
        """Uses the best way to make leaves."""
        is_made = self.is_in_doubt
        for find_better in (improve, find_other_makers)[: 1 if is_made else 2]:
            for engine in find_better(self.best, self._filling, self._hints):
                self.best, self.has_improved = engine, True
            if self.has_improved:
                return

    def add_labels(self) -> bool:
        """Whether the class works with labels alone."""
        found = find_labelled(self.best, self._filling, self._hints) if not self.fits else None
        self.best, self.fits = found or self.best, self.fits or found is not None
        return found is not None

    def read_lists(self) -> bool:
        """Whether the class works if lists of one number count as numbers."""
        found = find_lists(self.best, self._filling, self._hints)
        self.best, self.fits = found or self.best, found is not None
        return self.fits

    def use_usual_parts(self) -> bool | None:
        """Whether the parts with usual names are certain; None if no leaf can be made."""
        usual = find_usual(self.best, self._hints)
        if usual is None:
            return None
        self.best, is_certain = usual
        return is_certain

    def search_parts(self) -> bool:
        """Whether the parts that were found give the right numbers."""
        works = False
        for finding in find_parts(self.best, self._hints):
            self.best, works = finding.engine, finding.works
            self.computes, self.fits = finding.computes, finding.fits
        return works

    def settle_backward(self) -> None:
        """Says what backward lacks, unless it was right on one of the graphs."""
        if self.fits:
            return
        if not self.best.backward.is_usual:
            last = find_last(self._make_node(), self.best, self._hints)
            self.best = replace(self.best, backward=last, warning=last.note)
        if find_put_off_backward(self.best) is None:
            try:
                self.best = find_unseeded(self.best, self._hints, self._find_switched) or self.best
            except OvertimeError:
                self.best = replace(self.best, is_endless=True)

    def _find_switched(self) -> Iterator[Engine]:
        """The engine with arguments of any name for its leaves."""
        for constructor in islice(self._filling.switch(self.best.constructor), MOST_SWITCHED):
            usual = find_usual(replace(self.best, constructor=constructor), self._hints)
            if usual is not None:
                yield usual[0]

    def _make_node(self) -> Node:
        """The root of a graph, or a leaf if none can be computed."""
        make = self.best.constructor.open({})
        for graph in (SUM, PRODUCT):
            if (nodes := compute(graph, make, self.best)) is not None:
                return nodes.root
        return make(3)

    def read_leaf(self) -> float | None:
        """The number of a leaf."""
        leaf = self.best.constructor.open({})(3)
        return number_in(self.best.numbers.read, leaf, self.best.numbers)

    def read_positions(self) -> None:
        """Reads a leaf's number wherever it may be.

        Raises MissingModuleError if that needs a module that isn't installed.
        """
        leaf = self.best.constructor.open({})(3)
        for _, read in positions(leaf, self._hints.data_names):
            with suppress(AttributeError, RefusedError):
                to_number(read(leaf), "", self.best.numbers)


def find_put_off_backward(engine: Engine) -> str | None:
    """Why a call of backward doesn't run its body, or None if it does."""
    if engine.kind is None:
        return None
    return find_put_off(find_member(engine.kind, engine.backward.shown.removesuffix("()")))
