"""Examines one class: how far it comes as an engine, and which parts it has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import MissingModuleError, OvertimeError
from worker.driver.base.messages import (
    describe,
    line_of,
    position_of,
    problem,
    split_lines,
)
from worker.driver.base.protocol import MISSING_MODULE, NO_LEAF, Answer
from worker.driver.engine.constructor import PlainConstructor
from worker.driver.engine.fixed_names import fix_names
from worker.driver.engine.functional import functional_engines
from worker.driver.engine.hints import Hints
from worker.driver.engine.no_class import explain_missing_part
from worker.driver.engine.one_class import ClassSearch, find_put_off_backward
from worker.driver.file.missing_modules import missing
from worker.driver.file.work_budget import BUDGET, MOST_TICKS, Guard
from worker.driver.graph.engine import Engine, Namespace, backward_method, gradient_attribute
from worker.driver.node.numbers import number_attribute

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
        search = ClassSearch(
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
        needs_module = unmade is not None and unmade["problem"]["kind"] == MISSING_MODULE
        if fill and not needs_module and (unmade is not None or search.is_in_doubt):
            is_certain = self._improve_leaves(search, is_certain)
        is_unmade = unmade is not None and is_certain is None
        if unmade and is_unmade and (needs_module or not (fill and self._read_lists(search))):
            return Examination(Standing.NOTHING, unmade)
        standing = Standing.NOTHING if is_certain is FAILED else Standing.USUAL
        if is_certain is not True or thoroughly:
            standing = self._search_parts(search)
            if standing == Standing.USUAL and fill and self._attempt(search.add_labels) is True:
                standing = Standing.WORKS
            if standing != Standing.WORKS and self._attempt(search.read_leaf) is None:
                needed = explain_missing_part(name, self._namespace, self._hints.text)
                if needed := needed or self._find_missing_module(search):
                    return Examination(Standing.NOTHING, needed)
                has_lists = fill and self._read_lists(search)
                standing = Standing.WORKS if has_lists else Standing.NOTHING
        if is_certain is not FAILED:
            self._attempt(search.settle_backward)
        engine = self._fix_names(search.best.with_notes(*search.best.constructor.notes))
        if put_off := find_put_off_backward(engine):
            engine = engine.with_notes(PUT_OFF.format(engine.backward.shown, put_off))
        return Examination(standing, engine)

    def _renew_guard(self) -> None:
        """Allows the classes after one that was stopped some work too."""
        self._guard = next(self._guards, self._guard)

    def _improve_leaves(self, search: ClassSearch, is_certain: Any) -> Any:
        """Looks for other ways to make leaves. Returns whether the parts are certain with them."""
        with suppress(OvertimeError):  # the best way so far is kept
            attempt(Guard(*LATER).call, search.improve_leaves)
        if not search.has_improved:
            return is_certain
        return self._attempt(search.use_usual_parts)

    def _read_lists(self, search: ClassSearch) -> bool:
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
            search = ClassSearch(engine, self._hints)
            search.search_parts()
            if search.fits:
                return search.best
            first = first or (search if search.computes else None)
        if first is not None:
            first.settle_backward()
        return first.best if first is not None else None

    def _search_parts(self, search: ClassSearch) -> Standing:
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

    def _find_missing_module(self, search: ClassSearch) -> Answer | None:
        """The problem with leaves that hold an object of a missing module."""
        try:
            self._guard.call(search.read_positions)
        except MissingModuleError as error:
            return self._problem(MISSING_MODULE, describe(error), missing.line_of(error.name))
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
                return self._problem(MISSING_MODULE, describe(error), missing.line_of(error.name))
            except BaseException as error:
                raised = describe(error).removesuffix(".") + position_of(error)
                message = UNMADE.format(name, number, raised)
                return self._problem(NO_LEAF, message, line_of(error))
        return self._problem(NO_LEAF, UNSTEADY.format(name), None)

    def _problem(self, kind: str, message: str, line: int | None) -> Answer:
        return problem(kind, message, split_lines(self._hints.text), line)

    def _fix_names(self, engine: Engine) -> Engine:
        return fix_names(engine.with_notes(*self._notes), self._fixed)
