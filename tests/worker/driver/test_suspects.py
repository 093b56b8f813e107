"""Classes that only look like an engine, or mean harm, get a verdict and a message."""

from __future__ import annotations

import pytest

from tests.worker.driver.in_process import PRODUCT, failure, load
from tests.worker.sandbox.programs import HONEST

SUSPECTS = {
    "a metaclass that makes nothing": (
        "class M(type):\n    def __call__(cls, *_): raise ValueError('no')\n"
        "class Value(metaclass=M):\n    def __add__(self, o): return self\n"
    ),
    "a metaclass that answers nothing": (
        "class M(type):\n    def __getattribute__(cls, name): raise KeyError(name)\n"
        "class Value(metaclass=M):\n    def __init__(self, data): self.data = data\n"
        "    def __add__(self, o): return self\n"
    ),
    "a metaclass that compares": (
        "class M(type):\n    def __eq__(cls, o): raise KeyError\n    __hash__ = None\n"
        "class Value(metaclass=M):\n    def __add__(self, o): return self\n"
    ),
    "properties that raise": (
        "class Value:\n    def __init__(self, data): ...\n"
        "    data = grad = property(lambda self: 1 / 0)\n"
        "    def __mul__(self, o): return self\n    def backward(self): pass\n"
    ),
    "an attribute for every name": (
        "class Value:\n    def __init__(self, data): ...\n"
        "    def __getattr__(self, name): return 5\n"
        "    def __mul__(self, o): return self\n"
    ),
    "a method for every name": (
        "class Value:\n    def __init__(self, data): pass\n"
        "    def __getattr__(self, name): return lambda *_: self\n"
        "    def __mul__(self, o): return self\n"
    ),
    "an exit for every name": (
        "class Value:\n    def __init__(self, data): pass\n"
        "    def __getattribute__(self, name): raise SystemExit\n"
        "    def __mul__(self, o): return self\n"
    ),
    "a name without end": (
        "class Value:\n    def __init__(self, data): pass\n"
        "    def __getattribute__(self, name): return getattr(self, name)\n"
        "    def __mul__(self, o): return self\n"
    ),
    "a constructor that interrupts": (
        "class Value:\n    def __init__(self, data): raise KeyboardInterrupt\n"
        "    def __mul__(self, o): return self\n"
    ),
    "slots without anything": (
        "class Value:\n    __slots__ = ()\n    def __init__(self, data): pass\n"
        "    def __mul__(self, o): return self\n"
    ),
    "numbers that exit": (
        "class F:\n    def __float__(self): raise SystemExit\n"
        "class Value:\n    def __init__(self, data): self.data = F()\n"
        "    def __mul__(self, o): return self\n"
    ),
    "a comparison without end": (
        "class Scalar:\n    def __init__(self, v): self.v = self.z = v\n"
        "    def __mul__(self, o): return Scalar(self.v * o.v)\n"
        "    def __eq__(self, o): return self == o\n    __hash__ = None\n"
        "    def backward(self): self == self\n"
    ),
    "an abstract class": (
        "from abc import ABC, abstractmethod\nclass Value(ABC):\n"
        "    @abstractmethod\n    def __mul__(self, o): ...\n"
    ),
    "a module that lies": (
        "class E:\n    def __eq__(self, other): raise SystemExit\n"
        "class Value:\n    __module__ = E()\n    def __mul__(self, other): return self\n"
    ),
    "members of an enum": (
        "import enum\nclass Value(enum.Enum):\n    A = 1\n    def __mul__(self, o): return self\n"
    ),
    "too many defaults": (
        "class Value:\n    def __init__(self, data): self.data = data\n"
        "    def __mul__(self, o): return self\nValue.__init__.__defaults__ = (1, 2, 3)\n"
    ),
}


@pytest.mark.parametrize("source", SUSPECTS.values(), ids=SUSPECTS)
def test_any_class_of_that_name_is_graded_unless_it_has_no_leaf(source: str) -> None:
    answer = load(source)
    if "problem" in answer:
        assert answer["problem"]["kind"] == "no_leaf"
        assert answer["problem"]["message"].startswith(
            "We couldn't make a leaf: Value(3.0) raised "
        )
        return
    assert answer["interface"]["class"] in {"Value", "Scalar"}
    verdict, message = failure(source, PRODUCT, "a")
    assert verdict in {"error", "unsupported", "invalid_output"}
    assert message


@pytest.mark.parametrize(
    "result",
    [
        "'15'",
        "self.data and None",
        "15j",
        "15",
        "[self]",
        "{}",
        "b''",
        "(n for n in ())",
        "self.data and NotImplemented",
    ],
)
def test_a_product_that_is_no_node_is_an_error(result: str) -> None:
    source = HONEST + f"    def __mul__(self, other):\n        return {result}\n"
    verdict, message = failure(source, PRODUCT, "a")
    assert verdict == ("unsupported" if "NotImplemented" in result else "error")
    assert message.startswith(("* gave", "Value * Value is not supported"))


LYING_DICTIONARY = """
class D(dict):
    def get(self, *_): raise SystemExit
def value(x): return D(data=x)
def mul(a, b): return D(data=1)
"""


@pytest.mark.parametrize(
    "source",
    [
        LYING_DICTIONARY,
        "def value(x):\n    raise KeyboardInterrupt\n",
        "def value(x):\n    return lambda: x\n",
        "def value(x):\n    return x\n",
        "def value(x):\n    return (x, 0)\n",
        "def value():\n    return {}\n",
        "value = 3\n",
    ],
)
def test_a_file_without_an_engine_is_a_problem(source: str) -> None:
    assert load(source)["problem"]["kind"] in {"no_class", "load_error"}
