"""The root that a way to run backward is looked for, and names that may belong to one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, members_of
from worker.driver.base.names import OPERATION_NAMES, SHOWING
from worker.driver.base.signatures import is_unwritten, signature_of
from worker.driver.engine.hints import Hints
from worker.driver.graph.engine import Engine
from worker.driver.graph.functions import ALL_NAMES
from worker.driver.node.numbers import Node

OPERATIONS = ALL_NAMES.union(*OPERATION_NAMES.values())  # the names of all operations
_SOUNDS_BACKWARD = ("back", "grad", "deriv", "diff", "propag", "revers", "adjoint", "chain")
GETTER_NAMES = ("gradients", "get_gradients")  # usual names that may belong to a getter too


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A root, its engine as far as it is known, and the hints.

    `names` are the usual names of backward that the root has and that are written. `is_strict` says
    that the class has a method of such a name, so that no other name is tried: it would repair a
    wrong engine.
    """

    root: Node
    engine: Engine
    hints: Hints
    names: tuple[str, ...]
    is_strict: bool


def find_target(root: Node, engine: Engine, hints: Hints) -> Target:
    """The target. What a node keeps under a usual name may be its own step, so it isn't strict."""
    names = tuple(n for n in hints.backward_names if attempt(has_call, root, n) is True)
    names = tuple(n for n in names if not is_unwritten(find_member(type(root), n)))
    is_dict = isinstance(root, dict)
    return Target(
        root=root,
        engine=engine,
        hints=hints,
        names=names,
        is_strict=any(
            is_dict or find_member(type(root), name) is not None
            for name in names
            if name not in GETTER_NAMES or hints.names_backward
        ),
    )


def has_call(node: Node, name: str) -> bool:
    """Whether the node has something under that name that can be called."""
    return callable(node.get(name) if isinstance(node, dict) else getattr(node, name, None))


def sounds_backward(name: str) -> bool:
    """Whether a function of that name may have to do with gradients."""
    lower = name.lower()
    return any(part in lower for part in _SOUNDS_BACKWARD)


def may_be_backward(name: str) -> bool:
    """Whether a function of that name is no operation, and doesn't draw or print something."""
    return name not in OPERATIONS and not any(part in name.lower() for part in SHOWING)


def required_by(member: Any) -> list[str]:
    """The parameters that a method needs."""
    signature = signature_of(member)
    return signature.required if signature is not None else []


def likely_methods(kind: type, target: Target) -> list[str]:
    """The usual names, then, unless the target is strict, the class's names that sound like one."""
    usual = target.hints.backward_names
    if target.is_strict:
        return list(usual)
    return [*usual, *(n for n in members_of(kind) if n not in usual and sounds_backward(n))]
