"""Code that is tried and never returns, or ends the program, doesn't decide about the file."""

from __future__ import annotations

import numpy
import pytest

from tests.worker.driver.in_process import found
from tests.worker.driver.test_functions import FUNCTIONS
from tests.worker.sandbox.programs import HONEST
from worker.driver.engine import constructor
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import ProblemKind, Report, Verdict
from worker.sandbox import Sandbox
from worker.suites import catalogue

EXAMPLE = [Selection(suite=catalogue.load("worked-example"), weight=10)]
SCALAR = HONEST.replace("Value", "Scalar")
OTHER = """\
class {name}:
    def __init__(self, data):
        {code}
        self.data = data
    def __add__(self, other): return self
    def __mul__(self, other): return self
    def backward(self): self.grad = 1
"""
CODES = {
    "raises": "raise KeyError(data)",
    "loops": "while True: pass",
    "calls without end": "while True: len('')",
    "recurses": "type(self)(data)",
    "exits": "import sys; sys.exit()",
    "ends the process": "import os; os._exit(3)",
    "interrupts": "raise KeyboardInterrupt",
    "asks": "input('A number: ')",
    "prints": "for _ in range(100_000): print('x' * 100)",
    "writes": "import sys; sys.__stdout__.write('x' * 10 ** 7)",
    "needs memory": "self.cells = [0] * 10 ** 12",
    "needs a module": "import torch; torch.tensor(data) + 1",
}
SOME = ["calls without end", "exits", "ends the process", "asks", "needs memory", "raises"]


def graded(source: str, sandbox: Sandbox) -> Report:
    return grade(source, EXAMPLE, sandbox, seed=1)


def is_right(source: str, sandbox: Sandbox) -> bool:
    """Whether the file has a class that passes the worked example."""
    report = graded(source, sandbox)
    assert report.problem is None, report.problem
    return all(case.verdict is Verdict.PASSED for case in report.suites[0].cases)


@pytest.mark.parametrize("what", CODES)
def test_a_file_is_graded_though_a_second_class(sandbox: Sandbox, what: str) -> None:
    other = OTHER.format(name="Tensor", code=CODES[what])
    assert is_right(other + SCALAR, sandbox)


@pytest.mark.parametrize("what", SOME)
def test_another_class_is_graded_though_value(sandbox: Sandbox, what: str) -> None:
    other = OTHER.format(name="Value", code=CODES[what])
    assert is_right(SCALAR + other, sandbox)


@pytest.mark.parametrize("what", SOME)
def test_a_class_is_graded_though_a_method(sandbox: Sandbox, what: str) -> None:
    code = CODES[what].replace("data", "self.data")
    source = HONEST.replace("def backward", "def derive")
    assert is_right(f"{source}    def attempt(self):\n        {code}\n", sandbox)


@pytest.mark.parametrize("what", SOME)
def test_a_class_is_graded_though_a_property(sandbox: Sandbox, what: str) -> None:
    code = CODES[what].replace("data", "self.amount")
    source = HONEST.replace(".data", ".amount")
    assert is_right(f"{source}    @property\n    def a(self):\n        {code}\n", sandbox)


FACTORY = FUNCTIONS + "\n\ndef add(a, b):\n    return node(a.data + b.data, ((a, 1), (b, 1)))\n"


@pytest.mark.parametrize("what", SOME)
def test_a_file_is_graded_though_a_factory(sandbox: Sandbox, what: str) -> None:
    code = CODES[what].replace("self.cells", "cells")
    assert is_right(f"def value(data):\n    {code}\n\n\n{FACTORY}", sandbox)


@pytest.mark.parametrize("what", SOME)
def test_a_class_is_graded_though_a_maker_of_leaves(sandbox: Sandbox, what: str) -> None:
    refuses = "children):\n        if not children: raise TypeError('make a leaf')"
    source = HONEST.replace("children=()):", refuses)
    code = CODES[what].replace("self.cells", "cells")
    source += f"def leaf(data):\n    {code}\n\n\ndef make_leaf(data):\n"
    source += "    made = object.__new__(Value)\n    made.data, made.grad = data, 0.0\n"
    source += "    made.children, made._step = (), lambda: None\n    return made\n"
    assert is_right(source, sandbox)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("calls without end", "Value was tried and never returned. Is there an infinite loop?"),
        ("loops", "Value was tried and never returned. Is there an infinite loop?"),
        ("exits", "Value(3.0) raised SystemExit: the code asked to end the program (line 3)."),
        ("asks", "EOF when reading a line: nobody can answer input() here (line 3)."),
        ("needs memory", "MemoryError: the code needed more memory than it may use (line 3)."),
        ("recurses", "does something call itself without end? (line "),  # 2, or 3 from 3.13 on
    ],
)
def test_the_only_class_has_a_message_of_its_own_if_it(
    sandbox: Sandbox, what: str, message: str
) -> None:
    problem = graded(OTHER.format(name="Value", code=CODES[what]), sandbox).problem
    assert problem is not None
    assert problem.kind is ProblemKind.NO_LEAF
    assert message in problem.message


# What makes the search try the operations of a class
TRIED = {
    "numpy": ("class Value:", "import numpy\nclass Value:"),
    "an optional label": ("children=()):", "children=(), label=''):"),
}


@pytest.mark.parametrize("name", ["__add__", "__mul__", "backward"])
@pytest.mark.parametrize("with_what", TRIED)
def test_an_endless_operation_is_the_tests_affair(
    monkeypatch: pytest.MonkeyPatch, with_what: str, name: str
) -> None:
    monkeypatch.setattr(constructor, "_numpy", numpy)  # the sandbox has imported it
    endless = f"def spin(*_):\n    while True: len('')\nValue.{name} = spin\n"
    assert found(HONEST.replace(*TRIED[with_what]) + endless) == found(HONEST + endless)


def test_an_endless_method_named_like_a_gradient_is_the_tests_affair() -> None:
    loops = "    def grad(self):\n        while True: len('')\n"
    assert found(HONEST.replace(".grad", ".slope") + loops)["grad"] == "slope"
