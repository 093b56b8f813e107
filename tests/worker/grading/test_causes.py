"""Which broken rules make a test fail."""

from __future__ import annotations

import pytest

from tests.worker.grading.simple_suites import MORE, SIMPLE, report_of
from worker.grading.causes import explain, find_faults
from worker.grading.judge import judge
from worker.graph import Leaf
from worker.report.model import CaseReport, Quantity, Verdict
from worker.sandbox.host.outcome import Observation
from worker.suites.cases import Case, Suite
from worker.suites.catalogue import load
from worker.suites.format.reader import read_suite
from worker.suites.rules import REUSE, RULES_IN_ORDER, SEED, spell_rule

GRADIENT, VALUE, MISSING = Verdict.WRONG_GRADIENT, Verdict.WRONG_VALUE, Verdict.UNSUPPORTED


def find_causes(
    verdicts: dict[str, Verdict], *suites: Suite
) -> tuple[set[str], dict[str, CaseReport]]:
    """The broken rules where these cases fail with these verdicts, and the reports that fail."""
    judged = [
        (case, report_of(case, verdicts, verdicts.get(case.id, GRADIENT)))
        for suite in suites or (SIMPLE, MORE)
        for case in suite.cases
    ]
    faults = find_faults(judged)
    explained = [explain(case, report, faults) for case, report in judged]
    return {fault.rule for fault in faults}, {
        report.id: report for report in explained if not report.passed
    }


def fail(*ids: str, verdict: Verdict = GRADIENT) -> dict[str, Verdict]:
    return dict.fromkeys(ids, verdict)


def test_a_test_that_needs_a_broken_rule_says_so() -> None:
    broken, failing = find_causes(fail("product", "twice", "literal", "neuron"))
    assert broken == {"multiplication"}
    assert failing["product"].blocked_by == ()
    for blocked in ("twice", "literal", "neuron"):
        assert failing[blocked].blocked_by == ("multiplication",)
        assert failing[blocked].message == "Fails because of multiplication: x.grad is 7."
        assert failing[blocked].verdict is GRADIENT


def test_several_broken_rules_are_all_named() -> None:
    _, failing = find_causes(fail("sum", "product", "neuron"))
    assert failing["neuron"].message.startswith("Fails because of addition and multiplication: ")


def test_rules_that_no_suite_tests_explain_nothing() -> None:
    broken, failing = find_causes(fail("neuron"), MORE)
    assert (broken, failing["neuron"].blocked_by) == (set(), ())


def test_a_wrong_gradient_explains_no_wrong_value() -> None:
    verdicts = fail("product") | fail("neuron", verdict=VALUE)
    assert find_causes(verdicts)[1]["neuron"].blocked_by == ()
    verdicts = fail("product", verdict=VALUE) | fail("neuron")
    assert find_causes(verdicts)[1]["neuron"].blocked_by == ("multiplication",)


def test_only_a_missing_rule_explains_what_is_not_supported() -> None:
    verdicts = fail("product") | fail("neuron", verdict=MISSING)
    assert find_causes(verdicts)[1]["neuron"].blocked_by == ()
    verdicts = fail("product", "neuron", verdict=MISSING)
    assert find_causes(verdicts)[1]["neuron"].blocked_by == ("multiplication",)
    verdicts = fail("product", verdict=MISSING) | fail("neuron")
    assert find_causes(verdicts)[1]["neuron"].blocked_by == ()


DESCENT = """\
# suite: descent
# title: Descent
# version: 1
# about: Values that follow from gradients.
# weight: 10

# case: descent
# title: Descent
# check: outputs
w = Value(0.5)
x = Value(2.5)
for _ in range(2):
    L = w * x
    L.backward()
    w = Value(w.data - 0.1 * w.grad)
"""


def test_a_wrong_gradient_explains_values_that_follow_from_gradients() -> None:
    verdicts = fail("product") | fail("descent", verdict=VALUE)
    _, failing = find_causes(verdicts, SIMPLE, read_suite(DESCENT, "descent.suite"))
    assert failing["descent"].blocked_by == ("multiplication",)


PASS = """\
# suite: pass
# title: Pass
# version: 1
# about: The backward pass.
# weight: 10

# case: seed-of-sum
# title: Sum
# rule: seed
x = Value(3)
y = Value(5)
L = x + y
L.backward()

# case: seed-of-product
# title: Product
# rule: seed
x = Value(3)
y = Value(5)
L = x * y
L.backward()

# case: chain
# title: Chain
# rule: chain
x = Value(3)
y = Value(5)
z = Value(0.5)
L = (x + y) * z
L.backward()

# case: long-chain
# title: Long chain
# rule: chain
x = Value(3)
y = Value(5)
z = Value(0.5)
w = Value(7)
L = (x + y) * z + w
L.backward()
"""
THE_PASS = read_suite(PASS, "pass.suite")
GRADIENTS = ("sum", "product", "twice", "literal", "neuron", "sums")


def test_where_no_gradient_is_right_the_pass_is_to_blame_and_nothing_else() -> None:
    every = fail(*GRADIENTS, "seed-of-sum", "seed-of-product", "chain", "long-chain")
    broken, failing = find_causes(every, THE_PASS, SIMPLE, MORE)
    assert broken == {SEED}
    assert {failing[case].blocked_by for case in GRADIENTS} == {(SEED,)}
    every = dict.fromkeys(every, MISSING)
    assert find_causes(every, THE_PASS, SIMPLE, MORE)[0] == {SEED}


def answer_with_zeros(case: Case, *right: str, results: bool = True) -> CaseReport:
    """The report where outputs alone get a gradient, except in the `right` cases.

    If the values of `results` aren't right, they are 0 as well.
    """

    def answer(node: int, quantity: Quantity, number: float) -> float:
        if quantity is Quantity.DATA:
            return number if results or isinstance(case.graph.nodes[node], Leaf) else 0.0
        return 1.0 if node in case.graph.outputs else number if case.id in right else 0.0

    pairs = zip(case.reads, case.numbers, strict=True)
    return judge(case, Observation(tuple(answer(*read, number) for read, number in pairs)))


def test_where_no_operand_gets_a_gradient_the_pass_is_to_blame() -> None:
    cases = [*load("pass").cases, *SIMPLE.cases, *MORE.cases]
    judged = [(case, answer_with_zeros(case)) for case in cases]
    assert next(report for _, report in judged if report.id == "output-alone").passed
    assert {fault.rule for fault in find_faults(judged)} == {SEED}
    judged = [(case, answer_with_zeros(case, "sum")) for case in cases]
    assert "multiplication" in {fault.rule for fault in find_faults(judged)}


def test_where_values_are_wrong_too_the_operations_are_to_blame() -> None:
    cases = [*load("values").cases, *load("pass").cases, *SIMPLE.cases]
    judged = [(case, answer_with_zeros(case, results=False)) for case in cases]
    assert {report.verdict for _, report in judged} >= {VALUE, GRADIENT}
    blamed = [fault.rule for fault in find_faults(judged)]
    assert blamed[:2] == ["addition", "multiplication"]
    assert SEED not in blamed


def test_wrong_values_everywhere_are_not_blamed_on_the_pass() -> None:
    every = fail(*GRADIENTS, "seed-of-sum", "seed-of-product", "chain", verdict=VALUE)
    assert find_causes(every, THE_PASS, SIMPLE, MORE)[0] == {"addition", "multiplication"}


def test_a_pass_that_stops_early_explains_every_longer_graph() -> None:
    verdicts = fail("long-chain", "neuron", "sums")
    broken, failing = find_causes(verdicts, THE_PASS, SIMPLE, MORE)
    assert broken == {"chain"}
    assert failing["neuron"].blocked_by == failing["sums"].blocked_by == ("chain",)
    assert failing["sums"].message.startswith("Fails because of passing gradients on: ")


def test_a_pass_that_stops_early_explains_operations_that_are_made_of_others() -> None:
    verdicts = fail("long-chain", "literal")
    broken, failing = find_causes(verdicts, THE_PASS, SIMPLE)
    assert broken == {"chain"}
    assert failing["literal"].blocked_by == ("chain",)


WITHOUT_RULE = """\
# suite: whole
# title: Whole
# version: 1
# about: Of no rule.
# weight: 10

# case: quotient
# title: Quotient
x = Value(3)
L = x / Value(2)
L.backward()
"""


def test_a_pass_that_stops_early_explains_them_in_cases_of_no_rule_as_well() -> None:
    whole = read_suite(WITHOUT_RULE, "whole.suite")
    _, failing = find_causes(fail("long-chain", "quotient"), THE_PASS, SIMPLE, whole)
    assert failing["quotient"].blocked_by == ("chain",)


def test_a_broken_sum_is_not_blamed_on_the_chains_it_is_in() -> None:
    verdicts = fail("sum", "seed-of-sum", "chain", "long-chain")
    assert find_causes(verdicts, THE_PASS, SIMPLE, MORE)[0] == {"addition"}


REUSED = """\
# suite: simple
# title: Reused
# version: 1
# about: Reuse of a value, by itself and in functions.
# weight: 10

# case: sum-twice
# title: Sum
# rule: reuse
x = Value(3)
L = x + x
L.backward()

# case: tanh
# title: Tanh
# rule: tanh
x = Value(0.5)
L = x.tanh()
L.backward()

# case: tanh-twice
# title: Tanh
# rule: tanh
x = Value(0.5)
L = x.tanh() + x
L.backward()

# case: tanhs
# title: Tanhs
x = Value(0.5)
y = Value(2)
L = x.tanh() + y + x
L.backward()

# case: one-tanh
# title: One tanh
x = Value(0.5)
y = Value(2)
L = x.tanh() + y
L.backward()
"""
THE_REUSED = read_suite(REUSED, "simple.suite")


def test_a_function_that_fails_only_if_its_operand_is_used_again_explains_only_that() -> None:
    broken, failing = find_causes(fail("tanh-twice", "tanhs", "one-tanh"), THE_REUSED)
    assert broken == {"tanh"}
    assert failing["tanhs"].blocked_by == ("tanh",)
    assert failing["one-tanh"].blocked_by == ()


def test_broken_reuse_is_not_blamed_on_the_function_that_is_used() -> None:
    broken, failing = find_causes(fail("sum-twice", "tanh-twice", "tanhs"), THE_REUSED)
    assert broken == {REUSE}
    assert failing["tanh-twice"].blocked_by == failing["tanhs"].blocked_by == (REUSE,)


def test_a_failure_without_a_known_reason_explains_tests_that_need_everything_it_needs() -> None:
    again = "\n# case: again\n# title: Again\n# rule: tanh\nx = Value(7)\nL = x.tanh()\n"
    suite = read_suite(REUSED + again + "L.backward()\n", "simple.suite")
    _, failing = find_causes(fail("again", "one-tanh"), suite)
    assert failing["one-tanh"].blocked_by == ("tanh",)


def test_rules_that_need_each_other_do_not_loop() -> None:
    tangled = (
        PASS.split("# case: seed-of-sum")[0]
        + "# case: one\n# title: One\n# rule: addition\nx = Value(3)\nL = (x + x) * x\nL.backward()"
        + "\n# case: two\n# title: Two\n# rule: reuse\nx = Value(3)\nL = x + x\nL.backward()\n"
    )
    _, failing = find_causes(fail("one", "two"), read_suite(tangled, "pass.suite"))
    assert (failing["one"].blocked_by, failing["two"].blocked_by) == ((REUSE,), ())


@pytest.mark.parametrize("function", ["tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "abs"])
def test_a_mistake_in_one_function_breaks_that_rule_alone(function: str) -> None:
    suites = tuple(load(name, 7) for name in ("pass", "rules", "operators", "functions", "reuse"))
    own = [
        case.id
        for suite in suites
        for case in suite.cases
        if function in (case.needs | {case.establishes})
    ]
    broken, failing = find_causes(fail(*own), *suites)
    assert broken == {function}
    assert all(
        report.blocked_by == (function,) for report in failing.values() if report.rule != function
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("multiplication", "multiplication"),
        ("power", "power"),
        ("subtraction from a number", "subtraction from a number (2 - x)"),
        ("division by a number", "division by a number (x / 2)"),
        ("power of a number", "power of a number (2 ** x)"),
    ],
)
def test_a_rule_about_a_plain_number_shows_its_side(rule: str, words: str) -> None:
    assert rule in RULES_IN_ORDER
    assert spell_rule(rule) == words
