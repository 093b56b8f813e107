"""Finds the class of a file that is the engine, or says that there is none, or more than one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from worker.driver.base.members import bases_of, is_own_class, members_of
from worker.driver.base.messages import problem
from worker.driver.base.names import CALLER, CLASS_NAMES
from worker.driver.base.protocol import AMBIGUOUS_CLASS, NO_CLASS, Answer
from worker.driver.engine.examination import Examination, Examiner, Standing
from worker.driver.engine.hints import find_hints
from worker.driver.engine.no_class import explain_no_class
from worker.driver.graph.engine import Engine, Namespace

AMBIGUOUS = (
    "More than one class could be your Value. Name the right one Value, or write "
    "`# chainrule: class=NAME` in the file. Found:"
)
UNKNOWN = "The file's comment names {}, which is nowhere else in the file."


def find(
    namespace: Namespace, text: str, fixed: dict[str, str], said: dict[str, str]
) -> Engine | Answer:
    """The engine in a file, or the problem with it.

    `fixed` are the names that an assignment fixes, `said` those that the file's comment says.
    """
    return _Candidates(namespace, text, fixed, said).find()


class _Candidates:
    """The classes of a file that could be the engine."""

    def __init__(
        self, namespace: Namespace, text: str, fixed: dict[str, str], said: dict[str, str]
    ) -> None:
        self._namespace, self._text, self._fixed = namespace, text, fixed
        self._classes = {n: c for n, c in list(namespace.items()) if is_own_class(c)}
        unknown = [name for name in said.values() if not _names_more(name, text)]
        names = {part: name for part, name in said.items() if name not in unknown}
        names |= {p: n for p, n in fixed.items() if p == "class" or _count(n, text)}
        self._class_name = names.get("class")
        notes = tuple(UNKNOWN.format(name) for name in unknown)
        self._examiner = Examiner(namespace, find_hints(text, names), fixed, notes)

    def find(self) -> Engine | Answer:
        if self._class_name is not None:
            return self._find_named(self._class_name)
        candidates = self._find_different()
        if not candidates:
            self._classes |= dict(_nested_classes(self._classes))
            candidates = self._find_different()
        if CLASS_NAMES[0] in candidates:
            return self._prefer(CLASS_NAMES[0], candidates)
        if len(candidates) == 1:
            return self._examine(candidates[0]).result
        if candidates:
            return self._choose(candidates)
        functional = self._examiner.find_functional()
        return functional or explain_no_class(self._namespace, self._text, self._classes)

    def _examine(self, name: str, thoroughly: bool = False, fill: bool = False) -> Examination:
        return self._examiner.examine(name, self._classes[name], thoroughly, fill or not thoroughly)

    def _find_named(self, name: str) -> Engine | Answer:
        if name not in self._classes:
            nested = dict(_nested_classes(self._classes))
            self._classes |= {n: c for n, c in nested.items() if n.rpartition(".")[2] == name}
            name = next((n for n in nested if n in self._classes), name)
        if name in self._classes:
            return self._examine(name).result
        classes = self._find_different() or list(self._classes)
        has = f"has a class {classes[0]}" if classes else "has no class"
        if "class" in self._fixed:
            return problem(
                NO_CLASS, f"The assignment asks for a class {name}; this file {has}.", []
            )
        return problem(NO_CLASS, f"The file's comment names a class {name}; this file {has}.", [])

    def _find_different(self) -> list[str]:
        """The names of the classes with arithmetic. If a class has two names, the first one."""
        arithmetic = {n: c for n, c in self._classes.items() if _does_arithmetic(c)}
        first = {id(c): n for n, c in reversed(arithmetic.items())}
        different = list(reversed(first.values()))
        value = CLASS_NAMES[0]
        return [value, *different] if value in arithmetic and value not in different else different

    def _prefer(self, name: str, candidates: list[str]) -> Engine | Answer:
        """The class of that name, unless it comes to nothing and another one works.

        If it can't be used at all, another one need not work.
        """
        preferred = self._examine(name)
        if preferred.standing == Standing.NOTHING:
            others = [self._examine(n, thoroughly=True) for n in candidates if n != name]
            best = max(others, key=lambda other: other.standing, default=preferred)
            is_usable = isinstance(preferred.result, Engine)
            if best.standing == Standing.WORKS or (best.standing and not is_usable):
                return best.result
        return preferred.result

    def _choose(self, candidates: list[str]) -> Engine | Answer:
        """The class that comes furthest.

        If several work, the one that derives from all others, or the first with a usual name.
        """
        examined = {name: self._examine(name, thoroughly=True) for name in candidates}
        best = max(examination.standing for examination in examined.values())
        if best == Standing.NOTHING:  # the right one may ask for more than a number
            examined = {n: self._examine(n, thoroughly=True, fill=True) for n in candidates}
            best = max(examination.standing for examination in examined.values())
        names = [name for name in candidates if examined[name].standing == best]
        if len(names) > 1 and best != Standing.NOTHING:
            classes = [self._classes[name] for name in names]
            last = [n for n in names if all(issubclass(self._classes[n], c) for c in classes)]
            names = last or [n for n in CLASS_NAMES if n in names][:1] or names
        if len(names) > 1:
            return problem(AMBIGUOUS_CLASS, f"{AMBIGUOUS} {', '.join(candidates)}.", [])
        chosen = examined[names[0]]
        if chosen.standing == Standing.USUAL:
            chosen = self._examine(names[0], thoroughly=True, fill=True)
        return chosen.result


def _count(name: str, text: str) -> int:
    """How often a name is in the file."""
    return len(re.findall(rf"\b{re.escape(name)}\b", text))


def _names_more(name: str, text: str) -> bool:
    """Whether a name from the file's comment is also elsewhere in the file."""
    return name == CALLER or _count(name, text) > 1


def _does_arithmetic(kind: type) -> bool:
    own = [members_of(base) for base in bases_of(kind) if is_own_class(base)]
    return any("__add__" in members or "__mul__" in members for members in own)


def _nested_classes(classes: dict[str, type]) -> Iterator[tuple[str, type]]:
    """The classes that are defined in these, with names such as Engine.Value."""
    for outer, kind in classes.items():
        for name, member in list(members_of(kind).items()):
            if is_own_class(member):
                yield f"{outer}.{name}", member
