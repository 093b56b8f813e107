"""If mathematics leaves a choice, every accepted answer passes and is reported."""

from __future__ import annotations

import math

import pytest

from worker.grading.judge import judge
from worker.report.model import Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case, SuiteError
from worker.suites.format.reader import read_suite

TEXT = """\
# suite: conventions
# title: Conventions
# version: 1
# about: A.
# weight: 0

# case: second-backward
# title: Backward twice
# kind: convention
# check: x
# answer: x.grad == 12 -> A second backward adds to the first.
# answer: x.data == 3, x.grad == 6 -> A second backward starts again.
# answer: error -> A second backward is refused.
x = Value(3)
L = x * x
L.backward()
L.backward()
"""


def case() -> Case:
    return read_suite(TEXT, "conventions.suite").cases[0]


@pytest.mark.parametrize(
    ("numbers", "result"),
    [
        ((3.0, 12.0), "A second backward adds to the first."),
        ((3.0, 6.0), "A second backward starts again."),
        ((3.0, 18.0), "An unusual answer: x.data is 3, x.grad is 18."),
        ((3.0, None), "An unusual answer: x.data is 3, x.grad is None."),
    ],
)
def test_an_answer_to_a_convention_is_reported_and_never_marked(
    numbers: tuple[float | None, ...], result: str
) -> None:
    report = judge(case(), Observation(numbers))
    assert (report.verdict, report.message) == (Verdict.PASSED, result)
    assert len(report.checks) == 2


@pytest.mark.parametrize(
    ("kept", "result"),
    [
        (None, "It keeps none."),
        (6.0, "An unusual answer: x.data is 3, x.grad is 6."),
    ],
)
def test_having_no_gradient_may_be_an_answer(kept: float | None, result: str) -> None:
    first = "x.grad == 12 -> A second backward adds to the first."
    text = TEXT.replace(first, "x.grad == None -> It keeps none.")
    text = text.replace("x.data == 3, x.grad == 6", "x.grad == 7")
    one = read_suite(text, "conventions.suite").cases[0]
    assert judge(one, Observation((3.0, kept))).message == result


@pytest.mark.parametrize("due", [math.inf, -math.inf, math.nan])
def test_an_infinite_answer_matches_only_the_same_number(due: float) -> None:
    text = TEXT.replace("x.grad == 12", f"x.grad == {due}").replace("x.grad == 6", "x.grad == 7")
    one = read_suite(text, "conventions.suite").cases[0]
    assert judge(one, Observation((3.0, due))).message == "A second backward adds to the first."
    for other in {6.0, math.inf, -math.inf} - {due}:
        assert judge(one, Observation((3.0, other))).message.startswith("An unusual answer")


def test_raising_an_error_may_be_an_answer() -> None:
    refused = judge(case(), Failure(verdict=Verdict.ERROR, message="RuntimeError"))
    assert (refused.verdict, refused.message) == (Verdict.PASSED, "A second backward is refused.")
    stuck = judge(case(), Failure(verdict=Verdict.TIMEOUT, message="No answer"))
    assert (stuck.verdict, stuck.message) == (Verdict.TIMEOUT, "No answer")


def test_a_convention_still_needs_numbers() -> None:
    assert judge(case(), Observation((3.0,))).verdict is Verdict.INVALID_OUTPUT


@pytest.mark.parametrize(
    "answer",
    [
        "x.grad == 12",
        "x.grad == twelve -> S.",
        "x.grad is 12 -> S.",
        "L.grad == 1 -> S.",
        "timeout -> S.",
        "error ->",
    ],
)
def test_an_answer_with_a_wrong_form_is_rejected_with_its_line(answer: str) -> None:
    text = TEXT.replace("x.grad == 12 -> A second backward adds to the first.", answer)
    with pytest.raises(SuiteError, match="an answer is written as") as refused:
        read_suite(text, "conventions.suite")
    assert (refused.value.case, refused.value.line) == ("second-backward", 11)


def test_conventions_have_answers() -> None:
    text = "\n".join(line for line in TEXT.splitlines() if "# answer" not in line)
    with pytest.raises(SuiteError, match="a case of kind convention has answers"):
        read_suite(text, "conventions.suite")


@pytest.mark.parametrize("kind", ["growth", "gradient-check"])
def test_only_conventions_and_numbers_have_answers(kind: str) -> None:
    text = TEXT.replace("kind: convention", f"kind: {kind}").replace("# check: x\n", "")
    with pytest.raises(SuiteError, match=f"a case of kind {kind} has no answers"):
        read_suite(text, "conventions.suite")


def numbers_case() -> Case:
    """The same as a case of numbers: the answers are right, and anything else is wrong."""
    return read_suite(TEXT.replace("# kind: convention\n", ""), "conventions.suite").cases[0]


@pytest.mark.parametrize(
    ("numbers", "verdict", "message"),
    [
        ((3.0, 12.0), Verdict.PASSED, ""),
        ((3.0, 6.0), Verdict.PASSED, "A second backward starts again."),
        ((3.0, 7.0), Verdict.WRONG_GRADIENT, "x.grad is 7, expected 12."),
        ((4.0, 12.0), Verdict.WRONG_VALUE, "x.data is 4, expected 3."),
    ],
)
def test_a_case_of_numbers_may_let_several_answers_pass_and_marks_all_others(
    numbers: tuple[float, ...], verdict: Verdict, message: str
) -> None:
    report = judge(numbers_case(), Observation(numbers))
    assert (report.verdict, report.message) == (verdict, message)


def test_an_unknown_kind_or_rule_is_rejected_with_the_known_ones() -> None:
    with pytest.raises(SuiteError, match="kind is one of numbers, gradient-check"):
        read_suite(TEXT.replace("kind: convention", "kind: custom"), "conventions.suite")
    with pytest.raises(SuiteError, match="rule is one of"):
        read_suite(TEXT.replace("# check: x", "# check: x\n# rule: magic"), "conventions.suite")
    with pytest.raises(SuiteError, match="its graph does not need the rule 'tanh'"):
        read_suite(TEXT.replace("# check: x", "# check: x\n# rule: tanh"), "conventions.suite")
