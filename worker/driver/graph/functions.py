"""Calls the functions of a graph: operators, methods, or functions of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import neg
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import RefusedError
from worker.driver.base.members import find_member, is_own_callable, is_own_class, own_classes
from worker.driver.base.messages import kind_of
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.base.signatures import is_unwritten
from worker.driver.file.placeholders import find_base, refuse
from worker.driver.graph.engine import Engine
from worker.driver.graph.function_arguments import fill_function, fill_method
from worker.driver.graph.function_namespaces import find_in_namespaces, use_class
from worker.driver.graph.identity import is_node
from worker.driver.graph.written import refuse_unwritten
from worker.driver.node.numbers import Node

Call = Callable[[Node], Node]

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


# Names that students give where Python has a function of the usual name, and private ones.
AFFIXED = (
    *("{}_", "_{}", "{}_fn", "{}_func", "{}_node", "{}_op", "{}_value", "{}_of", "op_{}", "v{}"),
    *("v_{}", "my_{}", "value_{}", "do_{}", "apply_{}"),
)


def apply_function(name: str, node: Node, engine: Engine) -> Node:
    """The node that the function makes. The call is kept for the next node of the class."""
    key = (id(type(node)), name)
    call = engine.known_functions.get(key)
    if call is None:
        found = list(_find_all(name, node, engine.namespace))
        call = next((call for call, function in found if not is_unwritten(function)), None)
        if call is None:
            return _apply_unusual(name, node, engine, [function for _, function in found])
        engine.known_functions[key] = call
    return call(node)


def _apply_unusual(name: str, node: Node, engine: Engine, unwritten: list[Any]) -> Node:
    """The node that a function in a namespace makes, as in F.tanh(x), or one like tanh_(x).

    The call is kept. If none makes a node, the first one of a namespace raises its own error.
    """
    names = (name, *OTHER_NAMES.get(name, ()))
    calls = [call for other in names for _, call in find_in_namespaces(other, engine)]
    written = [fill_function(name, call) for call in calls if not is_unwritten(call)]
    affixed = [affix.format(other) for other in names for affix in AFFIXED]
    private = [
        call
        for other in affixed
        for call, function in _find_named(name, other, node, engine.namespace)
        if not is_unwritten(function)
    ]
    for call in (*written, *private):
        made = attempt(call, node)  # once: an engine may record each call
        if made is not FAILED and made is not node and is_node(made, engine):
            engine.known_functions[id(type(node)), name] = call
            return made
    if written:
        return written[0](node)
    if (base := find_base(type(node))) is not None:
        refuse(base)  # it may have the method
    method = UNARY[name][1] if name in UNARY else f"{name}()"
    for function in (*unwritten, *calls):
        is_operator = getattr(function, "__name__", "") == method
        refuse_unwritten(function, f"{kind_of(node)}.{method}" if is_operator else f"{name}()")
    raise RefusedError(UNSUPPORTED, f"{kind_of(node)} has no {method}.")


def find_called(name: str, node: Node, engine: Engine) -> Any:
    """The function that is called for a node, as it was written. None if there is none."""
    found = _find_all(name, node, engine.namespace)
    return next((function for _, function in found if not is_unwritten(function)), None)


def _find_all(name: str, node: Node, namespace: dict[str, Any]) -> Iterator[tuple[Call, Any]]:
    """Python's operator, methods, then functions of the file: the call, and the function itself."""
    if name in UNARY and hasattr(type(node), UNARY[name][1]):
        yield UNARY[name][0], find_member(type(node), UNARY[name][1])
    for other in (name, *OTHER_NAMES.get(name, ())):
        yield from _find_named(name, other, node, namespace)
    # Students write __exp__, though Python has no such operator.
    yield from _find_method(name, f"__{name}__", node)


def _find_named(
    name: str, other: str, node: Node, namespace: dict[str, Any]
) -> Iterator[tuple[Call, Any]]:
    yield from _find_method(name, other, node)
    value: Any = namespace.get(other)
    if is_own_class(value):
        yield use_class(value)[1], None
        return
    if is_own_callable(value):
        yield fill_function(name, value), value
        return
    for kind in own_classes(namespace):
        if type(member := find_member(kind, other)) is staticmethod:
            yield fill_function(name, member.__func__), member
            return


def _find_method(name: str, other: str, node: Node) -> Iterator[tuple[Call, Any]]:
    """The method of that name. A static one gets the node as its argument."""
    if callable(getattr(node, other, None)):
        member = find_member(type(node), other)
        if is_own_class(member):  # an operation that is written in the class
            yield use_class(member)[1], None
        elif type(member) is staticmethod:
            yield fill_function(name, member.__func__), member
        else:
            yield fill_method(name, other, member), member
