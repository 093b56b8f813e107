"""An engine that never seeds its output earns half of what is right once it is seeded."""

from __future__ import annotations

import pytest

from tests.worker.sandbox.programs import HONEST
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.grading.unseeded import RIGHT_ONCE_SEEDED
from worker.report.model import CaseReport, Verdict
from worker.sandbox import Sandbox
from worker.suites.format.reader import read_suite

UNSEEDED = HONEST.replace("        self.grad = 1.0\n", "")
SUITE = """\
# suite: own
# title: Own
# version: 1
# about: One of each.
# weight: 10
# case: seed
# title: The output alone
# rule: seed
x = Value(3)
x.backward()
# case: product
# title: A product
x = Value(3)
y = Value(5)
L = x * y
L.backward()
# case: value
# title: A value
x = Value(3)
L = x * x
# case: unused
# title: A value that no output needs
# check: x
x = Value(3)
y = Value(5)
z = y * y
z.backward()
# case: trained
# title: A step
# check: v
x = Value(3)
y = x * x
y.backward()
v = Value(x.data - 0.1 * x.grad)
"""


def grade_own(sandbox: Sandbox, source: str) -> dict[str, CaseReport]:
    selections = [Selection(suite=read_suite(SUITE, "own.suite"), weight=10)]
    report = grade(source, selections, sandbox, seed=1)
    assert report.problem is None
    return {case.id: case for case in report.suites[0].cases}


def test_what_is_right_once_seeded_earns_half(sandbox: Sandbox) -> None:
    cases = grade_own(sandbox, UNSEEDED)
    for name, node in (("product", "L"), ("trained", "y")):
        assert cases[name].verdict is Verdict.WRONG_GRADIENT
        assert cases[name].message.endswith(RIGHT_ONCE_SEEDED.format(node))
        assert cases[name].credit == 0.5


def test_the_seed_itself_earns_nothing(sandbox: Sandbox) -> None:
    seed = grade_own(sandbox, UNSEEDED)["seed"]
    assert (seed.verdict, seed.credit) == (Verdict.WRONG_GRADIENT, 0)
    assert seed.message.endswith(RIGHT_ONCE_SEEDED.format("x"))


@pytest.mark.parametrize("name", ["value", "unused"])
def test_a_case_that_needs_no_seed_passes(sandbox: Sandbox, name: str) -> None:
    case = grade_own(sandbox, UNSEEDED)[name]
    assert (case.verdict, case.credit) == (Verdict.PASSED, None)


def test_what_is_wrong_though_seeded_earns_nothing(sandbox: Sandbox) -> None:
    wrong = UNSEEDED.replace("self.grad += other.data", "self.grad += 2 * other.data")
    product = grade_own(sandbox, wrong)["product"]
    assert (product.verdict, product.earned) == (Verdict.WRONG_GRADIENT, 0)
    assert "x.grad is 10, expected 5." in product.message


def test_an_engine_whose_file_says_that_the_caller_seeds_passes(sandbox: Sandbox) -> None:
    cases = grade_own(sandbox, "# chainrule: seed=caller\n" + UNSEEDED)
    assert {case.verdict for case in cases.values()} == {Verdict.PASSED}


BY_ID = """\
class Value:
    grads = {}
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.parents, self.slopes = data, parents, slopes
        Value.grads[id(self)] = 0.0
    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))
    def backward(self):
        order, seen = [], []
        def visit(node):
            if id(node) not in seen:
                seen.append(id(node))
                for parent in node.parents:
                    visit(parent)
                order.append(node)
        visit(self)
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes):
                Value.grads[id(parent)] += slope * Value.grads[id(node)]
"""


def test_gradients_by_the_identities_that_a_file_sees_are_recognised(sandbox: Sandbox) -> None:
    cases = grade_own(sandbox, BY_ID)
    assert cases["product"].message.endswith(RIGHT_ONCE_SEEDED.format("L"))
    assert cases["product"].credit == 0.5
