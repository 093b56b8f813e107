"""What programs of a report must know about an engine: its functions, and names that it needs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.worker.driver.in_process import found
from tests.worker.sandbox.programs import HONEST
from worker.driver.engine.constructor import ConvertingConstructor, PlainConstructor

TANH = "    def tanh(self): return Value(0.0)\n"


def functions(source: str) -> Any:
    return found(source)["functions"]


@pytest.mark.parametrize(
    ("source", "call"),
    [
        (HONEST + "\ndef tanh(x): return Value(0.0)", "tanh({})"),
        (HONEST + "\nfrom functools import partial\ntanh = partial(lambda n, x: x, 1)", "tanh({})"),
        (HONEST + "\nValue.Tanh = lambda self: Value(0.0)", "{}.Tanh()"),
        (HONEST + "\nValue.tanh = lambda self, scale: Value(0.0)", "{}.tanh(scale=1.0)"),
        (HONEST + "\nValue.__tanh__ = lambda self: Value(0.0)", "{}.__tanh__()"),
        (HONEST + "\nclass F:\n    @staticmethod\n    def tanh(x): return x * x", "F.tanh({})"),
        (HONEST + "\ndef tanh_(x): return x * x", "tanh_({})"),
        (
            HONEST + "\nfrom types import SimpleNamespace\nF = SimpleNamespace(tanh=lambda x: x)",
            "F.tanh({})",
        ),
        (HONEST + "\nclass F:\n    def tanh(self, x): return x * x", "F().tanh({})"),
        (HONEST + "\nclass F:\n    def tanh(self, x): return x * x\nf = F()", "F().tanh({})"),
        (
            HONEST + "\nclass F:\n    class tanh:\n        def forward(self, x): return x * x",
            "F.tanh().forward({})",
        ),
        (HONEST + "\nF = {'tanh': lambda x: x * x}", ""),
        (
            HONEST + "\nclass F:\n    def tanh(self, x): return x * x\nglobals()['a b'] = F\ndel F",
            "",
        ),
        (HONEST + "\nclass tanh:\n    def __call__(self, x): return x * x", "tanh()({})"),
        (
            HONEST + "\nclass tanh:\n    @staticmethod\n    def apply(x): return x * x",
            "tanh.apply({})",
        ),
        (
            HONEST + "\nValue.tanh = type('tanh', (), {'__call__': lambda s, x: x})",
            "Value.tanh()({})",
        ),
        (HONEST + "\ndef tanh_é(x): return x", None),
        (HONEST + "\ndef tanh(x): pass", None),
        (HONEST + "\nValue.tanh = lambda self: Value(0.0)", None),
        (HONEST, None),
    ],
)
def test_a_function_is_written_as_it_is_called(source: str, call: str | None) -> None:
    assert functions(source).get("tanh") == call


def test_abs_is_an_operator_where_the_class_has_it() -> None:
    assert "abs" not in functions(HONEST + "\nValue.__abs__ = lambda self: Value(0.0)")
    assert functions(HONEST + "\nValue.abs = lambda self: Value(0.0)")["abs"] == "{}.abs()"


def test_names_that_functions_of_the_file_read_are_taken() -> None:
    source = (
        "def w(x): return x\nk = 2\nn = 3\nmuch_too_long = 4\né = 1\n"
        + HONEST
        + "\nclass Other:\n    def f(self): return [w(i) for i in (n, much_too_long, é)]\n"
    )
    assert {"w", "n"} <= set(found(source)["taken"])
    others = {"k", "much_too_long", "é", "Value"}
    assert not others & set(found(source)["taken"])


def test_names_of_a_programs_own_variables_are_taken_too() -> None:
    reads = "\ndef tanh(x): return gradients, L, Value(0.0)\n"
    source = f"gradients = []\nclass L: pass\n{HONEST}{reads}"
    assert found(source)["taken"] == ["L", "gradients"]


@pytest.mark.parametrize(
    "more",
    [
        "Value.twice = property(lambda self: self.data * k)",
        "Value.twice = staticmethod(lambda x: x * k)",
        "def wrap(f): return lambda x: f(x)\nValue.twice = wrap(lambda self: self.data * k)",
        "import functools\nValue.twice = functools.cached_property(lambda self: self.data * k)",
    ],
)
def test_names_that_properties_and_decorated_functions_read_are_taken(more: str) -> None:
    assert "k" in found(f"k = 2\n{HONEST}\n{more}\n")["taken"]


def test_short_names_of_modules_are_taken_too() -> None:
    source = f"import math as m\n{HONEST}\ndef tanh(x): return Value(m.tanh(x.data))\n"
    assert "m" in found(source)["taken"]


def test_an_engine_whose_gradients_are_nodes_says_so() -> None:
    assert found(HONEST)["adapt"] == ""
    nodes = """
class Value:
    def __init__(self, data, parents=(), rule=None):
        self.data, self.grad, self.parents, self.rule = data, None, parents, rule
    def __add__(self, other): return Value(self.data + other.data, (self, other), lambda g: (g, g))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), lambda g: (g * other, g * self))
    def backward(self, g=None):
        g = g or Value(1.0)
        self.grad = g if self.grad is None else self.grad + g
        for parent, share in zip(self.parents, self.rule(g) if self.rule else ()):
            parent.backward(share)
"""
    assert found(nodes)["grad"] == "grad.data"


PASSES_ON = """
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
    def __add__(self, other): return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
"""


TAKES_NODES = """
    def backward(self, seed):
        self.grad += seed.data
        for p, d in self.parents: p.backward(Value(d * seed.data))
"""
RETURNS_NODES = """
def backward(root, seed=None, found=None):
    found = {} if found is None else found
    seed = seed or Value(1.0)
    found[root] = found[root] + seed if root in found else seed
    for p, d in root.parents: backward(p, seed * Value(d), found)
    return found
"""


@pytest.mark.parametrize(
    ("backward", "reason"),
    [(TAKES_NODES, "backward starts with a node"), (RETURNS_NODES, "gradients are nodes")],
)
def test_an_engine_whose_backward_takes_or_returns_nodes_says_so(
    backward: str, reason: str
) -> None:
    assert found(PASSES_ON + backward)["adapt"] == reason


def test_an_engine_with_a_name_that_is_cut_off_says_so() -> None:
    name = "Value" * 30
    assert found(HONEST.replace("Value", name))["adapt"] == "a name is very long"


TAPE = """
class Tape:
    def __init__(self): self.nodes = []
class Var:
    def __init__(self, tape, data, parents=()):
        self.tape, self.data, self.grad, self.parents = tape, data, 0.0, parents
        tape.nodes.append(self)
    def __add__(self, other):
        return Var(self.tape, self.data + other.data, ((self, 1.0), (other, 1.0)))
    def __mul__(self, other):
        parents = (self, other.data), (other, self.data)
        return Var(self.tape, self.data * other.data, parents)
    def backward(self):
        self.grad = 1.0
        for node in reversed(self.tape.nodes):
            for parent, slope in node.parents: parent.grad += slope * node.grad
"""


@pytest.mark.parametrize(
    ("more", "leaf"),
    [
        ("", "tape=Tape(), data={}"),
        ("Tape.__name__ = 'My tape'\n", "tape=Tape(), data={}"),
        ("def make(kind): return kind\nBand = make(Tape)\ndel Tape\n", "tape=Band(), data={}"),
        ("Ä = Tape\ndel Tape\n", None),
    ],
)
def test_an_object_that_leaves_belong_to_is_made_by_its_name_in_the_file(
    more: str, leaf: str | None
) -> None:
    assert found(TAPE + more)["leaf"] == leaf


def test_leaves_that_must_be_arrays_or_lists_cannot_be_written() -> None:
    plain = PlainConstructor(float)
    assert ConvertingConstructor(plain, float).written == "float({})"
    assert ConvertingConstructor(plain, list).written is None
