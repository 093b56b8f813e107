"""Engines without operators: nodes come from a function, operations are functions or methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.members import is_own_class, is_own_function
from worker.driver.base.names import CLASS_NAMES, MAKERS, OPERATION_NAMES
from worker.driver.base.signatures import Signature
from worker.driver.engine.filling import Filling
from worker.driver.engine.search import find_constructor
from worker.driver.engine.trials import ENDLESS, run_trial
from worker.driver.graph.engine import (
    OPERATORS,
    PLAIN,
    Engine,
    Namespace,
    backward_method,
    gradient_attribute,
)
from worker.driver.node.numbers import Node, number_attribute

MADE_BY = "Nodes are made by {}(), and operations are functions."

CONTAINERS = (dict, list, tuple)  # a node may be one of these if there is no class
Operation = Callable[[Node, Node], Node]


def functional_engines(namespace: Namespace) -> Iterator[Engine]:
    """An engine for each maker of nodes that has operations; its other parts have usual names."""
    for name, maker in _find_makers(namespace):
        filling = Filling(maker, namespace)
        if run_trial(filling.first().open({}), 3.0) is ENDLESS:
            continue
        constructor = find_constructor(filling)
        node = attempt(constructor.open({}), 3.0)
        if node is FAILED or (type(node) in PLAIN and type(node) not in CONTAINERS):
            continue
        found = {symbol: _find_operation(symbol, node, namespace) for symbol in OPERATION_NAMES}
        operations = {symbol: operation for symbol, (_, operation) in found.items() if operation}
        if not operations:
            continue
        kind = type(node) if is_own_class(type(node)) else None
        in_place = {f"{symbol}=": operation for symbol, operation in operations.items()}
        yield Engine(
            namespace=namespace,
            kind=kind,
            class_name=name if is_own_class(maker) else None,
            constructor=constructor,
            numbers=number_attribute("data", kind),
            backward=backward_method("backward"),
            gradients=gradient_attribute("grad"),
            operators=OPERATORS | operations | in_place,
            written_operators={symbol: found[symbol][0] for symbol in operations},
            maker="" if is_own_class(maker) else name,
            plain=tuple(plain for plain in PLAIN if plain is not type(node)),
        ).with_notes(MADE_BY.format(name), *constructor.notes)


def _find_makers(namespace: Namespace) -> Iterator[tuple[str, Any]]:
    """Classes and functions with the names that makers have."""
    for wanted in (*(name.lower() for name in CLASS_NAMES), *MAKERS):
        for name, maker in list(namespace.items()):
            if name.lower() == wanted:
                takes_a_number = is_own_function(maker) and bool(Signature(maker, 0).names)
                if is_own_class(maker) or takes_a_number:
                    yield name, maker


def _find_operation(symbol: str, node: Node, namespace: Namespace) -> tuple[str, Operation | None]:
    """The function of the file, or the method or entry of the node, for an operation.

    The text is how a program writes it; empty if it can't, or if there is none.
    """
    for name in OPERATION_NAMES[symbol]:
        function = namespace.get(name)
        if is_own_function(function):
            return f"{name}({{}}, {{}})", function
        if isinstance(node, dict) and callable(node.get(name)):
            return "", _by_entry(name)
        if callable(getattr(node, name, None)) and not isinstance(node, CONTAINERS):
            return f"{{}}.{name}({{}})", _by_method(name)
    return "", None


def _by_entry(name: str) -> Operation:
    return lambda left, right: left[name](right)


def _by_method(name: str) -> Operation:
    return lambda left, right: getattr(left, name)(right)
