"""Engines that record what a `with` block computes, and are asked: tape.gradient(root, leaf)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, is_own_class, own_classes
from worker.driver.base.messages import class_name
from worker.driver.base.signatures import signature_of
from worker.driver.engine.backward_calls import sounds_backward
from worker.driver.engine.gradient_sources import Ask
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.places import methods_of


class Recorder:
    """A context of the file's own, entered anew for each graph. It is left before it is asked."""

    def __init__(self, kind: type, make: Callable[[Any], Node]) -> None:
        self._kind, self._make = kind, make
        self._block: Any = None  # the one that is entered now
        self._recording: Any = None  # what it gave
        self._leaves: list[Node] = []
        self._roots: list[_Root] = []
        # What backward does: ends the block, and asks at once where all is asked at once.
        self.settle: Callable[[Node], object] = self._note

    def begin(self) -> None:
        """Begins a new graph."""
        self.leave()
        self._leaves, self._roots = [], []
        self._enter()

    def leave(self) -> None:
        """Leaves the block, if it was entered."""
        block, self._block = self._block, None
        if block is not None:
            attempt(block.__exit__, None, None, None)

    def make(self, number: Any) -> Node:
        """A leaf. One that is made after a block was left begins another."""
        if self._block is None:
            self._enter()
        self._leaves.append(leaf := self._make(number))
        return leaf

    def find_asks(self) -> Iterator[tuple[str, Ask]]:
        """Each way to ask it for the gradient of a root by a leaf."""
        for name, signature in methods_of(self._kind):
            if len(signature.required) == 2 and sounds_backward(name):
                shown = f"{class_name(self._kind)}().{name}"
                self.settle = self._note
                yield f"{shown}(root, leaf)", self._ask(name)
                self.settle = partial(self._ask_of_all, name)
                yield f"{shown}(root, leaves)", self._ask_once(name)

    def _enter(self) -> None:
        block = self._kind()
        given = block.__enter__()
        self._block = block
        self._recording = given if is_own_class(type(given)) else block

    def _ask(self, name: str) -> Ask:
        return lambda root, leaf: getattr(self._note(root).recording, name)(root, leaf)

    def _ask_once(self, name: str) -> Ask:
        def ask(root: Node, leaf: Node) -> Any:
            found = self._ask_of_all(name, root)
            return next((gradient for one, gradient in found if one is leaf), None)

        return ask

    def _ask_of_all(self, name: str, root: Node) -> list[tuple[Node, Any]]:
        """The leaves with their gradients, asked for once: a tape may forget what it was asked."""
        noted = self._note(root)
        if noted.found is None:
            gradients = getattr(noted.recording, name)(root, noted.leaves)
            noted.found = list(zip(noted.leaves, gradients, strict=False))
        return noted.found

    def _note(self, root: Node) -> _Root:
        """What is known of a root; at first, that it was made in the block that ends now."""
        for noted in self._roots:
            if noted.root is root:
                return noted
        self.leave()
        self._roots.append(noted := _Root(root, self._recording, list(self._leaves)))
        return noted


class _Root:
    """A node from which backward was run: what recorded it, and the leaves that were there."""

    def __init__(self, root: Node, recording: Any, leaves: list[Node]) -> None:
        self.root, self.recording, self.leaves = root, recording, leaves
        self.found: list[tuple[Node, Any]] | None = None  # gradients, once they were asked for


def find_recorded(interface: Interface) -> Iterator[tuple[str, Ask, Recorder]]:
    """Each way to ask a context of the file."""
    for kind in own_classes(interface.namespace):
        signature = signature_of(find_member(kind, "__init__"))
        is_context = all(find_member(kind, name) is not None for name in ("__enter__", "__exit__"))
        if is_context and kind is not interface.kind and not (signature and signature.required):
            recorder = Recorder(kind, interface.make)
            for shown, ask in recorder.find_asks():
                yield shown, ask, recorder
