"""Writes the engine: a class in which each form is a method, with a closure for each operand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from tests.strength.forms.form import Form, Shape
from tests.strength.forms.table import FORMS
from worker.graph import BINARY

METHODS: Mapping[str, str] = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "**": "pow",
    "neg": "__neg__",
    "abs": "__abs__",
}
SUFFIXES: Mapping[Shape, str] = {
    Shape.VALUES: "_value",
    Shape.NUMBER_RIGHT: "_number",
    Shape.IN_PLACE: "_value_in_place",
    Shape.IN_PLACE_NUMBER: "_number_in_place",
}
HEAD = """\
import itertools
import math

ages = itertools.count()


class Value:
    def __init__(self, data, children=()):
        self.data = float(data)
        self.grad = 0.0
        self.children = children
        self.steps = ()
        self.age = next(ages)

"""
# Students visit nodes in different orders. What a mistake does may depend on it.
DEPTH_FIRST = """\
    def backward(self):
        order, seen = [], set()
        def visit(node):
            if node not in seen:
                seen.add(node)
                for child in {children}:
                    visit(child)
                order.append(node)
        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for step in node.steps:
                step()
"""
BY_AGE = """\
    def backward(self):
        nodes = {self}
        pending = [self]
        for node in pending:
            pending += [child for child in node.children if child not in nodes]
            nodes.update(node.children)
        self.grad = 1.0
        for node in sorted(nodes, key=lambda node: node.age, reverse=True):
            for step in node.steps:
                step()
"""
TRAVERSALS: Mapping[str, str] = {
    "left first": DEPTH_FIRST.format(children="node.children"),
    "right first": DEPTH_FIRST.format(children="node.children[::-1]"),
    "by age": BY_AGE,
}


@dataclass(slots=True, kw_only=True)
class Method:
    """The method of a form, in parts that a mistake may change.

    `closures` has the statements of each operand's closure, `owner` whose steps they become.
    """

    name: str
    parameter: str
    first: list[str] = field(default_factory=list)
    value: str
    children: list[str]
    closures: dict[str, list[str]]
    owner: str = "out"
    result: str = "out"

    def write(self) -> str:
        """The method as text."""
        lines = [f"def {self.name}(self{', ' if self.parameter else ''}{self.parameter}):"]
        children = "".join(f"{child}, " for child in self.children)
        lines += [f"    {line}" for line in self.first]
        lines += [f"    out = Value({self.value}, ({children.strip()}))"]
        for operand, statements in self.closures.items():
            lines += [f"    def to_{operand}():", *(f"        {line}" for line in statements)]
        steps = "".join(f"to_{operand}, " for operand in self.closures).strip()
        lines += [f"    {self.owner}.steps = ({steps})", f"    return {self.result}"]
        return "\n".join(lines)


def make_method(form: Form) -> Method:
    """The right method of a form."""
    return Method(
        name=name_method(form.operation, form.shape),
        parameter=form.parameter,
        value=form.value,
        children=list(form.slopes),
        closures={operand: [give(form, operand)] for operand in form.slopes},
    )


def give(form: Form, operand: str, sign: str = "+=") -> str:
    """The statement that gives an operand its part of the gradient."""
    return f"{operand}.grad {sign} {times(form.slopes[operand], 'out.grad')}"


def times(slope: str, upstream: str) -> str:
    """A slope times the gradient that comes in, as a student writes it."""
    if slope in ("1", "-1"):
        return slope.replace("1", upstream)
    return f"({slope}) * {upstream}" if " if " in slope else f"{slope} * {upstream}"


def name_method(operation: str, shape: Shape) -> str:
    """The name of a form's method."""
    name = METHODS.get(operation, operation)
    if shape is Shape.NUMBER_LEFT:
        return f"__r{name}__"
    return name + SUFFIXES.get(shape, "")


def write_engine(
    traversal: str, *, without: Collection[str] = (), broken: Collection[str] = ()
) -> str:
    """The whole engine, right in everything.

    Operations (`**`, `neg`, `tanh`) may be left out, or broken: with a wrong value and no gradient.
    """
    parts = [HEAD]
    for operator in BINARY:
        if operator in without:
            continue
        name = METHODS[operator]
        for head, end in ((f"__{name}__", ""), (f"__i{name}__", "_in_place")):
            parts.append(
                f"    def {head}(self, other):\n"
                f"        if isinstance(other, Value):\n"
                f"            return self.{name}_value{end}(other)\n"
                f"        return self.{name}_number{end}(other)\n\n"
            )
    for form in FORMS:
        if form.operation in without:
            continue
        method = make_method(form)
        if form.operation in broken:
            method.value += " + 1"
            method.closures = {operand: ["pass"] for operand in method.closures}
        text = method.write()
        parts.append("".join(f"    {line}\n" for line in text.splitlines()) + "\n")
    return "".join([*parts, TRAVERSALS[traversal]])


def compile_method(text: str) -> CodeType:
    """The method's code, to be put into any engine."""
    return compile(text, "mutant", "exec")


WHOLE: Mapping[str, CodeType] = {
    traversal: compile(write_engine(traversal), "engine", "exec") for traversal in TRAVERSALS
}


def build(traversal: str, name: str = "", method: CodeType | None = None) -> type:
    """The engine's class, with another method of that name if there is one."""
    namespace: dict[str, Any] = {"__name__": "student"}
    exec(WHOLE[traversal], namespace)
    value: type = namespace["Value"]
    if method is not None:
        exec(method, namespace)
        setattr(value, name, namespace[name])
    return value
