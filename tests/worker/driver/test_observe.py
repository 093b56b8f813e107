"""The driver's answer to a graph that it computes with a student's class."""

from __future__ import annotations

import gc
import math
import sys
from types import ModuleType
from typing import Any

import pytest

from tests.worker.driver.in_process import PRODUCT, ask, failure, line_of, observe, undisturbed
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.messages import (
    LIBRARIES,
    MODULE,
    NEIGHBOUR,
    NO_NUMPY,
    OUT_OF_MEMORY,
    describe,
)
from worker.driver.engine.backward_calls.absent import NONE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import limit_recursion
from worker.driver.graph.reading import SAY_IT
from worker.driver.load import load as load_file

SIGNS = [("-", "sub"), ("/", "truediv"), ("**", "pow")]


@pytest.mark.parametrize(("sign", "name"), SIGNS)
def test_a_missing_operator_is_unsupported(sign: str, name: str) -> None:
    program = f"a = Value(2)\nb = Value(3)\nc = a {sign} b"
    verdict, message = failure(HONEST, program, "c")
    assert verdict == "unsupported"
    assert message == (f"Value {sign} Value is not supported: Value.__{name}__ is missing.")


def test_an_exception_whose_class_raises_is_an_error_like_others() -> None:
    source = HONEST + (
        "class Odd(Exception):\n    __class__ = property(lambda self: 1 / 0)\n"
        "def multiply(self, other): raise Odd('no')\nValue.__mul__ = multiply\n"
    )
    verdict, message = failure(source, PRODUCT, "c")
    assert verdict == "error"
    assert message.startswith("Odd: no (line ")


@pytest.mark.parametrize(("sign", "name"), [*SIGNS, ("+", "add"), ("*", "mul")])
def test_a_missing_reflected_operator_is_unsupported(sign: str, name: str) -> None:
    verdict, message = failure(HONEST, f"a = Value(2)\nc = 3 {sign} a", "c")
    assert verdict == "unsupported"
    assert message == f"int {sign} Value is not supported: Value.__r{name}__ is missing."


def test_an_operator_that_rejects_a_number_is_unsupported() -> None:
    source = HONEST.replace(
        "def __mul__(self, other):", "def __mul__(self, other):\n        return NotImplemented"
    )
    assert failure(source, "a = Value(2)\nb = a * 2.5", "b") == (
        "unsupported",
        "Value * float is not supported: Value.__mul__ doesn't accept float.",
    )


def test_an_operation_that_is_not_implemented_is_unsupported() -> None:
    source = HONEST + "    def __neg__(self):\n        raise NotImplementedError('later')\n"
    assert failure(source, "a = Value(2)\nb = -a", "b") == (
        "unsupported",
        f"Value.__neg__ isn't written yet (line {line_of(source, '__neg__')}).",
    )
    inner = HONEST + "    def __neg__(self):\n        return self.later()\n"
    inner += "    def later(self):\n        raise NotImplementedError"
    assert failure(inner, "a = Value(2)\nb = -a", "b") == (
        "unsupported",
        f"later() isn't written yet (line {line_of(inner, 'raise')}).",
    )
    told = failure(f"{inner}('maybe')\n", "a = Value(2)\nb = -a", "b")
    assert told == ("unsupported", f"NotImplementedError: maybe (line {line_of(inner, 'raise')})")


@pytest.mark.parametrize(
    ("program", "lack"),
    [
        ("b = a.tanh()", "Value has no tanh()."),
        ("b = -a", "Value has no __neg__."),
        ("b = abs(a)", "Value has no __abs__."),
        ("a.backward()", f"Value has no backward().{NONE}"),
    ],
)
def test_a_missing_function_is_unsupported(program: str, lack: str) -> None:
    source = "class Value:\n    def __init__(self, data): self.data = data\n    __add__ = None\n"
    assert failure(source, f"a = Value(2)\n{program}") == ("unsupported", lack)


def test_a_node_lives_no_longer_than_in_the_program() -> None:
    source = """\
from weakref import ref
class Value:
    def __init__(self, data, *made_of):
        self.data, self.grad = data, 0
        self.made_of = [(ref(node), slope) for node, slope in made_of]
    def __add__(self, other):
        return Value(self.data + other.data, (self, 1), (other, 1))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other.data), (other, self.data))
    def backward(self, grad=1):
        self.grad += grad
        for node, slope in self.made_of:
            if node() is not None:
                node().backward(grad * slope)
"""
    program = "a = Value(2)\nb = Value(3)\nc = Value(4)\nL = (a * b + c) * a\nL.backward()"
    namespace: dict[str, Any] = {}
    exec(f"{source}\n{program}", namespace)
    own = namespace["a"].grad
    assert own == 10  # not 16: what the product was made of is forgotten by then
    assert observe(source, program, "a") == {"numbers": [2, own]}


def test_a_function_may_be_an_operator_a_method_or_in_the_file() -> None:
    source = HONEST + (
        "    def __neg__(self): return Value(-self.data)\n"
        "    def abs(self): return Value(abs(self.data))\n"
        "    def exp(self): return Value(1.0)\n"
        "from math import log, tanh as hyperbolic\n"
        "def tanh(x): return Value(hyperbolic(x.data))\n"
    )
    for function, number in (("-a", 2), ("abs(a)", 2), ("a.exp()", 1), ("a.tanh()", math.tanh(-2))):
        assert observe(source, f"a = Value(-2)\nb = {function}", "b") == {"numbers": [number, 0]}
    assert failure(source, "a = Value(2)\nb = a.log()", "b")[0] == "unsupported"


def test_in_place_operations_make_a_new_node_where_python_does() -> None:
    assert observe(HONEST, "a = Value(2)\na += Value(3)\na.backward()", "a") == {"numbers": [5, 1]}


def test_a_missing_coercion_is_unsupported_and_names_the_line() -> None:
    verdict, message = failure(HONEST, "a = Value(2)\nb = a + 2", "b")
    assert verdict == "unsupported"
    assert message.startswith("Value + int is not supported: AttributeError: 'int' object")
    assert message.endswith("(line 9)")


def test_a_missing_attribute_of_a_node_is_an_error_of_the_students_code() -> None:
    source = HONEST.replace("self.data + other.data", "self.data + other.date")
    verdict, message = failure(source, "a = Value(2)\nb = a + a", "b")
    assert verdict == "error"
    assert "'date'" in message


def test_an_engine_may_have_no_gradient_if_backward_never_came() -> None:
    source = HONEST.replace("        self.grad = 0.0\n", "").replace(
        "self.grad = 1.0",
        "for node in order:\n            node.grad = 0.0\n        self.grad = 1.0",
    )
    unrelated = "a = Value(2)\nc = Value(9)\nb = a + a\nb.backward()"
    assert observe(source, unrelated, "a", "c") == {"numbers": [2, 9, 2, None]}


def test_an_engine_without_any_gradient_is_unsupported() -> None:
    source = HONEST.replace("        self.grad = 0.0\n", "")
    assert failure(source, "a = Value(2)\nb = a + a", "a", "b") == (
        "unsupported",
        f"Value has no attribute grad. {SAY_IT}",
    )


def test_the_class_method_is_called_though_nodes_hold_a_closure() -> None:
    source = HONEST.replace("def backward(self)", "def backwards(self)").replace(
        "._step", ".backward"
    )
    assert observe(source, PRODUCT, "a")["numbers"] == observe(HONEST, PRODUCT, "a")["numbers"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tkinter.ttk", "this part of the standard library is not available here."),
        ("torch", LIBRARIES),
        ("settings", NEIGHBOUR),
        ("numpy", NO_NUMPY),
    ],
)
def test_a_missing_module_in_a_test_is_named(name: str, told: str) -> None:
    missing = ModuleNotFoundError(f"No module named {name!r}")
    assert describe(missing) == f"ModuleNotFoundError: No module named {name!r}: {told}"


def test_an_error_of_types_inside_the_students_code_is_not_unsupported() -> None:
    source = HONEST.replace("self.data * other.data", "self.data - other")
    verdict, message = failure(source, PRODUCT, "c")
    assert verdict == "error"
    assert message == "TypeError: unsupported operand type(s) for -: 'int' and 'Value' (line 19)"


def test_an_operator_with_the_wrong_parameters_is_an_error() -> None:
    source = HONEST + "    def __sub__(self):\n        pass\n"
    verdict, message = failure(source, "a = Value(2)\nb = a - a", "b")
    assert verdict == "error"
    assert "takes 1 positional argument but 2 were given" in message


@pytest.mark.parametrize(
    ("result", "told"),
    [
        ("self.data * 0 and None", "* gave int instead of a new node."),
        ("self.data", "* gave int instead of a new node."),
        ("lambda: 3", "* gave function instead of a new node."),
        ("self.data and ...", "* gave ellipsis instead of a new node."),
        ("__import__('math')", "* gave module instead of a new node."),
        ("ValueError('x')", "* gave ValueError instead of a new node."),
    ],
)
def test_a_result_that_is_no_node_is_an_error(result: str, told: str) -> None:
    source = HONEST + f"    def __mul__(self, other):\n        return {result}\n"
    assert failure(source, PRODUCT, "c") == ("error", told)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("def __mul__(self, o): yield", "generator: its body doesn't run, because it has `yield`."),
        (
            "async def __mul__(self, o):\n        ...",
            "coroutine: its body doesn't run, because it is `async`.",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
def test_a_generator_or_a_coroutine_is_no_node(written: str, told: str) -> None:
    kind, hint = told.split(": ", 1)
    verdict, message = failure(HONEST + f"    {written}\n", PRODUCT, "c")
    gc.collect()
    assert verdict == "error"
    assert message == f"* gave {kind} instead of a new node: {hint}"


def test_any_object_with_a_number_like_a_nodes_is_a_node() -> None:
    source = (
        HONEST + "    def __neg__(self):\n        return SimpleNamespace(data=7, grad=0)\n"
        "from types import SimpleNamespace\n"
    )
    assert observe(source, "a = Value(2)\nb = -a", "b") == {"numbers": [7, 0]}


def test_every_graph_starts_from_fresh_leaves() -> None:
    with undisturbed():
        interface = load_file(HONEST, ModuleType(MODULE))
        assert isinstance(interface, Engine)
        for _ in range(3):
            assert ask(interface, PRODUCT, "a") == {"numbers": [2, 3]}


def test_running_out_of_memory_in_a_test_is_reported() -> None:
    source = HONEST + "    def __sub__(self, other):\n        raise MemoryError\n"
    assert observe(source, "a = Value(2)\nb = a - a", "b") == OUT_OF_MEMORY


def test_an_update_makes_a_new_leaf_after_one_step_of_descent() -> None:
    program = "w = Value(3)\nL = w * w\nL.backward()\nw = Value(w.data - 0.25 * w.grad)"
    assert observe(HONEST, program, "w") == {"numbers": [1.5, 0]}


def test_an_update_without_a_gradient_changes_nothing() -> None:
    for grad in ("self.grad = None", "pass"):
        source = HONEST.replace("self.grad = 0.0", grad)
        program = "w = Value(3)\nv = Value(w.data - 0.25 * w.grad)"
        told = observe(source, program + "\nx = Value(1)", "v")
        assert told.get("numbers", [3])[0] == 3


def test_an_update_of_a_leaf_without_a_number_is_reported() -> None:
    source = HONEST.replace("self.data = data", "self.data = None")
    assert failure(source, "w = Value(3)\nv = Value(w.data - 0.25 * w.grad)")[0] == "invalid_output"


@pytest.mark.parametrize(
    ("steps", "limit"),
    [(0, 10_000), (10, 10_000), (1000, 30_000), (3667, 110_000), (10**6, 110_000)],
)
def test_calls_may_nest_as_deep_as_a_graph_needs_and_no_deeper(steps: int, limit: int) -> None:
    with undisturbed():
        limit_recursion(steps)
        assert sys.getrecursionlimit() == limit


def test_the_recursion_limit_is_set_again_for_each_graph() -> None:
    source = HONEST + "import sys\nsys.setrecursionlimit(200)\n"
    deep = "a = Value(1)\nx = a\nfor _ in range(900):\n    x = x + a\nx.backward()"
    assert observe(source, deep, "a") == {"numbers": [1, 901]}


RETURNLESS = "(self, other):\n        Value(self.data * other.data)\n"


def test_a_result_without_return_is_an_error() -> None:
    source = HONEST + f"    def __mul__{RETURNLESS}"
    told = "* gave None instead of a new node: is a return missing?"
    assert failure(source, PRODUCT, "c") == ("error", told)
