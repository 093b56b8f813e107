"""Calls the functions of a graph: operators, methods, or functions of the file."""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller, neg
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import RefusedError
from worker.driver.base.members import find_member, is_own_callable, is_own_class, own_classes
from worker.driver.base.messages import kind_of
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.file.placeholders import find_base, refuse
from worker.driver.graph.engine import Engine
from worker.driver.graph.function_namespaces import find_in_namespaces
from worker.driver.graph.identity import is_node
from worker.driver.node.numbers import Node

UNARY: dict[str, tuple[Callable[[Any], Any], str]] = {
    "neg": (neg, "__neg__"),
    "abs": (abs, "__abs__"),
}
OTHER_NAMES = {
    "tanh": ("Tanh", "TanH", "hyperbolic_tangent"),
    "exp": ("Exp", "exponential"),
    "log": ("ln", "Log", "Ln", "natural_log"),
    "relu": ("ReLU", "Relu", "ReLu", "reLU", "rectifier"),
    "sigmoid": ("Sigmoid", "logistic", "Logistic", "sigma", "sig", "expit"),
    "sin": ("Sin", "sine"),
    "cos": ("Cos", "cosine"),
    "sqrt": ("Sqrt", "square_root"),
    "abs": ("Abs", "absolute", "fabs"),
    "neg": ("Neg", "negative", "negate"),
}
ALL_NAMES = frozenset(OTHER_NAMES).union(*OTHER_NAMES.values())


def apply_function(name: str, node: Node, engine: Engine) -> Node:
    """The node that the function makes. The call is kept for the next node of the class."""
    key = (id(type(node)), name)
    call = engine.known_functions.get(key)
    if call is None:
        call = find_function(name, node, engine.namespace)
        if call is None:
            return _apply_from_namespaces(name, node, engine)
        engine.known_functions[key] = call
    return call(node)


def _apply_from_namespaces(name: str, node: Node, engine: Engine) -> Node:
    """The node that a function in a namespace makes, as in F.tanh(x). The call is kept.

    If none makes a node, the first one raises its own error.
    """
    calls = [
        call
        for other in (name, *OTHER_NAMES.get(name, ()))
        for call in find_in_namespaces(other, engine)
    ]
    for call in calls:
        made = attempt(call, node)  # once: an engine may record each call
        if made is not FAILED and is_node(made, engine):
            engine.known_functions[id(type(node)), name] = call
            return made
    if calls:
        return calls[0](node)
    if (base := find_base(type(node))) is not None:
        refuse(base)  # it may have the method
    method = UNARY[name][1] if name in UNARY else f"{name}()"
    raise RefusedError(UNSUPPORTED, f"{kind_of(node)} has no {method}.")


def find_function(
    name: str, node: Node, namespace: dict[str, Any]
) -> Callable[[Node], Node] | None:
    """Python's operator if there is one, else a method, else the file's function of that name."""
    if name in UNARY and hasattr(type(node), UNARY[name][1]):
        return UNARY[name][0]
    for other in (name, *OTHER_NAMES.get(name, ())):
        call = _find_method(other, node) or _find_in_file(other, namespace)
        if call is not None:
            return call
    return _find_method(
        f"__{name}__", node
    )  # students write __exp__, though Python has no such operator


def _find_method(name: str, node: Node) -> Callable[[Node], Node] | None:
    """The method of that name. A static one gets the node as its argument."""
    if not callable(getattr(node, name, None)):
        return None
    if type(find_member(type(node), name)) is staticmethod:
        return lambda node: getattr(node, name)(node)
    return methodcaller(name)


def _find_in_file(name: str, namespace: dict[str, Any]) -> Callable[[Node], Node] | None:
    """The file's own function or operation class, or a static method of one of its classes."""
    value = namespace.get(name)
    if is_own_class(value):
        return _use_class(value)
    if is_own_callable(value):
        return value
    for kind in own_classes(namespace):
        if type(member := find_member(kind, name)) is staticmethod:
            return member.__func__
    return None


def _use_class(kind: Any) -> Callable[[Node], Node]:
    """A function written as a class: its apply(), its instance called, or a node of that class."""
    if isinstance(find_member(kind, "apply"), (staticmethod, classmethod)):
        return lambda node: kind.apply(node)
    if find_member(kind, "__call__") is not None:
        return lambda node: kind()(node)
    return lambda node: kind(node)
