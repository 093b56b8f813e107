"""Functions, methods and operators that a program calls: which are found, and how."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.worker.driver.in_process import PRODUCT, ask, failure, line_of, observe, undisturbed
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.messages import (
    MODULE,
)
from worker.driver.graph.engine import Engine
from worker.driver.load import load as load_file


@pytest.mark.parametrize(
    ("source", "call"),
    [
        ("    def Tanh(self): return Value(7.0)\n", "a.tanh()"),
        ("    def ln(self): return Value(7.0)\n", "a.log()"),
        ("    def logistic(self): return Value(7.0)\n", "a.sigmoid()"),
        ("    def ReLU(self): return Value(7.0)\n", "a.relu()"),
        ("    def negate(self): return Value(7.0)\n", "-a"),
        ("    @staticmethod\n    def tanh(x): return Value(7.0 + 0 * x.data)\n", "a.tanh()"),
        ("def tanh(x): return Value(7.0)\n", "a.tanh()"),
        ("def ReLU(x): return Value(7.0)\n", "a.relu()"),
        ("class Tanh:\n    @staticmethod\n    def apply(x): return Value(7.0)\n", "a.tanh()"),
        ("class Tanh:\n    @staticmethod\n    def forward(x): return Value(7.0)\n", "a.tanh()"),
        ("class Tanh:\n    def forward(self, x): return Value(7.0)\n", "a.tanh()"),
        ("class Exp:\n    def __call__(self, x): return Value(7.0)\n", "a.exp()"),
        ("class Sin(Value):\n    def __init__(self, x): super().__init__(7.0)\n", "a.sin()"),
        ("class F:\n    @staticmethod\n    def cos(x): return Value(7.0)\n", "a.cos()"),
        ("sqrt = lambda x: Value(7.0)\n", "a.sqrt()"),
    ],
)
def test_a_function_is_found_by_any_usual_name(source: str, call: str) -> None:
    assert observe(HONEST + source, f"a = Value(2)\nb = {call}", "b")["numbers"][0] == 7


@pytest.mark.parametrize(
    "source",
    [
        "tanh = partial(made, 0)\n",
        "tanh = lru_cache(partial(made, 0).func)\ntanh = partial(tanh, 0)\n",
        "class Op:\n    def __call__(self, x): return made(0, x)\ntanh = Op()\n",
        "class Op:\n    def forward(self, x): return made(0, x)\ntanh = Op().forward\n",
        "tanh = singledispatch(lambda x: x)\ntanh.register(Value, partial(made, 0))\n",
        "F = SimpleNamespace(tanh=partial(made, 0))\n",
        "class F:\n    def tanh(self, x): return made(0, x)\nf = F()\n",
        "class F:\n    def __init__(self): self.tanh = partial(made, 0)\nf = F()\n",
        "class F:\n    @classmethod\n    def tanh(cls, x): return made(0, x)\n",
        "class F:\n    def tanh(x): return made(0, x)\n",
    ],
)
def test_a_function_may_be_anything_callable_with_a_node(source: str) -> None:
    tools = (
        "from functools import lru_cache, partial, singledispatch\n"
        "from types import SimpleNamespace\ndef made(_, x): return Value(7.0 + 0 * x.data)\n"
    )
    program = "a = Value(2)\nb = a.tanh()\nc = b.tanh()"
    assert observe(HONEST + tools + source, program, "b", "c")["numbers"] == [7, 7, 0, 0]


@pytest.mark.parametrize(
    "source",
    [
        "from math import tanh\n",
        "tanh = print\n",
        "class Neuron:\n    def tanh(self): return Value(7.0)\nn = Neuron()\n",
        "class F:\n    def tanh(self): return Value(7.0)\n",
        "class F:\n    def __getattr__(self, name): raise SystemExit\nf = F()\n",
        "class F:\n    tanh = 3\n    @classmethod\n    def sinh(cls): ...\n",
        "x = Value(3)\n",
    ],
)
def test_a_function_without_a_node_is_not_called(source: str) -> None:
    told = failure(HONEST + source, "a = Value(2)\nb = a.tanh()", "b")
    assert told == ("unsupported", "Value has no tanh().")


def test_a_function_in_a_namespace_must_make_a_node() -> None:
    number = "class N:\n    @classmethod\n    def tanh(cls, x): return math.tanh(x)\n"
    node = "class F:\n    def tanh(self, x): return Value(7.0)\nf = F()\n"
    program = "a = Value(2)\nb = a.tanh()"
    assert observe(HONEST + number + node, program, "b")["numbers"] == [7, 0]
    verdict, message = failure(HONEST + number, program, "b")
    assert (verdict, message[:9]) == ("error", "NameError")


def test_a_function_is_looked_up_once_for_each_class() -> None:
    source = (
        HONEST + "    def tanh(self): return Value(7.0)\n    def exp(self): return Value(8.0)\n"
    )
    with undisturbed():
        interface = load_file(source, ModuleType(MODULE))
        assert isinstance(interface, Engine)
        for _ in range(2):
            answer = ask(interface, "a = Value(2)\nb = a.tanh()\nc = b.exp()", "b", "c")
            assert answer["numbers"][:2] == [7, 8]
        assert len(interface.known_functions) == 2


def test_a_method_may_replace_a_missing_operator() -> None:
    methods = HONEST.replace("__mul__", "times")
    assert observe(methods, PRODUCT, "a", "b") == {"numbers": [2, 3, 3, 2]}
    in_place = PRODUCT.replace("c = a * b", "c = a\nc *= b")
    assert observe(methods, in_place, "a", "b") == {"numbers": [2, 3, 3, 2]}
    verdict, message = failure(methods, "a = Value(2)\nb = a * 3", "b")
    assert verdict == "unsupported"
    assert message.startswith("Value * int is not supported: AttributeError: 'int' object has no")


def test_a_method_replaces_no_operator_that_the_class_has() -> None:
    refuses = HONEST.replace(
        "def __mul__(self, other):",
        "def __mul__(self, other): return NotImplemented\n    def mul(self, other):",
    )
    verdict, message = failure(refuses, PRODUCT, "a")
    assert (verdict, message) == (
        "unsupported",
        f"Value.__mul__ isn't written yet (line {line_of(refuses, '__mul__')}).",
    )


def test_a_function_may_be_a_method_with_double_underscores() -> None:
    source = HONEST + "    def __exp__(self): return Value(7)\n"
    assert observe(source, "a = Value(2)\nb = a.exp()", "b") == {"numbers": [7, 0]}
