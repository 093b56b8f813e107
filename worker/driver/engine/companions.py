"""What leaves belong to where a constructor asks for it, as for a tape: Var(tape, x)."""

from __future__ import annotations

from functools import partial
from typing import Any

from worker.driver.base.members import find_member, is_own_class, own_classes
from worker.driver.base.messages import class_name
from worker.driver.base.signatures import signature_of
from worker.driver.engine.interface import Namespace

_SHORTEST = 3  # letters of a name that may stand anywhere in a class's


class Companions:
    """Objects of the file's own classes for parameters of their names, new ones for each graph."""

    def __init__(self, namespace: Namespace, kind: Any) -> None:
        self._namespace, self._kind = namespace, kind
        self._made: dict[str, Any] = {}

    def has(self, name: str) -> bool:
        """Whether there is something for a parameter of that name."""
        return self._find_held(name) is not None or self._find_class(name) is not None

    def get(self, name: str) -> Any:
        """The file's own object where it has one, since that may run backward; else a new one."""
        held = self._find_held(name)
        if held is not None:
            return held
        if name not in self._made:
            make = self._find_class(name)
            self._made[name] = make() if make is not None else None
        return self._made[name]

    def forget(self) -> None:
        """Begins a new graph."""
        self._made.clear()

    def _find_held(self, name: str) -> Any:
        things = list(self._namespace.values())
        return next((t for t in things if self._fits(type(t), name)), None)

    def _find_class(self, name: str) -> Any:
        likeliest = partial(_differs, name)
        for kind in sorted(own_classes(self._namespace), key=likeliest):
            signature = signature_of(find_member(kind, "__init__"))
            if self._fits(kind, name) and not (signature and signature.required):
                return kind
        return None

    def _fits(self, kind: type, name: str) -> bool:
        """Whether the class is another one of the file's, and is called like the parameter."""
        wanted, known = _plain(name), class_name(kind).lower()
        called = known.startswith(wanted) or (len(wanted) >= _SHORTEST and wanted in known)
        return bool(wanted) and called and kind is not self._kind and is_own_class(kind)


def _differs(name: str, kind: type) -> bool:
    return class_name(kind).lower() != _plain(name)


def _plain(name: str) -> str:
    return name.strip("_").lower()
