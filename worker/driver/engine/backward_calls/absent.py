"""What stands in for backward if a file has none that can be called: it says why."""

from __future__ import annotations

from typing import Any

from worker.driver.base.errors import RefusedError
from worker.driver.base.members import find_member
from worker.driver.base.messages import describe, kind_of
from worker.driver.base.names import SETTING_BACK, SHOWING, words
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.base.signatures import is_unwritten, signature_of
from worker.driver.engine.backward_calls import functions, methods
from worker.driver.engine.backward_calls.target import (
    OPERATIONS,
    find_target,
    required_by,
    sounds_backward,
)
from worker.driver.engine.hints import Hints
from worker.driver.file.placeholders import find_base, to_error
from worker.driver.graph.engine import BackwardCall, Engine, Make
from worker.driver.node.numbers import Node
from worker.driver.node.positions import methods_of

MOST_NAMES = 8
MOST_LETTERS = 40  # of a method's name
UNWRITTEN = "{}() isn't written yet."
ASKS = "{}() asks for {}. L.{}() must work without arguments."
ABSENT = "{} has no {}()."
METHODS, FUNCTIONS = " Its methods: {}.", " The file's functions: {}."
NAME_IT = (
    " If one of them runs the backward pass, name it in a comment at the top of the file: "
    "# chainrule: backward=NAME."
)
NONE = " Nothing else in it could run the backward pass."
_SEEDS = words("g seed up upstream out output incoming v value delta adj one err error")
_LAST = (*SHOWING, *SETTING_BACK)


def find_last(node: Node, engine: Engine, hints: Hints) -> BackwardCall:
    """A usual backward that raises an exception, so that tests show it, or why there is none.

    `node` is a node whose methods are listed.
    """
    target = find_target(node, engine, hints)
    for name in hints.backward_names:
        member = find_member(type(node), name)
        required = [] if is_unwritten(member) else required_by(member)
        if len(required) > 1 or (required and not _is_about_gradient(required[0])):
            return _refuse(ASKS.format(name, _join(required), name), f"{name}()")
    for call in (*methods.find_usual(target), *functions.find(target)):
        if call.is_usual:
            return call
    for name in hints.backward_names:
        if is_unwritten(find_member(type(node), name) or functions.find_function(name, engine)):
            return _refuse(UNWRITTEN.format(name), f"{name}()")
    owner = kind_of(node) if engine.kind is not None else "The file"
    message = ABSENT.format(owner, hints.backward_names[0])
    if (base := find_base(type(node))) is not None:  # a missing file may have it
        return _refuse(f"{message} {describe(to_error(base))}")
    fit = [name for name, signature in methods_of(type(node)) if len(signature.required) <= 1]
    own = [n for n in engine.namespace if _takes_one(functions.find_function(n, engine))]
    for listed, names in ((METHODS, fit), (FUNCTIONS, own)):
        if listing := _list(names):
            advice = "" if hints.names_backward else NAME_IT  # a name that was given stays
            return _refuse(message + listed.format(listing) + advice)
    return _refuse(message + NONE)


def _takes_one(function: Any) -> bool:
    signature = signature_of(function, bound=0)
    return signature is not None and len(signature.required) == 1


def _is_about_gradient(parameter: str) -> bool:
    """Whether a parameter may be the output's own gradient."""
    name = parameter.lower().strip("_")
    return name in _SEEDS or sounds_backward(name) or name.startswith("d")


def _refuse(message: str, shown: str = "") -> BackwardCall:
    def call(_root: Node, _make: Make) -> None:
        raise RefusedError(UNSUPPORTED, message)

    return BackwardCall(shown, call, note=message)


def _list(names: list[str]) -> str:
    """The names that may belong to a backward, the likeliest first."""
    names = [n for n in dict.fromkeys(names) if n not in OPERATIONS and len(n) <= MOST_LETTERS]
    names.sort(key=lambda n: (any(part in n.lower() for part in _LAST), n.startswith("_")))
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _join(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
