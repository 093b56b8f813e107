"""Where gradients are that nodes do not keep: in what backward returns, or for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.base.members import is_own_function
from worker.driver.base.signatures import Signature
from worker.driver.engine.backward_calls import sounds_backward
from worker.driver.engine.gradient_sources import Ask, Find
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.places import methods_of

LABELS = ("name", "label", "id", "key")


def find_in_result(result: Any, leaf: Node) -> Iterator[tuple[str, Find]]:
    """Each key under which what backward returned may have a node's gradient."""
    yield "returned (by node)", lambda result, node: result[node]
    yield "returned (by id)", lambda result, node: result[id(node)]
    for label in LABELS:
        if hasattr(leaf, label):
            yield f"returned (by {label})", _by_label(label)
    for name, signature in methods_of(type(result)):
        if len(signature.required) == 1:
            yield f"returned (by {name}(node))", _by_method(name)


def _by_label(label: str) -> Find:
    return lambda result, node: result[getattr(node, label)]


def _by_method(name: str) -> Find:
    return lambda result, node: getattr(result, name)(node)


def find_asks(leaf: Node, interface: Interface) -> Iterator[tuple[str, Ask]]:
    """Each way to ask for the gradient of a root by a leaf."""
    for name, signature in methods_of(type(leaf)):
        if len(signature.required) == 1 and sounds_backward(name):
            yield f"leaf.{name}(root)", _ask_method(name, of_leaf=True)
            yield f"root.{name}(leaf)", _ask_method(name, of_leaf=False)
    for name, function in list(interface.namespace.items()):
        asks = is_own_function(function) and sounds_backward(name)
        if asks and len(Signature(function, 0).required) == 2:
            yield f"{name}(root, leaf)", function
            yield f"{name}(leaf, root)", _swap(function)
            yield f"{name}(root, [leaf])", _ask_list(function)


def _ask_method(name: str, of_leaf: bool) -> Ask:
    def ask(root: Node, leaf: Node) -> Any:
        asked, about = (leaf, root) if of_leaf else (root, leaf)
        return getattr(asked, name)(about)

    return ask


def _swap(function: Callable[[Node, Node], Any]) -> Ask:
    return lambda root, leaf: function(leaf, root)


def _ask_list(function: Callable[[Node, list[Node]], Any]) -> Ask:
    return lambda root, leaf: function(root, [leaf])[0]
