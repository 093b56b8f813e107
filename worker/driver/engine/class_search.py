"""Which class of a file is the engine; or that there is none, or more than one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import OvertimeError
from worker.driver.base.members import bases_of, find_member, is_own_class, members_of
from worker.driver.base.messages import describe, line_of, place, problem, split_lines
from worker.driver.base.names import CALLER, CLASS_NAMES
from worker.driver.base.protocol import AMBIGUOUS_CLASS, LOAD_ERROR, NO_CLASS, Answer
from worker.driver.base.signatures import tell_put_off
from worker.driver.engine.backward_calls import call_method
from worker.driver.engine.companions import Companions
from worker.driver.engine.constructor import asks_for_more, find_maker
from worker.driver.engine.functional import functional_interfaces
from worker.driver.engine.gradient_dictionaries import BY_NODE
from worker.driver.engine.interface import Interface, Namespace
from worker.driver.engine.no_class import tell_needed, tell_no_class
from worker.driver.engine.search import Search
from worker.driver.file.time_budget import Guard
from worker.driver.node.places import number_in

AMBIGUOUS = (
    "More than one class could be the Value. Name the one that is meant Value, or say "
    "`# chainrule: class=NAME` in the file. Found:"
)
UNMADE = "No {0} can be made: {0}(3) raises {1}"
ENDLESS = "{} was tried, and did not come back: does a loop never end?"
GIVEN_UP = "The search for what runs backward was given up: it took too long{}."
# How far an engine came: its leaves cannot be made, its parts are there, they give right numbers.
NOTHING, USUAL, WORKS = 0, 1, 2


def find(
    namespace: Namespace, text: str, fixed: dict[str, str], said: dict[str, str]
) -> Interface | Answer:
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

    def find(self) -> Interface | Answer:
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
        functional = self._find_functional()
        return functional or tell_no_class(self._namespace, self._text, self._classes)

    def _find_named(self, name: str) -> Interface | Answer:
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

    def _prefer(self, name: str, candidates: list[str]) -> Interface | Answer:
        """The class of that name, unless it comes to nothing and another one works."""
        standing, interface = self._examine(name)
        if standing == NOTHING:
            for other in candidates:
                if other != name and (found := self._examine(other, thoroughly=True))[0] == WORKS:
                    return found[1]
        return interface

    def _choose(self, candidates: list[str]) -> Interface | Answer:
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

    def _examine(self, name: str, thoroughly: bool = False) -> tuple[int, Interface | Answer]:
        """How far a class comes, and its interface as far as it was found; or why it has none."""
        kind = self._classes[name]
        interface = Interface(self._namespace, kind)
        interface.kind, interface.class_name = kind, name
        search = Search(interface, self._text, self._names)
        try:
            usual = attempt(self._guard.call_closely, self._take_usual, interface, search)
            if usual is None:
                return NOTHING, self._tell_unmade(interface)
        except OvertimeError as error:
            return NOTHING, self._tell(ENDLESS.format(name), error)
        standing = NOTHING if usual is FAILED else USUAL
        if usual is False or thoroughly:
            works = self._attempt(search.take_what_works, interface)
            standing = NOTHING if works is None else WORKS if works else USUAL
            if not works and self._attempt(partial(_find_number, interface)) is None:
                standing = NOTHING
                if needed := tell_needed(name, self._namespace, self._text):
                    return standing, needed
        self._hold_to_names(interface)
        backward = find_member(kind, interface.backward.removesuffix("()"))
        if put_off := tell_put_off(backward):
            interface.note(f"A call of {interface.backward} runs nothing of it: it is {put_off}.")
        return standing, interface

    def _take_usual(self, interface: Interface, search: Search) -> bool | None:
        companions = Companions(self._namespace, interface.kind)
        interface.make = find_maker(interface.kind, companions, self._namespace)
        interface.beginnings.append(companions.forget)
        interface.renewals.append(companions.forget)
        return search.take_usual()

    def _tell_unmade(self, interface: Interface) -> Interface | Answer:
        """Why no leaf can be made of a class that asks for more than a number.

        Of any other, each case tells how its leaf fails, unless a module that is not here was to
        make the class.
        """
        name = interface.class_name or ""
        if needed := tell_needed(name, self._namespace, self._text):
            return needed
        if not asks_for_more(interface.kind):
            self._hold_to_names(interface)
            return interface
        try:
            interface.make(3)
        except MemoryError:
            raise
        except BaseException as error:
            return self._tell(UNMADE.format(name, describe(error)), error)
        return interface

    def _tell(self, message: str, error: BaseException) -> Answer:
        return problem(LOAD_ERROR, message, split_lines(self._text), line_of(error))

    def _attempt(self, function: Callable[..., Any], interface: Interface | None = None) -> Any:
        """What the search gives; None where the student's code fails in it, or takes too long."""
        try:
            found = attempt(self._guard.call, function)
        except OvertimeError as error:
            if interface is not None:
                interface.note(GIVEN_UP.format(place(error)))
            return None
        return None if found is FAILED else found

    def _find_functional(self) -> Interface | None:
        """An engine made of functions alone, or of a class without operators."""
        return self._attempt(self._search_functions)  # type: ignore[no-any-return] # or None

    def _search_functions(self) -> Interface | None:
        for interface in functional_interfaces(self._namespace):
            if Search(interface, self._text, self._names).take_what_works():
                return interface
        return None

    def _hold_to_names(self, interface: Interface) -> None:
        """A name that is fixed holds; what the file has instead is told."""
        for unknown in self._unknown:
            interface.note(f"The file's comment names {unknown}, which is nowhere in the file.")
        shown = {"data": interface.data, "grad": interface.grad, "backward": interface.backward}
        for part, name in self._fixed.items():
            if part not in shown or shown[part].removesuffix("()").removesuffix(BY_NODE) == name:
                continue
            interface.note(f"The name {name} is asked for; this class has {shown[part]}.")
            if part == "data":
                interface.keep_data(name)
            elif part == "grad":
                interface.keep_grad(name)
            else:
                interface.backward, interface.run_backward = f"{name}()", call_method(name)


def _find_number(interface: Interface) -> float | None:
    return number_in(interface.read_data, interface.make(3), interface)


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
