"""Which class of a file is the engine; or that there is none, or more than one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import OvertimeError
from worker.driver.base.members import bases_of, find_member, is_own_class, members_of
from worker.driver.base.messages import describe, line_of, place, problem, split_lines
from worker.driver.base.names import CALLER, CLASS_NAMES
from worker.driver.base.protocol import AMBIGUOUS_CLASS, LOAD_ERROR, NO_CLASS, Answer
from worker.driver.base.signatures import tell_put_off
from worker.driver.engine.constructor import PlainConstructor, asks_for_more
from worker.driver.engine.fixed_names import fix_names
from worker.driver.engine.functional import functional_engines
from worker.driver.engine.hints import find_hints
from worker.driver.engine.no_class import tell_needed, tell_no_class
from worker.driver.engine.search import find_constructor, find_parts
from worker.driver.engine.usual_names import find_usual
from worker.driver.file.time_budget import Guard
from worker.driver.graph.engine import (
    Engine,
    Namespace,
    backward_method,
    gradient_attribute,
)
from worker.driver.node.numbers import number_attribute, number_in

AMBIGUOUS = (
    "More than one class could be the Value. Name the one that is meant Value, or say "
    "`# chainrule: class=NAME` in the file. Found:"
)
UNMADE = "No {0} can be made: {0}(3) raises {1}"
ENDLESS = "{} was tried, and did not come back: does a loop never end?"
UNKNOWN = "The file's comment names {}, which is nowhere in the file."
GIVEN_UP = "The search for what runs backward was given up: it took too long{}."
# How far an engine came: its leaves cannot be made, its parts are there, they give right numbers.
NOTHING, USUAL, WORKS = 0, 1, 2


def find(
    namespace: Namespace, text: str, fixed: dict[str, str], said: dict[str, str]
) -> Engine | Answer:
    """The interface of the engine in a file, or the problem with it.

    `fixed` are the names that an assignment fixes, `said` those that the file's comment says.
    Raises MissingModuleError where the engine needs a module that is not here.
    """
    return _Candidates(namespace, text, fixed, said).find()


class _Candidates:
    """The classes of a file that could be the engine."""

    def __init__(
        self, namespace: Namespace, text: str, fixed: dict[str, str], said: dict[str, str]
    ) -> None:
        self._namespace, self._text, self._fixed = namespace, text, fixed
        self._guard = Guard()
        self._classes = {n: c for n, c in list(namespace.items()) if is_own_class(c)}
        self._unknown = [name for name in said.values() if _count(name, text) < 2]
        self._names = {part: name for part, name in said.items() if name not in self._unknown}
        self._names |= {p: n for p, n in fixed.items() if p == "class" or _count(n, text)}
        self._hints = find_hints(text, self._names)

    def find(self) -> Engine | Answer:
        if "class" in self._names:
            return self._find_named(self._names["class"])
        candidates = self._find_different()
        if not candidates:
            self._classes |= dict(_nested_classes(self._classes))
            candidates = self._find_different()
        if CLASS_NAMES[0] in candidates:
            return self._prefer(CLASS_NAMES[0], candidates)
        if len(candidates) == 1:
            return self._examine(candidates[0])[1]
        if candidates:
            return self._choose(candidates)
        functional: Engine | None = self._attempt(self._find_functional)
        return functional or tell_no_class(self._namespace, self._text, self._classes)

    def _find_named(self, name: str) -> Engine | Answer:
        if name not in self._classes:
            nested = dict(_nested_classes(self._classes))
            self._classes |= {n: c for n, c in nested.items() if n.rpartition(".")[2] == name}
            name = next((n for n in nested if n in self._classes), name)
        if name in self._classes:
            return self._examine(name)[1]
        held = self._find_different() or list(self._classes)
        found = f"has a class {held[0]}" if held else "has no class"
        asked = f"A class {name} is asked for"
        said = f"The file's comment names a class {name}"
        told = asked if "class" in self._fixed else said
        return problem(NO_CLASS, f"{told}; this file {found}.", [])

    def _find_different(self) -> list[str]:
        """The names of the classes with arithmetic; of two names for one class, the first."""
        arithmetic = {n: c for n, c in self._classes.items() if _does_arithmetic(c)}
        first = {id(c): n for n, c in reversed(arithmetic.items())}
        different = list(reversed(first.values()))
        value = CLASS_NAMES[0]
        return [value, *different] if value in arithmetic and value not in different else different

    def _prefer(self, name: str, candidates: list[str]) -> Engine | Answer:
        """The class of that name, unless it comes to nothing and another one works."""
        standing, interface = self._examine(name)
        if standing == NOTHING:
            for other in candidates:
                if other != name and (found := self._examine(other, thoroughly=True))[0] == WORKS:
                    return found[1]
        return interface

    def _choose(self, candidates: list[str]) -> Engine | Answer:
        """The one that works; of several, one that derives from the others or is named as usual."""
        examined = {name: self._examine(name, thoroughly=True) for name in candidates}
        best = max(standing for standing, _ in examined.values())
        names = [name for name, (standing, _) in examined.items() if standing == best]
        if len(names) > 1 and best != NOTHING:
            classes = [self._classes[name] for name in names]
            last = [n for n in names if all(issubclass(self._classes[n], c) for c in classes)]
            names = last or [n for n in CLASS_NAMES if n in names][:1] or names
        if len(names) > 1:
            return problem(AMBIGUOUS_CLASS, f"{AMBIGUOUS} {', '.join(candidates)}.", [])
        return examined[names[0]][1]

    def _examine(self, name: str, thoroughly: bool = False) -> tuple[int, Engine | Answer]:
        """How far a class comes, and the engine as far as it was found, or why there is none."""
        kind = self._classes[name]
        self._engine = _untried(self._namespace, kind, name)
        try:
            usual = attempt(self._guard.call_closely, self._use_usual_names)
            if usual is None:
                return NOTHING, self._explain_unmade(self._engine)
        except OvertimeError as error:
            return NOTHING, self._describe(ENDLESS.format(name), error)
        standing = NOTHING if usual is FAILED else USUAL
        if usual is False or thoroughly:
            works = self._search_parts()
            standing = NOTHING if works is None else WORKS if works else USUAL
            if not works and self._attempt(partial(_read_leaf, self._engine)) is None:
                standing = NOTHING
                if needed := tell_needed(name, self._namespace, self._text):
                    return standing, needed
        engine = self._fix_names(self._engine)
        shown = engine.backward.shown
        if put_off := tell_put_off(find_member(kind, shown.removesuffix("()"))):
            engine = engine.with_notes(f"A call of {shown} runs nothing of it: it is {put_off}.")
        return standing, engine

    def _use_usual_names(self) -> bool | None:
        """Whether the parts with usual names are certain; None if no leaf can be made."""
        kind = self._engine.kind
        constructor = find_constructor(kind, self._namespace)
        self._engine = replace(self._engine, constructor=constructor)
        usual = find_usual(self._engine, self._hints)
        if usual is None:
            return None
        self._engine, is_certain = usual
        return is_certain

    def _search_parts(self) -> bool | None:
        """Whether parts were found that work; None if the search fails or takes too long."""

        def search() -> bool:
            works = False
            for finding in find_parts(self._engine, self._hints):
                self._engine, works = finding.engine, finding.works
            return works

        try:
            found = attempt(self._guard.call, search)
        except OvertimeError as error:
            self._engine = self._engine.with_notes(GIVEN_UP.format(place(error)))
            return None
        return None if found is FAILED else bool(found)

    def _explain_unmade(self, engine: Engine) -> Engine | Answer:
        """Why no leaf can be made, if a module is missing or the class asks for more than a number.

        Otherwise each test says how its leaf fails.
        """
        name = engine.class_name or ""
        if needed := tell_needed(name, self._namespace, self._text):
            return needed
        if not asks_for_more(engine.kind):
            return self._fix_names(engine)
        try:
            engine.constructor.open({})(3)
        except MemoryError:
            raise
        except BaseException as error:
            return self._describe(UNMADE.format(name, describe(error)), error)
        return engine

    def _describe(self, message: str, error: BaseException) -> Answer:
        return problem(LOAD_ERROR, message, split_lines(self._text), line_of(error))

    def _attempt(self, function: Callable[[], Any]) -> Any:
        """The result, or None if the student's code fails or takes too long."""
        try:
            found = attempt(self._guard.call, function)
        except OvertimeError:
            return None
        return None if found is FAILED else found

    def _find_functional(self) -> Engine | None:
        """An engine made of functions alone, or of a class without operators."""
        for engine in functional_engines(self._namespace):
            for finding in find_parts(engine, self._hints):
                if finding.works:
                    return finding.engine
        return None

    def _fix_names(self, engine: Engine) -> Engine:
        unknown = (UNKNOWN.format(name) for name in self._unknown)
        return fix_names(engine.with_notes(*unknown), self._fixed)


def _untried(namespace: Namespace, kind: type, name: str) -> Engine:
    """The engine of a class whose parts have the first of the usual names."""
    return Engine(
        namespace=namespace,
        kind=kind,
        class_name=name,
        constructor=PlainConstructor(kind),
        numbers=number_attribute("data", kind),
        backward=backward_method("backward"),
        gradients=gradient_attribute("grad"),
    )


def _read_leaf(engine: Engine) -> float | None:
    return number_in(engine.numbers.read, engine.constructor.open({})(3), engine.numbers)


def _count(name: str, text: str) -> int:
    """How often a name is in the file; the comment that says it is one."""
    return 2 if name == CALLER else len(re.findall(rf"\b{re.escape(name)}\b", text))


def _does_arithmetic(kind: type) -> bool:
    own = [members_of(base) for base in bases_of(kind) if is_own_class(base)]
    return any("__add__" in members or "__mul__" in members for members in own)


def _nested_classes(classes: dict[str, type]) -> Iterator[tuple[str, type]]:
    """The classes that stand in these, under names such as Engine.Value."""
    for outer, kind in classes.items():
        for name, member in list(members_of(kind).items()):
            if is_own_class(member):
                yield f"{outer}.{name}", member
