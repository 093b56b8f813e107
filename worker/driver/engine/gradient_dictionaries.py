"""Gradients in a dictionary of nodes, which the class keeps, or the file, or an object beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import AbsentError
from worker.driver.base.members import is_own_class, members_of
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.places import Read

BY_NODE = " (by node)"  # ends the name under which such gradients are told


class Dictionary:
    """A place that has a dictionary, read for what that has for a node itself, or for its id."""

    def __init__(self, get: Read) -> None:
        self._get = get

    def __call__(self, node: Node) -> Any:
        """The node's gradient. Raises AbsentError where the dictionary has none."""
        try:
            return self.look_up(self._get(node), node)
        except KeyError:
            raise AbsentError from None

    def look_up(self, held: Any, node: Node) -> Any:
        """What such a dictionary has for a node. Raises KeyError for nothing."""
        for key in (node, id(node)):
            try:
                if key in held:
                    return held[key]
            except TypeError:  # such a node can be no key
                continue
        raise KeyError

    def run(self, backward: Callable[[Node], Any]) -> Callable[[Node], Any]:
        """Runs backward, and gives the dictionary that there is then: it may be another one."""

        def run(node: Node) -> Any:
            backward(node)
            return self._get(node)

        return run


def is_dictionary(read: Read, node: Node) -> bool:
    """Whether there is a dictionary in that place."""
    return isinstance(attempt(read, node), Mapping)


def find_dictionaries(interface: Interface) -> Iterator[tuple[str, Read]]:
    """Each dictionary of the file, its classes and its objects that may have gradients."""
    namespace, nodes = interface.namespace, interface.kind or type(None)
    for name, thing in list(namespace.items()):
        if isinstance(thing, Mapping):
            yield f"{name}{BY_NODE}", Dictionary(partial(_look_up, namespace, name))
        elif is_own_class(thing):
            yield from _find_in(name, thing, members_of(thing))
        elif is_own_class(type(thing)) and not issubclass(type(thing), nodes):
            held = attempt(vars, thing)
            if held is not FAILED:
                yield from _find_in(name, thing, held)


def _look_up(namespace: dict[str, Any], name: str, _: Node) -> Any:
    return namespace.get(name)  # as it is by then: a function may put a new one there


def _find_in(name: str, holder: Any, held: Mapping[str, Any]) -> Iterator[tuple[str, Read]]:
    for attribute in [n for n, thing in list(held.items()) if isinstance(thing, Mapping)]:
        yield f"{name}.{attribute}{BY_NODE}", Dictionary(partial(_get, holder, attribute))


def _get(holder: Any, attribute: str, _: Node) -> Any:
    return getattr(holder, attribute)
