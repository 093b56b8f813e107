"""Objects that leaves belong to, if a constructor asks for one: the tape in Var(tape, x)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from keyword import iskeyword
from typing import Any

from worker.driver.base.members import find_member, is_own_class, own_classes
from worker.driver.base.messages import class_name
from worker.driver.base.signatures import signature_of
from worker.driver.graph.engine import Namespace

_SHORTEST = 3  # letters of a parameter's name that may stand anywhere in a class's name


@dataclass(frozen=True, slots=True)
class Companions:
    """Finds objects of the file's own classes for parameters with their names.

    `maker` is the class or function that makes leaves; its own objects are no companions.
    """

    namespace: Namespace
    maker: Any

    def has(self, name: str) -> bool:
        """Whether there is an object for a parameter of that name."""
        return self._find_object(name) is not None or self._find_class(name) is not None

    def has_class(self, name: str) -> bool:
        """Whether a class of exactly this name makes objects without being given anything."""
        kind: Any = self.namespace.get(name)
        if not is_own_class(kind) or kind is self.maker or issubclass(kind, Enum):
            return False
        signature = signature_of(find_member(kind, "__init__"))
        return not (signature and signature.required)

    def show(self, name: str) -> str:
        """The object for a parameter of that name, as the report shows it: Tape()."""
        own = self._find_object(name)
        return f"{class_name(type(own) if own is not None else self._find_class(name))}()"

    def write(self, name: str) -> str | None:
        """The object for a parameter of that name, as a program writes it: tape, or Tape()."""
        own = self._find_object(name)
        found = self._find_class(name) if own is None else own
        # A class may have another name in the file than the one that it was made with.
        names = (n for n, value in list(self.namespace.items()) if value is found)
        names = (n for n in names if n.isidentifier() and n.isascii() and not iskeyword(n))
        if own is None:
            return next((f"{n}()" for n in names if n[0].isupper()), None)
        return next(names, None)

    def get(self, name: str, made: dict[str, Any]) -> Any:
        """The file's own object if it has one, since that may run backward.

        Otherwise the one that was made for this graph, or a new one.
        """
        own = self._find_object(name)
        if own is not None:
            return own
        if name not in made:
            kind = self._find_class(name)
            made[name] = kind() if kind is not None else None
        return made[name]

    def _find_object(self, name: str) -> Any:
        values = list(self.namespace.values())
        return next((value for value in values if self._fits(type(value), name)), None)

    def _find_class(self, name: str) -> Any:
        same_name_first = sorted(
            own_classes(self.namespace), key=lambda kind: class_name(kind).lower() != _plain(name)
        )
        for kind in same_name_first:
            signature = signature_of(find_member(kind, "__init__"))
            if self._fits(kind, name) and not (signature and signature.required):
                return kind
        return None

    def _fits(self, kind: type, name: str) -> bool:
        """Whether it is another class of the file with a name like the parameter's."""
        wanted, known = _plain(name), class_name(kind).lower()
        is_like_it = known.startswith(wanted) or (len(wanted) >= _SHORTEST and wanted in known)
        if not wanted or not is_like_it or kind is self.maker:
            return False
        return is_own_class(kind) and not issubclass(kind, Enum)


def _plain(name: str) -> str:
    return name.strip("_").lower()
