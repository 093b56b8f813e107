"""A file without a backward is graded, and the message says what to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import PRODUCT, failure, found, observe
from tests.worker.sandbox.programs import HONEST
from worker.driver.graph.reading import SAY_IT

NONE = HONEST[: HONEST.index("    def backward")]
NAME_IT = (
    "If one of them runs the backward pass, name it in a comment at the top of the file: "
    "# chainrule: backward=NAME."
)
FORWARD = "a = Value(2)\nb = Value(3)\nc = a * b"


def explained(source: str) -> str:
    """The message of a test that runs backward. The file's warning says the same."""
    verdict, message = failure(source, PRODUCT, "a")
    assert verdict == "unsupported"
    assert found(source)["warning"] == message
    return message


def values(source: str) -> Any:
    return observe(source, FORWARD, "c")["numbers"][0]


def test_values_are_right_without_any_backward() -> None:
    account = found(NONE)
    assert (account["data"], account["backward"]) == ("data", None)
    assert values(NONE) == 6


def test_the_methods_that_could_be_it_are_listed() -> None:
    source = NONE + "    def draw(self): import graphviz\n    def tanh(self): return self\n"
    source += "    def step(self): return 0\n    def of(self, a, b): return a\n"
    assert explained(source) == f"Value has no backward(). Its methods: step, draw. {NAME_IT}"


def test_at_most_eight_methods_are_listed() -> None:
    source = NONE + "".join(f"    def m{n}(self): return {n}\n" for n in range(11))
    assert "m0, m1, m2, m3, m4, m5, m6, m7 and 3 more." in explained(source)


def test_a_class_without_other_methods_has_nothing_to_list() -> None:
    assert explained(NONE).endswith("Nothing else in it could run the backward pass.")


def test_the_comment_that_the_message_asks_for_works() -> None:
    source = HONEST.replace("def backward(", "def draw(").replace("grad = 1.0", "grad = 2.0")
    assert found(source)["backward"] is None
    assert found("# chainrule: backward=draw\n" + source)["backward"] == "draw()"


def test_an_engine_of_functions_may_have_no_backward() -> None:
    source = engine("spellings/functions_alone")
    source = source[: source.index("def backprop")]
    account = found(source + "def trace(node):\n    return 0\n")
    assert account["backward"] is None
    assert account["warning"].startswith("Node has no backward(). The file's functions: trace. If")


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        "return",
        '"""Runs backward."""',
        '"""Runs backward."""\n        pass',
        "raise NotImplementedError",
        "raise NotImplementedError('later')",
        '"""Runs backward."""\n        raise NotImplementedError("later")',
        "print('not yet')",
        "return NotImplemented",
    ],
)
def test_a_backward_that_does_nothing_is_not_written_yet(body: str) -> None:
    source = NONE + f"    def backward(self):\n        {body}\n"
    assert explained(source) == "backward() isn't written yet."
    assert values(source) == 6


def test_an_unwritten_function_or_static_method_counts_too() -> None:
    assert explained(NONE + "def backward(root):\n    pass\n") == "backward() isn't written yet."
    any_arguments = NONE + "    def backward(self, *_, **__):\n        pass\n"
    assert explained(any_arguments) == "backward() isn't written yet."
    static = "    @staticmethod\n    def backward(root):\n        pass\n"
    assert explained(NONE + static) == "backward() isn't written yet."


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n            print(1)",
        "return 1",
        "return 'text'",
        "self.grad = 1",
        "x = 1",
        "print(lambda: 1)",
        "self()",
    ],
)
def test_a_backward_that_does_something_is_written(body: str) -> None:
    source = NONE + f"    def backward(self):\n        {body}\n"
    assert found(source)["warning"] == ""


def test_another_method_runs_backward_if_backward_is_unwritten() -> None:
    source = HONEST.replace("def backward(", "def go(") + "    def backward(self):\n        pass\n"
    assert found(source)["backward"] == "go()"


def test_a_backward_that_asks_for_more_says_for_what() -> None:
    source = HONEST.replace("backward(self)", "backward(self, order, seen)")
    message = "backward() asks for order and seen. L.backward() must work without arguments."
    assert explained(source) == message
    source = HONEST.replace("backward(self)", "backward(self, visited)")
    source = source.replace("seen = [], set()", "seen = [], visited")
    assert explained(source).startswith("backward() asks for visited.")


def test_a_usual_backward_shows_its_own_error() -> None:
    source = HONEST.replace("backward(self)", "backward(self, seed)")
    source = source.replace("self.grad = 1.0", "self.grad = unknown")
    assert failure(source, PRODUCT, "a")[1].startswith("NameError: name 'unknown'")
    function = NONE + "def backward(root):\n    unknown\n"
    assert failure(function, PRODUCT, "a")[1].startswith("NameError: name 'unknown'")


# A gradient that isn't found


def test_the_numbers_that_backward_changed_are_named() -> None:
    source = HONEST.replace(".grad", ".steigung").replace("+ other.data, (", "- other.data, (")
    source = source.replace("steigung = 1.0", "steigung = 2.0")
    source = source.replace("self.steigung = 0.0", "self.steigung = self.seen = 0.0")
    message = f"Value has no attribute grad. backward() changed steigung. {SAY_IT}"
    assert failure(source, PRODUCT, "a") == ("unsupported", message)


def test_the_numbers_that_are_there_are_named_if_none_changed() -> None:
    source = NONE.replace(".grad", ".steigung")
    source += "    def backward(self):\n        self.steigung = 1.0\n"
    message = f"Value has no attribute grad. Its other numbers: steigung. {SAY_IT}"
    assert failure(source, PRODUCT, "a") == ("unsupported", message)


def test_a_result_that_has_no_gradient_is_named() -> None:
    source = NONE.replace("        self.grad = 0.0\n", "")
    source += "    def backward(self):\n        return [(self, 1.0)]\n"
    message = (
        "Value has no attribute grad. backward() returned list, in which we found no gradient. "
        "Keep each gradient in its node's .grad."
    )
    assert failure(source, PRODUCT, "a") == ("unsupported", message)


LOCAL = {
    "a list": "return [g * o.data for o in reversed(self.args)]",
    "a dictionary": "return dict(zip(self.args, [g * o.data for o in reversed(self.args)]))",
}
STEPS = """
class Value:
    def __init__(self, data, args=()):
        self.data, self.args, self.grad = data, args, 0.0

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other))

    def shares(self, g):
        {}
"""


@pytest.mark.parametrize("returned", LOCAL)
def test_the_slopes_of_one_step_are_no_backward_pass(returned: str) -> None:
    source = STEPS.format(LOCAL[returned])
    assert explained(source) == f"Value has no backward(). Its methods: shares. {NAME_IT}"
    assert found("# chainrule: backward=shares\n" + source)["backward"] == "shares(1.0)"


DERIVE = """
class Value:
    def __init__(self, data, args=(), slopes=()):
        self.data, self.args, self.slopes = data, args, slopes

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (self.data, other.data))


def derive(root):
    found, order = {root: 1.0}, [root]
    for node in order:
        for arg, slope in zip(node.args, node.slopes):
            found[arg] = found.get(arg, 0.0) + slope * found[node]
            order.append(arg)
    return found
"""


def test_a_backward_that_returns_gradients_is_found_where_a_slope_is_wrong() -> None:
    assert found(DERIVE)["backward"] == "derive(root)"
