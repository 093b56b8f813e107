"""The ways to run backward from a node that a file may offer, the usual ones first."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.errors import RefusedError
from worker.driver.base.members import find_member, is_own_class, is_own_function, members_of
from worker.driver.base.messages import kind_of
from worker.driver.base.names import BACKWARD_NAMES
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.places import methods_of

Run = Callable[[Node], Any]

_ones_like: Callable[[Any], Any] | None = getattr(sys.modules.get("numpy"), "ones_like", None)

SEEDED = "{}() begins with the output's own gradient as it is: it was set to 1 before."


class Way:
    """A way to run backward: how it is told, and the call."""

    def __init__(self, shown: str, run: Run, note: str = "", usual: bool = False) -> None:
        self.shown, self.run, self.note, self.usual = shown, run, note, usual


def call_method(name: str, *arguments: Any) -> Run:
    """Calls the node's method of that name."""

    def run(node: Node) -> Any:
        method = _get(node, name)
        if not callable(method):
            raise RefusedError(UNSUPPORTED, f"{kind_of(node)} has no method {name}().")
        return method(*arguments)

    return run


def find_ways(
    node: Node, interface: Interface, seeds: tuple[str, ...], declared: str | None = None
) -> Iterator[Way]:
    """Each way to run backward from such a node. `seeds` are attributes that a caller sets to 1.

    Where there is a method of a usual name, or of the declared one, no other is looked for. What
    a node keeps under such a name may be its own step alone.
    """
    usual = BACKWARD_NAMES if declared is None else (declared,)
    names = [name for name in usual if attempt(has_call, node, name) is True]
    is_dict = isinstance(node, dict)
    strict = any(is_dict or find_member(type(node), name) is not None for name in names)
    for name in names:
        for way in _by_method(node, name, interface):
            way.usual = True
            yield way
    yield from _by_function(interface, usual, strict)
    yield from _by_keeper(interface, usual, strict)
    yield from _by_companion(node, interface, usual, strict)
    for seed in seeds:
        for name in names:
            seeded = _seed(seed, call_method(name), interface)
            yield Way(f"{name}()", seeded, SEEDED.format(name))
        yield Way(f"{seed} = 1", _seed(seed, _do_nothing, interface))
    for name in usual:
        if type(find_member(type(node), name)) is property:
            yield Way(name, attrgetter(name))
    if not strict and declared is None:
        for name in _other_methods(type(node)):
            yield from _by_method(node, name, interface)


def asks_for_nothing(kind: type, name: str) -> bool:
    """Whether the class has a method of that name that can be called without arguments."""
    member = find_member(kind, name)
    if member is None or not callable(getattr(kind, name, None)):
        return False
    signature = signature_of(member)
    return signature is None or not signature.required


def _by_method(node: Node, name: str, interface: Interface) -> Iterator[Way]:
    member = find_member(type(node), name)
    if type(member) is staticmethod:
        yield Way(f"{name}(node)", lambda node: getattr(node, name)(node))
        return
    required = len(_required(member))
    if required == 0:
        yield Way(f"{name}()", call_method(name))
    elif required == 1:
        yield Way(f"{name}(1.0)", call_method(name, 1.0))
        yield Way(f"{name}(1.0)", lambda node: call_method(name, interface.make(1.0))(node))
        if _ones_like is not None:
            ones = _ones_like  # an array of the number's own shape
            held = interface.read_data
            yield Way(f"{name}(ones)", lambda node: call_method(name, ones(held(node)))(node))


def _required(member: Any) -> list[str]:
    signature = signature_of(member)
    return signature.required if signature is not None else []


def find_function(name: str, interface: Interface) -> Any:
    """The file's function of that name, unless it only became a method; None for nothing."""
    function = interface.namespace.get(name)
    if not is_own_function(function):
        return None
    kind = interface.kind
    return None if kind is not None and find_member(kind, name) is function else function


def _by_function(interface: Interface, usual: tuple[str, ...], strict: bool) -> Iterator[Way]:
    """A function of the file that is given the root: backward(root), or backward(root, 1.0)."""
    functions = {n: f for n in list(interface.namespace) if (f := find_function(n, interface))}
    names = [n for n in usual if n in functions]
    names += [n for n in functions if n not in names and sounds_backward(n) and not strict]
    for name in names:
        function = functions[name]
        signature = Signature(function, 0)
        if not signature.positional:
            continue
        required = len(signature.required)
        if required <= 1:
            yield Way(f"{name}(root)", function, usual=name in usual)
        elif required == 2:
            yield Way(f"{name}(root, 1.0)", _with_seed(function, last=True))
            yield Way(f"{name}(1.0, root)", _with_seed(function, last=False))


def _with_seed(function: Callable[[Any, Any], Any], last: bool) -> Run:
    return lambda node: function(node, 1.0) if last else function(1.0, node)


def sounds_backward(name: str) -> bool:
    """Whether a function of that name may have to do with gradients."""
    lower = name.lower()
    return any(part in lower for part in ("back", "grad", "deriv", "diff", "propag"))


def _by_keeper(interface: Interface, usual: tuple[str, ...], strict: bool) -> Iterator[Way]:
    """An object or a class of the file that is given the root: tape.backward(root)."""
    for name, thing in list(interface.namespace.items()):
        if is_own_class(type(thing)) and type(thing) is not interface.kind:
            for method in _likely_methods(type(thing), usual, strict):
                if len(_required(find_member(type(thing), method))) == 1:
                    yield Way(f"{name}.{method}(root)", getattr(thing, method))
        elif is_own_class(thing) and thing is not interface.kind:
            for method in _likely_methods(thing, usual, strict):
                yield from _by_class(name, thing, method)


def _by_companion(
    node: Node, interface: Interface, usual: tuple[str, ...], strict: bool
) -> Iterator[Way]:
    """An object that the node belongs to, which is given the node: node.tape.backward(node)."""
    held = attempt(vars, node)
    for name, thing in list(held.items()) if type(held) is dict else ():
        kind = type(thing)
        if is_own_class(kind) and not issubclass(kind, interface.kind or type(None)):
            for method in _likely_methods(kind, usual, strict):
                if len(_required(find_member(kind, method))) == 1:
                    yield Way(f"root.{name}.{method}(root)", _ask(name, method))


def _ask(name: str, method: str) -> Run:
    return lambda node: getattr(getattr(node, name), method)(node)


def _likely_methods(kind: type, usual: tuple[str, ...], strict: bool) -> list[str]:
    """The usual names, then those of the class that may have to do with gradients."""
    others = [n for n in members_of(kind) if n not in usual and sounds_backward(n)]
    return list(usual) if strict else [*usual, *others]


def _by_class(name: str, kind: Any, method: str) -> Iterator[Way]:
    member = members_of(kind).get(method)
    if type(member) in (staticmethod, classmethod):
        yield Way(f"{name}.{method}(root)", getattr(kind, method))
    elif len(_required(member)) == 1 and not _required(find_member(kind, "__init__")):
        yield Way(f"{name}().{method}(root)", lambda node: getattr(kind(), method)(node))


def _seed(name: str, run: Run, interface: Interface) -> Run:
    """Sets the root's own gradient to 1 before. The number may have to be a node, too."""

    def seeded(node: Node) -> Any:
        held = _get(node, name)
        is_node = interface.kind is not None and isinstance(held, interface.kind)
        one = interface.make(1.0) if is_node else 1.0
        if isinstance(node, dict):
            node[name] = one
        else:
            setattr(node, name, one)
        return run(node)

    return seeded


def has_call(node: Node, name: str) -> bool:
    """Whether the node has something under that name that can be called."""
    return callable(_get(node, name))


def _get(node: Node, name: str) -> Any:
    return node.get(name) if isinstance(node, dict) else getattr(node, name, None)


def _do_nothing(_: Node) -> None:
    """Backward, where setting the output's gradient is all that there is to do."""


def _other_methods(kind: type) -> Iterator[str]:
    """The class's methods of other names that ask for nothing, or for one thing; public first."""
    fit = [name for name, signature in methods_of(kind) if len(signature.required) <= 1]
    yield from sorted(fit, key=lambda name: name.startswith("_"))
    if find_member(kind, "__call__") is not None:
        yield "__call__"
