"""Examines one class: how far it comes as an engine, and which parts it has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import MissingModuleError, OvertimeError, RefusedError
from worker.driver.base.members import find_member
from worker.driver.base.messages import (
    describe,
    line_of,
    position_of,
    problem,
    split_lines,
)
from worker.driver.base.protocol import LOAD_ERROR, NO_LEAF, Answer
from worker.driver.base.signatures import find_put_off
from worker.driver.engine.backward_calls.absent import find_last
from worker.driver.engine.constructor import PlainConstructor
from worker.driver.engine.filling import Filling
from worker.driver.engine.fixed_names import fix_names
from worker.driver.engine.functional import functional_engines
from worker.driver.engine.hints import Hints
from worker.driver.engine.leaves import find_lists, find_other_makers, improve, is_in_doubt
from worker.driver.engine.no_class import explain_missing_part
from worker.driver.engine.search import find_constructor, find_parts
from worker.driver.engine.seeding import find_unseeded
from worker.driver.engine.trials import PRODUCT, SUM, compute
from worker.driver.engine.usual_names import find_usual
from worker.driver.file.missing_modules import missing
from worker.driver.file.work_budget import BUDGET, MOST_TICKS, Guard
from worker.driver.graph.engine import Engine, Namespace, backward_method, gradient_attribute
from worker.driver.node.numbers import Node, number_attribute, number_in, to_number
from worker.driver.node.positions import positions

UNMADE = (
    "We couldn't make a leaf: {0}({1}) raised {2}. Every test begins with leaves such as {0}(3.0), "
    "so make that call work."
)
UNSTEADY = "We couldn't make a leaf: {0}(3.0) and {0}(0.5) raise errors, but not always."
ENDLESS = "{} was tried and never returned. Is there an infinite loop?"
GIVEN_UP = "The search for backward took too long and was stopped{}."
MOST_STOPPED = 4  # classes that are stopped, after which others get a smaller budget
LATER = (BUDGET // 4, MOST_TICKS // 3)
TRIED = (3.0, 0.5)  # the numbers of leaves that must work
PUT_OFF = "Calling {} doesn't run it: it is {}."


class Standing(IntEnum):
    """How far a class comes."""

    NOTHING = 0  # no leaf can be made, or it has no number
    USUAL = 1  # it has parts with usual names
    WORKS = 2  # it gives the right numbers


@dataclass(frozen=True, slots=True)
class Examination:
    """How far a class comes, and its engine as far as it was found, or the problem with it."""

    standing: Standing
    result: Engine | Answer


class Examiner:
    """Examines the classes of one file within one budget of work."""

    def __init__(
        self, namespace: Namespace, hints: Hints, fixed: dict[str, str], notes: tuple[str, ...]
    ) -> None:
        self._namespace, self._hints, self._fixed, self._notes = namespace, hints, fixed, notes
        self._guard, self._guards = Guard(), iter([Guard(*LATER) for _ in range(MOST_STOPPED)])

    def examine(
        self, name: str, kind: type, thoroughly: bool = False, fill: bool = True
    ) -> Examination:
        """Uses the usual names. Searches for parts that work if they aren't certain or if asked.

        `fill` says that optional arguments may be filled in too, and other required ones tried.
        """
        search = _Search(
            Engine(
                namespace=self._namespace,
                kind=kind,
                class_name=name,
                constructor=PlainConstructor(kind),
                numbers=number_attribute("data", kind),
                backward=backward_method("backward"),
                gradients=gradient_attribute("grad"),
            ),
            self._hints,
        )
        try:
            is_certain = attempt(self._guard.call, search.use_usual_names)
        except OvertimeError as error:
            self._renew_guard()
            endless = self._problem(NO_LEAF, ENDLESS.format(name), line_of(error))
            return Examination(Standing.NOTHING, endless)
        unmade = self._explain_unmade(search.best) if is_certain is None else None
        needs_module = unmade is not None and unmade["problem"]["kind"] == LOAD_ERROR
        if fill and not needs_module and (unmade is not None or search.is_in_doubt):
            is_certain = self._improve_leaves(search, is_certain)
        is_unmade = unmade is not None and is_certain is None
        if unmade and is_unmade and (needs_module or not self._read_lists(search)):
            return Examination(Standing.NOTHING, unmade)
        standing = Standing.NOTHING if is_certain is FAILED else Standing.USUAL
        if is_certain is not True or thoroughly:
            standing = self._search_parts(search)
            if standing != Standing.WORKS and self._attempt(search.read_leaf) is None:
                needed = explain_missing_part(name, self._namespace, self._hints.text)
                if needed := needed or self._find_missing_module(search):
                    return Examination(Standing.NOTHING, needed)
                has_lists = self._read_lists(search)
                standing = Standing.WORKS if has_lists else Standing.NOTHING
        if is_certain is not FAILED:
            self._attempt(search.settle_backward)
        engine = self._fix_names(search.best.with_notes(*search.best.constructor.notes))
        if put_off := _find_put_off(engine):
            engine = engine.with_notes(PUT_OFF.format(engine.backward.shown, put_off))
        return Examination(standing, engine)

    def _renew_guard(self) -> None:
        """Allows the classes after one that was stopped some work too."""
        self._guard = next(self._guards, self._guard)

    def _improve_leaves(self, search: _Search, is_certain: Any) -> Any:
        """Looks for other ways to make leaves. Returns whether the parts are certain with them."""
        with suppress(OvertimeError):  # the best way so far is kept
            attempt(Guard(*LATER).call, search.improve_leaves)
        if not search.has_improved:
            return is_certain
        return self._attempt(search.use_usual_parts)

    def _read_lists(self, search: _Search) -> bool:
        """Whether the class works if lists of one number count as numbers."""
        with suppress(OvertimeError):
            return attempt(Guard(*LATER).call, search.read_lists) is True
        return False

    def find_functional(self) -> Engine | None:
        """An engine made of functions alone, or of a class without operators."""
        engine: Engine | None = self._attempt(self._search_functional)
        return engine

    def _search_functional(self) -> Engine | None:
        first = None
        for engine in functional_engines(self._namespace):
            search = _Search(engine, self._hints)
            search.search_parts()
            if search.fits:
                return search.best
            first = first or (search if search.computes else None)
        if first is not None:
            first.settle_backward()
        return first.best if first is not None else None

    def _search_parts(self, search: _Search) -> Standing:
        try:
            works = attempt(self._guard.call, search.search_parts)
        except OvertimeError as error:
            self._renew_guard()
            search.best = search.best.with_notes(GIVEN_UP.format(position_of(error)))
            return Standing.NOTHING
        if works is FAILED:
            return Standing.NOTHING
        return Standing.WORKS if works else Standing.USUAL

    def _attempt(self, function: Callable[[], Any]) -> Any:
        """The result, or None if the student's code fails or takes too long."""
        try:
            result = attempt(self._guard.call, function)
        except OvertimeError:
            self._renew_guard()
            return None
        return None if result is FAILED else result

    def _find_missing_module(self, search: _Search) -> Answer | None:
        """The problem with leaves that hold an object of a missing module."""
        try:
            self._guard.call(search.read_positions)
        except MissingModuleError as error:
            return self._problem(LOAD_ERROR, describe(error), missing.line_of(error.name))
        except BaseException:
            return None
        return None

    def _explain_unmade(self, engine: Engine) -> Answer:
        """Why no leaf can be made."""
        name = engine.class_name or ""
        if needed := explain_missing_part(name, self._namespace, self._hints.text):
            return needed
        make = PlainConstructor(engine.kind).open({})
        for number in TRIED:
            try:
                self._guard.call(make, number)
            except MissingModuleError as error:
                return self._problem(LOAD_ERROR, describe(error), missing.line_of(error.name))
            except BaseException as error:
                raised = describe(error).removesuffix(".") + position_of(error)
                message = UNMADE.format(name, number, raised)
                return self._problem(NO_LEAF, message, line_of(error))
        return self._problem(NO_LEAF, UNSTEADY.format(name), None)

    def _problem(self, kind: str, message: str, line: int | None) -> Answer:
        return problem(kind, message, split_lines(self._hints.text), line)

    def _fix_names(self, engine: Engine) -> Engine:
        return fix_names(engine.with_notes(*self._notes), self._fixed)


class _Search:
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

    def read_lists(self) -> bool:
        """Whether the class works if lists of one number count as numbers."""
        found = find_lists(self.best, self._filling, self._hints)
        self.best = found or self.best
        return found is not None

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
        if _find_put_off(self.best) is None:
            self.best = find_unseeded(self.best, self._hints) or self.best

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


def _find_put_off(engine: Engine) -> str | None:
    """Why a call of backward doesn't run its body, or None if it does."""
    if engine.kind is None:
        return None
    return find_put_off(find_member(engine.kind, engine.backward.shown.removesuffix("()")))
