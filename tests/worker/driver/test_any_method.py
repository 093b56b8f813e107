"""Backward is found under any name, and methods that do something else do no harm."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.students import engine
from tests.worker.driver.in_process import found, observe
from tests.worker.sandbox.programs import HONEST
from worker.driver.file.work_budget import start_ticks

PROGRAM = "a = Value(2)\nb = Value(3)\nc = a * b\nd = c + a\nd.backward()"
RIGHT = {"numbers": [2, 3, 4, 2]}
SLOPE = HONEST.replace(".grad", ".slope")
ADDED = SLOPE.replace("self.slope += other.data", "self.slope += 2 * other.data")


@pytest.fixture
def ticks() -> Iterator[None]:
    """Signals after each tick of CPU time, as a child of the sandbox gets them."""
    before = signal.getsignal(signal.SIGPROF)
    start_ticks()
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.mark.parametrize(
    "name",
    [
        *("grad", "run", "derive", "diff", "reverse", "go", "chain", "ableiten", "retropropager"),
        *("reset_and_run", "_walk", "__call__"),
    ],
)
def test_a_method_of_any_name_may_run_backward(name: str) -> None:
    source = SLOPE.replace("def backward(", f"def {name}(")
    account = found(source)
    assert (account["grad"], account["backward"]) == ("slope", f"{name}()")
    assert observe(source, PROGRAM, "a", "b") == RIGHT


@pytest.mark.parametrize(
    ("parameters", "seed", "called"),
    [
        ("self, upstream", "upstream", "run(1.0)"),
        ("self, upstream=1.0", "upstream", "run()"),
        ("self, *, seed=None", "1.0 if seed is None else seed", "run()"),
    ],
)
def test_such_a_method_may_take_a_seed(parameters: str, seed: str, called: str) -> None:
    source = SLOPE.replace("def backward(self)", f"def run({parameters})")
    source = source.replace("slope = 1.0", f"slope = {seed}")
    assert found(source)["backward"] == called
    assert observe(source, PROGRAM, "a", "b") == RIGHT


@pytest.mark.parametrize("name", ["ableiten", "go", "run_pass"])
def test_a_function_of_any_name_may_run_backward(name: str) -> None:
    method = SLOPE[SLOPE.index("    def backward(self)") :]
    function = method.replace("    def backward(self)", f"def {name}(self)")
    source = SLOPE.replace(method, function)
    assert found(source)["backward"] == f"{name}(root)"
    assert observe(source, PROGRAM, "a", "b") == RIGHT


def test_grad_may_return_the_gradients_by_node() -> None:
    source = engine("spellings/returned_by_node").replace("def backward(", "def grad(")
    assert found(source)["backward"] == "grad()"
    assert observe(source, PROGRAM, "a", "b") == RIGHT


@pytest.mark.parametrize("returned", ["self", "self.slope", "self.data"])
def test_a_grad_that_runs_backward_is_no_getter(returned: str) -> None:
    source = SLOPE.replace("def backward(", "def grad(") + f"        return {returned}\n"
    assert found(source)["backward"] == "grad()"
    assert observe(source, PROGRAM, "a", "b") == RIGHT


def test_a_getter_named_like_a_pass_hides_no_method() -> None:
    source = SLOPE.replace("def backward(", "def run(")
    source += "    def get_gradients(self):\n        return [self.slope]\n"
    assert found(source)["backward"] == "run()"


@pytest.mark.parametrize(
    "body",
    [
        "import graphviz\n        graphviz.Digraph()",
        "raise ValueError",
        "raise SystemExit",
        "while True: pass",
        "while True: len('')",
        "return self.back_and_forth()",
        "return [0] * 10**13",
        "self.grad = 0.0",
        "return print('x' * 1000)",
    ],
)
@pytest.mark.usefixtures("ticks")
def test_other_methods_do_no_harm(body: str) -> None:
    method = f"    def back_and_forth(self):\n        {body}\n"
    source = HONEST.replace("def backward(", "def go(")
    source = source.replace("    def __add__", f"{method}    def __add__", 1)
    account = found(source)
    assert account["backward"] == "go()"
    assert observe(source, PROGRAM, "a", "b") == RIGHT


@pytest.mark.parametrize("name", ["draw", "show_graph", "plot_gradients", "save", "print_grads"])
def test_a_method_that_draws_is_never_backward(name: str) -> None:
    source = HONEST.replace("def backward(", f"def {name}(")
    assert found(source)["backward"] is None


# Engines with a mistake


def test_backward_of_any_name_is_found_though_multiplication_is_wrong() -> None:
    source = ADDED.replace("def backward(", "def ableiten(")
    account = found(source)
    assert (account["grad"], account["backward"]) == ("slope", "ableiten()")
    assert observe(source, PROGRAM, "a", "b") == {"numbers": [2, 3, 7, 2]}


def test_backward_of_any_name_is_found_though_products_have_a_wrong_value() -> None:
    source = SLOPE.replace("self.data * other.data, (", "self.data + other.data, (")
    assert found(source.replace("def backward(", "def go("))["backward"] == "go()"


def test_backward_of_any_name_is_found_without_multiplication() -> None:
    source = SLOPE.replace("__mul__", "__matmul__").replace("def backward(", "def go(")
    assert found(source)["backward"] == "go()"


@pytest.mark.parametrize("order", ["order", "[self]"])
def test_a_wrong_pass_of_any_name_is_found_and_stays_wrong(order: str) -> None:
    source = SLOPE.replace("reversed(order)", order).replace("def backward(", "def go(")
    assert found(source)["backward"] == "go()"
    assert observe(source, PROGRAM, "a", "b") == {"numbers": [2, 3, 1, 0]}


def test_a_flag_that_is_true_is_no_gradient_of_a_sum() -> None:
    source = HONEST[: HONEST.index("    def backward")].replace(
        "self.grad = 0.0", "self.is_node = True; self.grad = 0.0"
    )
    source += "    def describe(self):\n        return 'a node'\n"
    account = found(source.replace(".grad", ".slope"))
    assert account["backward"] is None


def test_a_function_of_a_usual_name_is_used_though_everything_is_wrong() -> None:
    source = ADDED.replace("self.slope += out.slope", "self.slope += 3 * out.slope")
    method = source[source.index("    def backward(self)") :]
    source = source.replace(method, method.replace("    def", "def", 1).replace("\n    ", "\n"))
    source = source.replace(".slope", ".grad")
    assert found(source)["backward"] == "backward(root)"
    assert observe(source, PROGRAM, "a", "b") == {"numbers": [2, 3, 19, 6]}


def test_a_seed_argument_is_given_though_everything_is_wrong() -> None:
    source = ADDED.replace("self.slope += out.slope", "self.slope += 3 * out.slope")
    source = source.replace("backward(self)", "backward(self, g)").replace(".slope", ".grad")
    source = source.replace("grad = 1.0", "grad = g")
    assert found(source)["backward"] == "backward(1.0)"
    assert observe(source, PROGRAM, "a", "b") == {"numbers": [2, 3, 19, 6]}
