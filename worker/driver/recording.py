"""Engines that record what a `with` block computes, and are asked: tape.gradient(root, leaf)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.attempts import attempt
from worker.driver.gradients import Ask
from worker.driver.interface import Interface
from worker.driver.members import find_member, is_own_class, own_classes
from worker.driver.reading import methods_of
from worker.driver.signatures import signature_of
from worker.driver.telling import class_name
from worker.driver.ways import sounds_backward


class Recorder:
    """A context of the file's own, entered anew for each graph. What it gives is asked."""

    def __init__(self, kind: type) -> None:
        self._kind = kind
        self._entered: Any = None
        self._recording: Any = None

    def begin(self) -> None:
        """Leaves the last block, if there was one, and enters another."""
        if self._entered is not None:
            attempt(self._entered.__exit__, None, None, None)
        self._entered = self._kind()
        given = self._entered.__enter__()
        self._recording = given if is_own_class(type(given)) else self._entered

    def find_asks(self) -> Iterator[tuple[str, Ask]]:
        """Each way to ask it for the gradient of a root by a leaf."""
        for name, signature in methods_of(self._kind):
            if len(signature.required) == 2 and sounds_backward(name):
                shown = f"{class_name(self._kind)}().{name}"
                yield f"{shown}(root, leaf)", self._ask(name)
                yield f"{shown}(root, [leaf])", self._ask_list(name)

    def _ask(self, name: str) -> Ask:
        return lambda root, leaf: getattr(self._recording, name)(root, leaf)

    def _ask_list(self, name: str) -> Ask:
        return lambda root, leaf: getattr(self._recording, name)(root, [leaf])[0]


def find_recorded(interface: Interface) -> Iterator[tuple[str, Ask, Callable[[], None]]]:
    """Each way to ask a context of the file, and what begins a block of it."""
    for kind in own_classes(interface.namespace):
        signature = signature_of(find_member(kind, "__init__"))
        is_context = all(find_member(kind, name) is not None for name in ("__enter__", "__exit__"))
        if is_context and kind is not interface.kind and not (signature and signature.required):
            recorder = Recorder(kind)
            for shown, ask in recorder.find_asks():
                yield shown, ask, recorder.begin
