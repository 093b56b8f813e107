"""A `with` block that records a graph and is asked afterwards: tape.gradient(L, x)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, is_own_class, own_classes
from worker.driver.base.messages import class_name
from worker.driver.base.signatures import signature_of
from worker.driver.engine.backward_calls.target import sounds_backward
from worker.driver.engine.gradient_sources.results import add_up
from worker.driver.graph.engine import Engine, GraphRun, Make, Run
from worker.driver.node.numbers import Node, NumberSource
from worker.driver.node.positions import methods_of


@dataclass(frozen=True, slots=True)
class RecordedGradient:
    """Computes each graph in a new block of this class, and asks its method `name` after the block.

    `asks_once` says that the method takes a list of leaves: tape.gradient(L, [x, y]).
    """

    shown: str
    kind: type
    name: str
    asks_once: bool

    def open(self, make: Make, _: Run, numbers: NumberSource) -> GraphRun:
        recorder = _Recorder(self, make)
        recorder.enter()
        roots: list[Node] = []

        def run_backward(root: Node) -> None:
            roots.append(root)
            recorder.settle(root)

        def read(node: Node) -> Any:
            return add_up([recorder.ask(root, node) for root in roots], numbers)

        return GraphRun(recorder.make, run_backward, read, recorder.close)


def find(_: Node, engine: Engine) -> Iterator[RecordedGradient]:
    """The methods of the file's context managers that take two arguments and sound like it."""
    for kind in own_classes(engine.namespace):
        signature = signature_of(find_member(kind, "__init__"))
        is_context = all(find_member(kind, name) is not None for name in ("__enter__", "__exit__"))
        if not is_context or kind is engine.kind or (signature and signature.required):
            continue
        for name, method in methods_of(kind):
            if len(method.required) == 2 and sounds_backward(name):
                shown = f"{class_name(kind)}().{name}"
                yield RecordedGradient(f"{shown}(root, leaf)", kind, name, asks_once=False)
                yield RecordedGradient(f"{shown}(root, leaves)", kind, name, asks_once=True)


class _Root:
    """A node from which backward was run: what recorded it, and the leaves that were there."""

    def __init__(self, node: Node, recording: Any, leaves: list[Node]) -> None:
        self.node, self.recording, self.leaves = node, recording, leaves
        self.gradients: list[tuple[Node, Any]] | None = None  # once they were asked for


class _Recorder:
    """The blocks of one graph. A block is left before it is asked."""

    def __init__(self, source: RecordedGradient, make: Make) -> None:
        self._source, self._make = source, make
        self._block: Any = None  # the one that is entered now
        self._recording: Any = None  # what it gave
        self._leaves: list[Node] = []
        self._roots: list[_Root] = []

    def enter(self) -> None:
        """Enters a new block."""
        block = self._source.kind()
        given = block.__enter__()
        self._block = block
        self._recording = given if is_own_class(type(given)) else block

    def close(self) -> None:
        """Leaves the block if it is still entered."""
        block, self._block = self._block, None
        if block is not None:
            attempt(block.__exit__, None, None, None)

    def make(self, number: Any) -> Node:
        """A leaf. After a block was left, another one begins."""
        if self._block is None:
            self.enter()
        self._leaves.append(leaf := self._make(number))
        return leaf

    def settle(self, node: Node) -> _Root:
        """Ends the block of a root, and asks for all gradients if they are asked for at once."""
        root = next((root for root in self._roots if root.node is node), None)
        if root is None:
            self.close()
            self._roots.append(root := _Root(node, self._recording, list(self._leaves)))
        if self._source.asks_once and root.gradients is None:  # a tape may forget what it gave
            gradients = getattr(root.recording, self._source.name)(node, root.leaves)
            root.gradients = list(zip(root.leaves, gradients, strict=False))
        return root

    def ask(self, node: Node, leaf: Node) -> Any:
        """The root's gradient by a leaf."""
        root = self.settle(node)
        if root.gradients is None:
            return getattr(root.recording, self._source.name)(node, leaf)
        return next((gradient for one, gradient in root.gradients if one is leaf), None)
