"""Engines without operators: nodes come from a function, operations are functions or methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.members import is_own_class, is_own_function
from worker.driver.base.names import CLASS_NAMES, OPERATION_NAMES, words
from worker.driver.base.signatures import Signature
from worker.driver.engine.companions import Companions
from worker.driver.engine.constructor import find_maker
from worker.driver.engine.interface import OPERATORS, PLAIN, Interface, Namespace, Node

MAKERS = (
    *words("value var variable scalar tensor node leaf number num const constant param parameter"),
    *words("make_value make_var make_node make_leaf new_value new_var new_node value_of input_"),
    *words("create_value create_node make new create"),
)
MADE_BY = "Nodes are made by {}(), and operations are functions."

HOLDERS = (dict, list, tuple)  # what a node may be where there is no class
Operation = Callable[[Node, Node], Node]


def functional_interfaces(namespace: Namespace) -> Iterator[Interface]:
    """An interface for each maker of nodes on which operations can be called."""
    for name, maker in _find_makers(namespace):
        make = find_maker(maker, Companions(namespace, maker))
        node = attempt(make, 3.0)
        if node is FAILED or (type(node) in PLAIN and type(node) not in HOLDERS):
            continue
        operators = dict(_find_operations(node, namespace))
        if not operators:
            continue
        interface = Interface(namespace, make)
        interface.kind = type(node) if is_own_class(type(node)) else None
        interface.class_name = name if is_own_class(maker) else None
        interface.plain = tuple(kind for kind in PLAIN if kind is not type(node))
        in_place = {f"{symbol}=": operation for symbol, operation in operators.items()}
        interface.operators = OPERATORS | operators | in_place
        interface.note(MADE_BY.format(name))
        yield interface


def _find_makers(namespace: Namespace) -> Iterator[tuple[str, Any]]:
    """Classes and functions by the names that makers have."""
    lower = {name.lower(): name for name in reversed(list(namespace))}
    for wanted in (*(name.lower() for name in CLASS_NAMES), *MAKERS):
        name = lower.get(wanted)
        maker = namespace.get(name) if name is not None else None
        if name is not None and (is_own_class(maker) or _takes_a_number(maker)):
            yield name, maker


def _takes_a_number(maker: Any) -> bool:
    return is_own_function(maker) and bool(Signature(maker, 0).names)


def _find_operations(node: Node, namespace: Namespace) -> Iterator[tuple[str, Operation]]:
    for symbol in OPERATION_NAMES:
        operation = _find_operation(symbol, node, namespace)
        if operation is not None:
            yield symbol, operation


def _find_operation(symbol: str, node: Node, namespace: Namespace) -> Operation | None:
    """A function of the file, or a method or an entry of the node, for an operation."""
    for name in OPERATION_NAMES[symbol]:
        function = namespace.get(name)
        if is_own_function(function):
            return function
        if isinstance(node, dict) and callable(node.get(name)):
            return _by_entry(name)
        if callable(getattr(node, name, None)) and not isinstance(node, (dict, tuple, list)):
            return _by_method(name)
    return None


def _by_entry(name: str) -> Operation:
    return lambda left, right: left[name](right)


def _by_method(name: str) -> Operation:
    return lambda left, right: getattr(left, name)(right)
