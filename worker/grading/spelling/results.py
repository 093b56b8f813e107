"""How programs find gradients that nodes don't hold themselves."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from worker.grading.spelling.parts import ROOT, find_used, spell_backward
from worker.report.model import Interface

VARIABLE, OTHER_VARIABLE = "gradients", "results"  # the other one if the file uses that name

_dictionary = re.compile(r"(\.?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*) \(by (node|id)\)", re.ASCII)
_returned = re.compile(r"returned \(by (\.?[A-Za-z_]\w*)(\(node\))?\)", re.ASCII)
_asked = re.compile(
    r"(?:leaf\.[A-Za-z_]\w*\(root\)|root\.[A-Za-z_]\w*\(leaf\)"
    r"|[A-Za-z_]\w*\((?:root, leaf|leaf, root|root, \[leaf\])\))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Results:
    """How a program runs backward and finds gradients where nodes don't hold them.

    `gradient` has {} for the node. `variables` are those that it needs. `first` is a line that must
    come before. `without_root` says that a dictionary without the output means that its gradient
    is 1. `of_many` is how it is written if backward runs several times.
    """

    backward: str
    gradient: str
    variables: tuple[str, ...] = ()
    first: str = ""
    without_root: bool = False
    of_many: Results | None = None


def spell_results(interface: Interface) -> Results | None:
    """Returns how a program finds gradients that a call gives, or that a dictionary keeps.

    None if nodes hold their gradients, or if it needs more than that. For example, an engine with
    `run(root)` and a gradient "returned (by id)" has `gradients.get(id({}))`.
    """
    way, grad = interface.backward or "backward()", interface.grad
    call = spell_backward(way)
    if interface.seed is not None or interface.unseeded:
        return None
    if grad == way and _asked.fullmatch(grad):
        asked = re.sub(r"\bleaf\b", "{}", re.sub(r"\broot\b", "output", grad))
        return _ask(asked + ("[0]" if "[" in grad else ""))
    if call is None:
        return None
    keys = {"node": "{}", "id": "id({})"}
    used = {*interface.taken, *find_used(interface)}
    variable = OTHER_VARIABLE if VARIABLE in used else VARIABLE
    if found := _returned.fullmatch(grad):
        key, is_method = found[1], found[2]
        if is_method:
            return Results(f"{variable} = {call}", f"{variable}.{key}({{}})", (variable,))
        key = keys.get(key, f"{{}}.{key.removeprefix('.')}")
        return _look_up(f"{variable} = {call}", variable, key)
    if found := _dictionary.fullmatch(grad):
        name, key = found[1], keys[found[2]]
        if name.startswith("."):  # each node has it
            lasting = Results(call, f"{{}}{name}.get({key})")
            return dataclasses.replace(lasting, of_many=lasting)
        return _look_up(f"{call}; {variable} = {name}", variable, key)
    return None


def _ask(asked: str) -> Results:
    """A call that gives the gradient of an output by a node."""
    many = Results(
        f"outputs.append({ROOT})",
        f"sum({asked} or 0 for output in outputs)",
        ("outputs", "output"),
        "outputs = []",
    )
    return Results(f"output = {ROOT}", asked, ("output",), of_many=many)


def _look_up(backward: str, variable: str, key: str) -> Results:
    """A dictionary that backward returns or leaves somewhere, in a variable.

    Several passes add up. If they give the same dictionary, it has the sums.
    """
    many = Results(
        f"{backward}; passes[id({variable})] = {variable}",
        f"sum({variable}.get({key}, 0) for {variable} in passes.values())",
        (variable, "passes"),
        "passes = {}",
        without_root=True,
    )
    return Results(backward, f"{variable}.get({key})", (variable,), without_root=True, of_many=many)
