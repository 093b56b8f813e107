"""A backward that never sets the output's gradient is recognised, and run with it set."""

from __future__ import annotations

import pytest

from tests.worker.driver.in_process import found, observe
from tests.worker.sandbox.programs import HONEST

PROGRAM = "a = Value(2)\nb = Value(3)\nc = a * b\nd = c + a\nd.backward()"
RIGHT = {"numbers": [2, 3, 8, 4, 2, 1]}
SEED = "        self.grad = 1.0\n"
UNSEEDED = HONEST.replace(SEED, "")
ARRAYS = "import numpy as np\n" + UNSEEDED.replace(
    "self.data = data", "self.data = np.array(float(data))"
).replace("self.grad = 0.0", "self.grad = np.zeros_like(self.data)")
OF_THE_CLASS = """
class Value:
    grads = {}

    def __init__(self, data, inputs=()):
        self.data = data
        self.inputs = inputs

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self):
        for child, slope in self.inputs:
            part = slope * Value.grads.get(self, 0.0)
            Value.grads[child] = Value.grads.get(child, 0.0) + part
        for child, _ in self.inputs:
            child.backward()
"""
TAPE = """
class Tape:
    def __init__(self):
        self.steps = []

    def backward(self, root):
        while self.steps:
            self.steps.pop()()


tape = Tape()
""" + UNSEEDED[: UNSEEDED.index("    def backward")].replace(
    "out._step = step", "tape.steps.append(step)"
)
NODES = """
class Value:
    def __init__(self, data, inputs=()):
        self.data, self.inputs = data, inputs
        self.grad = None

    def __add__(self, other):
        return Value(self.data + other.data, (self, other))

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))
        out.is_product = True
        return out

    def backward(self):
        if self.inputs:
            a, b = self.inputs
            is_product = hasattr(self, "is_product")
            for node, other in ((a, b), (b, a)):
                part = self.grad * other if is_product else self.grad
                node.grad = part if node.grad is None else node.grad + part
            a.backward()
            b.backward()
"""

ENGINES = {
    "the line is missing": UNSEEDED,
    "the line is a comment": HONEST.replace(SEED, "        # self.grad = 1.0\n"),
    "only if there is no gradient": HONEST.replace(
        SEED, "        if self.grad is None:\n            self.grad = 1.0\n"
    ),
    "a seed of 0 by default": HONEST.replace("backward(self)", "backward(self, g=0.0)").replace(
        "grad = 1.0", "grad = g"
    ),
    "no seed by default": HONEST.replace("backward(self)", "backward(self, g=None)").replace(
        "grad = 1.0", "grad = g"
    ),
    "slots": UNSEEDED.replace(
        "class Value:", "class Value:\n    __slots__ = ('data', 'grad', 'children', '_step')"
    ),
    "behind a property": UNSEEDED.replace(".grad =", "._g =").replace(".grad +=", "._g +=")
    + "    @property\n    def grad(self):\n        return self._g\n",
    "behind a method": UNSEEDED.replace(".grad", "._grad")
    + "    def grad(self):\n        return self._grad\n",
    "None at the start": UNSEEDED.replace("self.grad = 0.0", "self.grad = None")
    .replace("self.grad +=", "self.grad = (self.grad or 0) +")
    .replace("other.grad +=", "other.grad = (other.grad or 0) +"),
    "arrays": ARRAYS,
    "a function": UNSEEDED.replace("    def backward(self):", "def backward(self):"),
    "a dictionary of the class": OF_THE_CLASS,
    "a tape": TAPE,
    "other names": UNSEEDED.replace(".grad", ".steigung").replace("backward", "ableiten"),
    "grad() runs it": UNSEEDED.replace(".grad", ".slope").replace("backward", "grad"),
    "another name of the gradient": UNSEEDED.replace(".grad", ".steigung"),
}


@pytest.mark.parametrize("source", ENGINES.values(), ids=ENGINES)
def test_an_engine_that_is_right_once_seeded_is_unseeded(source: str) -> None:
    account = found(source)
    assert account["unseeded"]
    assert "never sets the output's own gradient" in account["warning"]
    assert observe(source, PROGRAM, "a", "b", "d") == RIGHT


def test_gradients_that_are_nodes_are_seeded_with_a_node() -> None:
    assert found(NODES)["unseeded"]
    tree = "a = Value(2)\nb = Value(3)\nc = a * b\nc.backward()"
    assert observe(NODES, tree, "a", "b") == {"numbers": [2, 3, 3, 2]}


@pytest.mark.parametrize(
    ("right", "wrong", "numbers"),
    [
        ("self.grad += other.data", "self.grad += 2 * other.data", [7, 2]),
        ("self.grad += out.grad", "self.grad += 3 * out.grad", [10, 6]),
        ("reversed(order)", "[self]", [1, 0]),
        ("self.data * other.data, (", "self.data + other.data, (", [4, 2]),
    ],
)
def test_an_unseeded_engine_may_have_another_mistake(
    right: str, wrong: str, numbers: list[float]
) -> None:
    source = UNSEEDED.replace(right, wrong)
    assert found(source)["unseeded"]
    answer = observe(source, PROGRAM, "a", "b")
    assert answer["numbers"][2:] == numbers


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("reversed(order)", "[]"),
        (SEED, SEED + "        for node in order: node.grad = 0.0\n"),
        ("self.grad = 1.0", "order[0].grad = 1.0"),
        ("self.grad = 1.0", "self.grad = 2.0"),
        ("self.grad = 1.0", "raise ValueError"),
        ("self.grad = 1.0", "while True: len('')"),
        ("out._step = step", "pass"),
    ],
)
def test_other_mistakes_are_not_taken_for_it(right: str, wrong: str) -> None:
    account = found(HONEST.replace(right, wrong))
    assert (account["backward"], account["unseeded"], account["warning"]) == (
        "backward()",
        False,
        "",
    )


def test_gradients_that_stay_0_though_seeded_are_plainly_wrong() -> None:
    source = UNSEEDED.replace("reversed(order)", "[]")
    assert not found(source)["unseeded"]
    assert observe(source, PROGRAM, "a", "b", "d") == {"numbers": [2, 3, 8, 0, 0, 0]}


def test_a_backward_that_fails_only_once_is_not_unseeded() -> None:
    once = "L = []\ndef fail():\n    if not L:\n        L.append(1)\n        raise ValueError\n"
    source = once + HONEST.replace("self.grad = 1.0", "self.grad = 1.0; fail()")
    assert not found(source)["unseeded"]
