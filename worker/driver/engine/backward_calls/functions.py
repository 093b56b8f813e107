"""A function of the file that takes the root: backward(L), backward(L, 1.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.base.members import find_member, is_own_function
from worker.driver.base.signatures import Signature, is_unwritten
from worker.driver.engine.backward_calls.target import (
    Target,
    may_be_backward,
    sounds_backward,
)
from worker.driver.graph.engine import BackwardCall, Engine


def find(target: Target) -> Iterator[BackwardCall]:
    """Functions of the usual names, then of names that sound like one."""
    engine, usual = target.engine, target.hints.backward_names
    functions = {n: f for n in list(engine.namespace) if (f := find_function(n, engine))}
    functions = {n: f for n, f in functions.items() if not is_unwritten(f)}
    names = [n for n in usual if n in functions]
    names += [
        n for n in functions if n not in names and sounds_backward(n) and not target.is_strict
    ]
    for name in names:
        yield from _calls(name, functions[name], name in usual)


def find_others(target: Target) -> Iterator[BackwardCall]:
    """Functions of other names that need the root alone."""
    if target.is_strict or target.hints.names_backward:
        return
    for name in list(target.engine.namespace):
        function = find_function(name, target.engine)
        if not function or sounds_backward(name) or not may_be_backward(name):
            continue
        if len(Signature(function, 0).required) == 1:
            yield from _calls(name, function, is_usual=False)


def find_function(name: str, engine: Engine) -> Any:
    """The file's function of that name, unless it only became a method. None if there is none."""
    function = engine.namespace.get(name)
    if not is_own_function(function):
        return None
    kind = engine.kind
    return None if kind is not None and find_member(kind, name) is function else function


def _calls(name: str, function: Callable[..., Any], is_usual: bool) -> Iterator[BackwardCall]:
    signature = Signature(function, 0)  # type: ignore[arg-type] # it is one of the file's own
    required = len(signature.required)
    if not signature.positional:
        return
    if required <= 1:
        yield BackwardCall(f"{name}(root)", lambda root, _: function(root), is_usual=is_usual)
    elif required == 2:
        yield BackwardCall(f"{name}(root, 1.0)", lambda root, _: function(root, 1.0))
        yield BackwardCall(f"{name}(1.0, root)", lambda root, _: function(1.0, root))
