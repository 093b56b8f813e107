"""How programs write the parts of an engine: its class, numbers, gradients and backward."""

from __future__ import annotations

import re
from collections.abc import Iterator
from keyword import iskeyword

from worker.report.model import Interface

ROOT = "root"  # the output, where a way to run backward takes it as an argument
CLASS, DATA, GRAD, BACKWARD = "Value(", ".data", ".grad", ".backward()"

_call = re.compile(r"([^\W\d]\w*(?:\(\))?(?:\.[^\W\d]\w*)*)\(([^()]*)\)")
_seed = re.compile(r"(?:[01](?:\.0)?)?", re.ASCII)  # of backward; empty if it gets none
_item = re.compile(r'\["[A-Za-z_]\w*"\]', re.ASCII)  # of a node that is a dictionary
_argument = re.compile(r"(?:^|[=( ])([A-Za-z_]\w*)(?=[,)]|$)", re.ASCII)  # such as a tape
_first_name = re.compile(r"([A-Za-z_]\w*)(?:\.|\((?:root|leaf|\{\})| \(by)", re.ASCII)


def find_spellings(interface: Interface) -> dict[str, str | None]:
    """Returns how an engine writes each part of a program; None for a part that it can't write.

    An engine without a way to run backward keeps the usual one.
    """
    backward = spell_backward(interface.backward or "backward()")
    if interface.seed is not None and _is_name(interface.seed):
        seed = f"{ROOT}.{interface.seed} = 1"
        alone = interface.backward == f"{interface.seed} = 1"
        backward = seed if alone else backward and f"{seed}; {backward}"
    name = interface.class_name or ""
    made = CLASS if interface.leaf is not None and not name else None  # it is written already
    data, grad = (
        f".{shown}" if _is_attribute(shown) else shown if _item.fullmatch(shown) else None
        for shown in (interface.data, interface.grad)
    )
    return {
        CLASS: f"{name}(" if all(map(_is_name, name.split("."))) else made,
        DATA: data,
        GRAD: grad,
        BACKWARD: backward,
    }


def describe_parts(interface: Interface) -> dict[str, str]:
    """Returns what is unusual about each part of an engine, for a part that it can't write."""
    backward, grad = interface.backward or "backward()", interface.grad
    if grad == backward:
        gradient = f"gradient by {backward}"
    elif grad.startswith("returned "):
        gradient = f"gradient {grad.replace('returned', f'returned by {backward}', 1)}"
    else:
        gradient = f"gradient in {grad}"
    return {
        CLASS: "nodes are made by functions",
        DATA: f"number in {interface.data}",
        GRAD: gradient,
        BACKWARD: gradient if grad == backward else f"backward by {backward}",
    }


def _is_attribute(shown: str) -> bool:
    """Whether it is a name, a method's name with (), or names with dots between them."""
    return all(map(_is_name, shown.removesuffix("()").split(".")))


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(text)


def find_used(interface: Interface) -> Iterator[str]:
    """Yields the names of the file's functions and objects that programs use."""
    used = [interface.backward or "", interface.grad, *interface.functions.values()]
    leaf = interface.leaf or ""
    if interface.class_name is None:
        used.append(leaf)
    else:
        yield interface.class_name.partition(".")[0]
    for written in used:
        if (name := _first_name.match(written)) and name[1] != ROOT:
            yield name[1]
    yield from _argument.findall(leaf)


def spell_backward(way: str) -> str | None:
    """Returns the call that runs backward on `root`; None if it needs anything else.

    >>> spell_backward("backprop(1.0)"), spell_backward("run(root)"), spell_backward("g = run(L)")
    ('root.backprop(1.0)', 'run(root)', None)
    >>> spell_backward("backward(node)"), spell_backward("tape.run(root)")
    ('root.backward(root)', 'tape.run(root)')
    """
    if _item.fullmatch(way.removesuffix("()")):
        return f"{ROOT}{way}"
    match = _call.fullmatch(way)
    if match is None or not way.isprintable():
        return None
    function, arguments = match[1], match[2].split(", ")
    if arguments == ["node"] and function.isidentifier():  # a static method
        return f"{ROOT}.{function}({ROOT})"
    if arguments[0] == ROOT and all(map(_seed.fullmatch, arguments[1:])):
        return way
    if function.isidentifier() and all(map(_seed.fullmatch, arguments)):
        return f"{ROOT}.{way}"
    return None
