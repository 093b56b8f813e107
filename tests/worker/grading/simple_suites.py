"""Small suites for tests of marking: their cases fail as a test says."""

from __future__ import annotations

from collections.abc import Collection

from worker.grading.judge import judge
from worker.report.model import CaseReport, Verdict
from worker.sandbox.host.outcome import Failure
from worker.suites.cases import Case
from worker.suites.format.reader import read_suite

RULES = """\
# suite: simple
# title: Simple
# version: 1
# about: A case for each rule.
# weight: 40

# case: sum
# title: Sum
# rule: addition
x = Value(3)
y = Value(4)
L = x + y
L.backward()

# case: product
# title: Product
# rule: multiplication
x = Value(3)
y = Value(4)
L = x * y
L.backward()

# case: twice
# title: Twice
# rule: reuse
x = Value(3)
L = x * x
L.backward()

# case: literal
# title: Literal
# rule: multiplication of a number
x = Value(3)
L = 2 * x
L.backward()
"""
COMPOSED = """\
# suite: composed
# title: Composed
# version: 1
# about: Several rules at once.
# weight: 60

# case: neuron
# title: Neuron
x = Value(0.5)
w = Value(-1.25)
b = Value(0.25)
L = (x * w + b).tanh()
L.backward()

# case: sums
# title: Sums
x = Value(0.5)
y = Value(-1.25)
L = x + y + Value(2)
L.backward()
"""

SIMPLE, MORE = read_suite(RULES, "simple.suite"), read_suite(COMPOSED, "composed.suite")


def report_of(
    case: Case, failing: Collection[str], verdict: Verdict = Verdict.WRONG_GRADIENT
) -> CaseReport:
    """The report of a case, which fails if its id is one of `failing`."""
    if case.id in failing:
        return judge(case, Failure(verdict=verdict, message="x.grad is 7."))
    return case.report(Verdict.PASSED)
