"""A call that gives the gradient for one leaf: x.gradient_of(L), grad(L, x), grads(L, [x])."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from worker.driver.base.members import is_own_function
from worker.driver.base.signatures import Signature
from worker.driver.engine.backward_calls.target import sounds_backward
from worker.driver.engine.gradient_sources.results import Ask, add_up
from worker.driver.graph.engine import Engine, GraphRun, Make, Run
from worker.driver.node.numbers import Node, NumberSource
from worker.driver.node.positions import methods_of


@dataclass(frozen=True, slots=True)
class AskedGradient:
    """Asks for each leaf's gradient. Backward only notes the root."""

    shown: str
    ask: Ask

    def open(self, make: Make, _: Run, numbers: NumberSource) -> GraphRun:
        roots: list[Node] = []
        return GraphRun(
            make, roots.append, lambda node: add_up([self.ask(r, node) for r in roots], numbers)
        )


def find(leaf: Node, engine: Engine) -> Iterator[AskedGradient]:
    """Methods of the nodes and functions of the file whose names sound like it."""
    for name, signature in methods_of(type(leaf)):
        if len(signature.required) == 1 and sounds_backward(name):
            yield AskedGradient(f"leaf.{name}(root)", _ask_leaf(name))
            yield AskedGradient(f"root.{name}(leaf)", _ask_root(name))
    for name, function in list(engine.namespace.items()):
        asks = is_own_function(function) and sounds_backward(name)
        if asks and len(Signature(function, 0).required) == 2:
            yield AskedGradient(f"{name}(root, leaf)", function)
            yield AskedGradient(f"{name}(leaf, root)", _swap(function))
            yield AskedGradient(f"{name}(root, [leaf])", _ask_list(function))


def _ask_leaf(name: str) -> Ask:
    return lambda root, leaf: getattr(leaf, name)(root)


def _ask_root(name: str) -> Ask:
    return lambda root, leaf: getattr(root, name)(leaf)


def _swap(function: Callable[[Node, Node], Any]) -> Ask:
    return lambda root, leaf: function(leaf, root)


def _ask_list(function: Callable[[Node, list[Node]], Any]) -> Ask:
    return lambda root, leaf: function(root, [leaf])[0]
