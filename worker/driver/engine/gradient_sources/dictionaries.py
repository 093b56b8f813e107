"""A dictionary by node that the file, one of its classes or its objects keeps: Value.grads[x]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import AbsentError
from worker.driver.base.members import is_own_class, members_of
from worker.driver.engine.gradient_sources.results import collect_results
from worker.driver.engine.trials import Outcome
from worker.driver.graph.engine import BY_NODE, GraphRun, Make, Run, StoredGradient
from worker.driver.node.numbers import Node, NumberSource, Read
from worker.driver.ordering.ids import id_of


@dataclass(frozen=True, slots=True)
class DictionaryGradient:
    """What a dictionary has for a node after backward. Each backward may make a new dictionary."""

    shown: str
    get: Callable[[Node], Any]  # the dictionary; it takes the root

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        def run_and_get(root: Node) -> Any:
            run(root)
            return self.get(root)

        return collect_results(make, run_and_get, look_up, numbers)


@dataclass(frozen=True, slots=True)
class ReadDictionary:
    """Reads the dictionary that a node itself has, as it is at the time."""

    get: Read

    def __call__(self, node: Node) -> Any:
        """The node's gradient. Raises AbsentError if the dictionary has none."""
        try:
            return look_up(self.get(node), node)
        except KeyError:
            raise AbsentError from None


def node_dictionary(shown: str, get: Read) -> StoredGradient:
    """A dictionary by node that each node has under this name."""
    return StoredGradient(f"{shown}{BY_NODE}", ReadDictionary(get))


def look_up(gradients: Any, node: Node) -> Any:
    """The gradient of a node, by the node or by its id. Raises KeyError if there is none."""
    for key in (node, id_of(node)):
        try:
            if key in gradients:
                return gradients[key]
        except TypeError:  # such a node can be no key
            continue
    raise KeyError


def find(outcome: Outcome) -> Iterator[DictionaryGradient]:
    """Each dictionary of the file, of its classes and of its objects that are no nodes."""
    namespace, nodes = outcome.engine.namespace, outcome.engine.kind or type(None)
    for name, value in list(namespace.items()):
        if isinstance(value, Mapping):
            yield DictionaryGradient(f"{name}{BY_NODE}", _read_name(namespace, name))
        elif is_own_class(value):
            yield from _find_in(name, value, members_of(value))
        elif is_own_class(type(value)) and not issubclass(type(value), nodes):
            attributes = attempt(vars, value)
            if attributes is not FAILED:
                yield from _find_in(name, value, attributes)


def _find_in(name: str, owner: Any, members: Mapping[str, Any]) -> Iterator[DictionaryGradient]:
    for attribute in [n for n, value in list(members.items()) if isinstance(value, Mapping)]:
        yield DictionaryGradient(f"{name}.{attribute}{BY_NODE}", _read_attribute(owner, attribute))


def _read_name(namespace: dict[str, Any], name: str) -> Read:
    return lambda _: namespace.get(name)  # a function may put another dictionary there


def _read_attribute(owner: Any, attribute: str) -> Read:
    return lambda _: getattr(owner, attribute)
