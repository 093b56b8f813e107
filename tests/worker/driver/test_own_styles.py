"""A file's own order is never repaired, and its gradient is found wherever it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import PRODUCT, failure, found, observe
from tests.worker.sandbox.programs import HONEST
from worker.driver.engine.backward_calls.absent import NONE
from worker.driver.file import usage_hints


def numbers(source: str) -> Any:
    return observe(source, PRODUCT, "a", "b")["numbers"]


PATH_BY_PATH = """
        self.grad = 1.0
        def go(node):
            node._backward()
            for child in node.children:
                go(child)
        go(self)
"""


@pytest.mark.parametrize(
    ("spelled", "called"),
    [
        ("def _run(self):", "_run()"),
        ("def __call__(self):", "__call__()"),
        ("backward = property(lambda self: self.go())\n    def go(self):", "backward"),
    ],
)
def test_a_files_own_order_is_kept_under_any_name(spelled: str, called: str) -> None:
    source = HONEST[: HONEST.index("def backward")].replace("._step", "._backward")
    source += spelled + PATH_BY_PATH
    assert found(source)["backward"] == called
    diamond = "x = Value(3)\na = x + x\nb = a + a\nc = b + a\nc.backward()"
    assert observe(source, diamond, "x")["numbers"][1] > 6  # the wrong engine's own number


@pytest.mark.parametrize(
    ("keeper", "called"),
    [
        ("class Graph:\n    def run_backprop(self, L): L.go()\n", "Graph().run_backprop(root)"),
        ("class Graph:\n    def diffs(self, L): L.go()\ng = Graph()\ndel Graph\n", "g.diffs(root)"),
        ("class Graph:\n    @staticmethod\n    def grads_of(L): L.go()\n", "Graph.grads_of(root)"),
    ],
)
def test_another_object_may_run_backward_under_a_similar_name(keeper: str, called: str) -> None:
    source = keeper + HONEST.replace("def backward", "def go")
    assert found(source)["backward"] == called


@pytest.mark.parametrize("read", ["node._backward()", "getattr(node, '_backward')()"])
def test_closures_that_the_file_calls_keep_their_order(read: str) -> None:
    source = HONEST.replace("._step", "._backward").replace("node._backward()", read)
    source = source.replace("def backward(self)", "def run(self, rate, rounds)")
    verdict, message = failure(source, PRODUCT, "a")
    assert (verdict, message) == ("unsupported", f"Value has no backward().{NONE}")


def test_closures_that_the_file_never_calls_are_no_backward() -> None:
    source = engine("spellings/local_closures")
    assert numbers(source) == [2, 3, 3, 2]
    call = "L._backward()"
    unwritten = source.replace(call, "")
    doctest = '"""As by hand:\n\n    >>> L.grad = 1\n    >>> L._backward()\n"""\n'
    assert numbers(doctest + unwritten) == [2, 3, 3, 2]
    for told in (
        unwritten,
        source.replace(call, f"# L.grad = 1; then {call} and so on"),
        f'"""Call {call} by hand."""\n{unwritten}',
        f'"""\n>>> L.grad = 1  # then {call}\n"""\n{unwritten}',
        f"def test():\n    L = Value(1)\n    {call}\n{unwritten}",
    ):
        assert failure(told, PRODUCT, "a") == ("unsupported", f"Value has no backward().{NONE}")


def test_closures_in_a_file_that_is_nested_too_deep_are_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise RecursionError

    source = engine("spellings/local_closures")
    assert numbers(source) == [2, 3, 3, 2]
    monkeypatch.setitem(vars(usage_hints), "compile", give_up)
    assert failure(source, PRODUCT, "a")[0] == "unsupported"


def test_a_closure_that_hides_backward_is_not_repaired() -> None:
    own = engine("spellings/closures_named_backward")
    assert numbers(own) == [2, 3, 3, 2]
    hidden = own + "\n    def backward(self):\n        self.walk_back()\n"
    assert found(hidden)["backward"] == "backward()"
    assert numbers(hidden) == [2, 3, 0, 0]


def test_a_wrong_usual_method_is_run_though_nodes_hold_closures() -> None:
    own = engine("spellings/closures_named_backward").replace("walk_back", "full_backward")
    wrong = own.replace("self.grad = 1.0", "self.grad = 2.0")
    assert found(wrong)["backward"] == "full_backward()"
    assert numbers(wrong) == [2, 3, 6, 4]


TWO_PLACES = HONEST.replace(".grad", ".gradient")


@pytest.mark.parametrize("other", ["None", "False", "True", "0", "{}", "[]"])
def test_the_usual_name_that_backward_writes_is_the_gradient(
    other: str,
) -> None:
    source = TWO_PLACES.replace("self.data = data", f"self.data = data; self.grad = {other}")
    assert found(source)["grad"] == "gradient"
    assert numbers(source) == [2, 3, 3, 2]


@pytest.mark.parametrize("other", ["True", "{}"])
def test_an_unusual_name_is_used_if_the_usual_one_has_no_number(other: str) -> None:
    source = TWO_PLACES.replace(".gradient", ".slope")
    source = source.replace("self.data = data", f"self.data = data; self.grad = {other}")
    assert found(source)["grad"] == "slope"


def test_a_wrong_usual_gradient_is_not_replaced_by_a_right_one() -> None:
    source = HONEST.replace(".grad", "._grad")
    source += "    @property\n    def grad(self):\n        return -self._grad\n"
    assert found(source)["grad"] == "grad"
    assert numbers(source) == [2, 3, -3, -2]


def test_a_usual_name_that_is_new_after_backward_is_the_gradient() -> None:
    source = HONEST.replace("self.grad = 0.0", "self._grad = None")
    source = source.replace("self.grad +=", "self.grad = getattr(self, 'grad', 0.0) -")
    source = source.replace("other.grad +=", "other.grad = getattr(other, 'grad', 0.0) +")
    assert found(source)["grad"] == "grad"
    assert numbers(source) == [2, 3, -3, 2]


DICTIONARIES = """
def value(x, parents=()):
    return {"v": x, "g": 0.0, "parents": parents}


def add(a, b):
    return value(a["v"] + b["v"], ((a, 1.0), (b, 1.0)))


def mul(a, b):
    return value(a["v"] * b["v"], ((a, b["v"]), (b, a["v"])))


def backward(node, slope=1.0):
    node["g"] += slope
    for parent, local in node["parents"]:
        backward(parent, slope * local)
"""


def test_nodes_may_be_dictionaries() -> None:
    told = found(DICTIONARIES)
    assert (told["data"], told["grad"], told["backward"]) == ('["v"]', '["g"]', "backward(root)")
    assert (told["leaf"], told["adapt"]) == ("value({})", "")
    assert told["functions"] == {"+": "add({}, {})", "*": "mul({}, {})"}
    assert numbers(DICTIONARIES) == [2, 3, 3, 2]


def test_nodes_may_be_lists() -> None:
    source = DICTIONARIES.replace('{"v": x, "g": 0.0, "parents": parents}', "[x, 0.0, parents]")
    for index, key in enumerate(("v", "g", "parents")):
        source = source.replace(f'["{key}"]', f"[{index}]")
    assert found(source).items() >= {"data": "[0]", "grad": "[1]"}.items()
    assert numbers(source) == [2, 3, 3, 2]
