"""What diagnosis claims, and what it doesn't: answers are those of simulated engines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import pytest

from worker.grading.budget import OUT_OF_TIME
from worker.grading.diagnosis import explanation as module
from worker.grading.diagnosis import observations
from worker.grading.diagnosis.diagnose import Findings, diagnose
from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.failures import NOT_RUN
from worker.grading.diagnosis.kept import find_kept
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import (
    Judged,
    list_questions,
    probe_case,
    read_cases,
)
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.simulate import simulate, simulate_next
from worker.grading.judge import fail, judge, reconcile
from worker.grading.unseeded import charge_for_seed
from worker.graph import Question
from worker.report.model import Interface, Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case
from worker.suites.catalogue import load

Answer = Callable[[Question], Observation | Failure]
NOT_SQUARED = Model().with_rules(("tanh", "slope0", "1 - out"))
TWICE = Model(traversal="stack left open", order="set")
UNSEEDED = Interface(
    class_name="Value", data="data", grad="grad", backward="backward()", unseeded=True
)


def answering(model: Model) -> Answer:
    """A simulated engine, in place of a sandbox."""

    def answer(question: Question) -> Observation | Failure:
        numbers = simulate(model, Prepared(question.graph, question.reads))
        if isinstance(numbers, tuple):
            return Observation(numbers)
        return Failure(verdict=Verdict.ERROR, message="ValueError: out of range")

    return answer


def remembering(identity: str) -> Answer:
    """A simulated engine that is asked one question after the other."""
    engine = Engine(Model(identity=identity))

    def answer(question: Question) -> Observation | Failure:
        numbers = simulate_next(engine, Prepared(question.graph, question.reads))
        assert isinstance(numbers, tuple)
        return Observation(numbers)

    return answer


def moved(answer: Answer, share: float) -> Answer:
    """An engine whose last number is larger."""

    def answer_more(question: Question) -> Observation | Failure:
        outcome = answer(question)
        if isinstance(outcome, Failure):
            return outcome
        *rest, last = outcome.numbers
        return Observation((*rest, (last or 0.0) + share))

    return answer_more


def run(answer: Answer, *suites: str) -> Judged:
    return [(name, case, judge(case, answer(case.question))) for name, case in cases_of(*suites)]


def cases_of(*suites: str) -> Iterator[tuple[str, Case]]:
    for name in suites:
        yield from ((name, case) for case in load(name).cases)


def ask(answer: Answer) -> Sequence[Observation | Failure]:
    return [answer(question) for question in list_questions()]


def run_unseeded(answer: Answer, *suites: str) -> Judged:
    """The reports of an engine whose output got its gradient from outside."""
    return [(name, case, charge_for_seed(case, one)) for name, case, one in run(answer, *suites)]


def run_twice(first: Answer, second: Answer, *suites: str) -> Judged:
    """The reports after both orders of sets."""
    both = zip(run(first, *suites), run(second, *suites), strict=True)
    return [(name, case, reconcile(one, other)) for (name, case, one), (_, _, other) in both]


def name_all(found: Findings) -> list[tuple[str, bool]]:
    return [(one.misconception, one.exact) for one in found.diagnoses]


def test_what_predicts_every_number_is_exact() -> None:
    answer = answering(NOT_SQUARED)
    found = diagnose(run(answer, "functions"), ask(answer))
    assert name_all(found) == [("tanh-slope", True)]
    assert found.model is not None


def test_half_of_a_mistake_is_not_exact_however_many_searches_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = answering(NOT_SQUARED)
    cases = run(answer, "functions")
    odd = [run(moved(answer, 0.123), "functions")[0], *cases[1:]]
    for rounds in (1, module.MOST_ROUNDS):
        monkeypatch.setattr(module, "MOST_ROUNDS", rounds)
        found = diagnose(odd, ask(answer))
        assert name_all(found) == [("tanh-slope", False)]
        (one,) = found.diagnoses
        assert one.predicts == (len(cases) - 1, len(cases))
        assert found.model is None


def test_nothing_is_said_if_most_wrong_cases_have_other_numbers() -> None:
    answer = answering(NOT_SQUARED)
    found = diagnose(run(moved(answer, 0.123), "functions"), ask(answer))
    assert found.diagnoses == ()


def test_a_message_is_not_exact_if_another_one_has_no_explanation() -> None:
    tests = [(suite, case) for suite, case in cases_of("numbers") if case.establishes]
    forever = [
        (
            suite,
            case,
            case.report(Verdict.ERROR, "RecursionError: maximum recursion depth exceeded"),
        )
        for suite, case in tests
    ]
    suite, case = tests[0]
    other = (suite, case, case.report(Verdict.ERROR, "ZeroDivisionError: float division by zero"))
    assert name_all(diagnose(forever)) == [("recurses", True)]
    assert name_all(diagnose([*forever, other])) == [("recurses", False)]


def test_numbers_that_are_not_finite_or_not_there_are_compared_with_no_model() -> None:
    (first, case), (_, other) = [*cases_of("functions")][:2]
    endless = judge(case, Observation((math.inf,) * len(case.reads)))
    failed = other.report(Verdict.NONDETERMINISTIC, "it failed in one order")
    judged = [(first, case, endless), (first, other, failed)]
    assert endless.verdict is Verdict.WRONG_VALUE
    assert read_cases(judged) == ([], {})
    assert read_cases(judged, observations.VARIED) == ([], {})


def test_cases_are_kept_for_later_gradings_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(observations, "_known", {})
    monkeypatch.setattr(observations, "MOST_KNOWN", 2)
    for suite, case in [*cases_of("functions")][:5]:
        assert probe_case(suite, case) is probe_case(suite, case)
        assert len(observations._known) <= 2


def test_numbers_that_depend_on_the_order_of_sets_are_explained_in_both_orders() -> None:
    usual, reverse = answering(TWICE), answering(TWICE.with_dial("order", "set right"))
    for first, second in ((usual, reverse), (reverse, usual)):
        judged = run_twice(first, second, "order", "reuse")
        assert any(report.verdict is Verdict.NONDETERMINISTIC for _, _, report in judged)
        found = diagnose(judged, ask(first))
        assert name_all(found) == [("stack-twice", True)]
        assert found.model is not None
        (one,) = found.diagnoses
        assert one.predicts == (len(judged), len(judged))


def test_luck_that_the_mistake_does_not_explain_is_not_exact() -> None:
    answer = answering(TWICE)
    judged = run_twice(answer, moved(answer, 0.5), "order", "reuse")
    found = diagnose(judged, ask(answer))
    assert all(not one.exact for one in found.diagnoses)
    assert found.model is None
    assigns = answering(Model(accumulation="assign"))
    judged = [*run(assigns, "reuse"), *run_twice(assigns, moved(assigns, 0.5), "pass")]
    found = diagnose(judged, ask(assigns))
    assert all(not one.exact for one in found.diagnoses)
    assert found.model is None


def test_luck_in_an_engine_that_is_right_otherwise_has_no_diagnosis() -> None:
    answer = answering(Model())
    found = diagnose(run_twice(answer, moved(answer, 0.5), "reuse"), ask(answer))
    assert (found.diagnoses, found.model) == ((), None)


def test_an_engine_without_a_seed_and_with_luck_is_not_exact() -> None:
    answer = answering(Model())
    lucky = run_twice(answer, moved(answer, 0.5), "reuse")
    found = diagnose([*run_unseeded(answer, "order"), *lucky], ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", False)]


def test_the_tests_of_an_engine_without_a_seed_are_compared_too() -> None:
    answer = answering(Model())
    judged = run_unseeded(answer, "functions")
    found = diagnose(judged, ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", True)]
    assert found.diagnoses[0].predicts == (len(judged), len(judged))
    odd = [run_unseeded(moved(answer, 0.5), "functions")[0], *judged[1:]]
    found = diagnose(odd, ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", False)]
    assert found.diagnoses[0].predicts == (len(judged) - 1, len(judged))
    assert (found.diagnoses[0].evidence[0], found.model) == ("functions/tanh@2", None)
    assert diagnose(run(moved(answer, 0.5), "functions"), ask(answer), UNSEEDED).diagnoses == ()


def test_a_mistake_beside_a_missing_seed_is_shown_by_what_the_seed_leaves_wrong() -> None:
    answer = answering(NOT_SQUARED)
    found = diagnose(run_unseeded(answer, "functions"), ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", True), ("tanh-slope", True)]
    seed, slope = found.diagnoses
    assert set(seed.evidence).isdisjoint(slope.evidence)
    assert slope.evidence[0] == "functions/tanh@1"


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.TIMEOUT, Verdict.CRASHED])
def test_a_failure_where_the_mistake_gives_numbers_is_not_explained(verdict: Verdict) -> None:
    answer = answering(NOT_SQUARED)
    message = "TypeError: unsupported operand type(s) for *: 'NoneType' and 'float'"
    judged, failing = run(answer, "functions"), Failure(verdict=verdict, message=message)
    ended = [
        (suite, case, fail(case, failing) if case.establishes == "exp" else report)
        for suite, case, report in judged
    ]
    found = diagnose(ended, ask(answer))
    assert name_all(found) == [("tanh-slope", False)]
    count = sum(case.establishes == "exp" for _, case, _ in judged)
    assert count
    assert found.diagnoses[0].predicts == (len(judged) - count, len(judged))


def test_a_test_that_was_not_run_needs_no_explanation() -> None:
    answer = answering(NOT_SQUARED)
    *judged, (suite, case, _) = run(answer, "functions")
    left_out = fail(case, Failure(verdict=Verdict.TIMEOUT, message=OUT_OF_TIME))
    found = diagnose([*judged, (suite, case, left_out)], ask(answer))
    assert name_all(found) == [("tanh-slope", True)]


@pytest.mark.parametrize(
    ("message", "exact"),
    [
        ("TypeError: unsupported operand type(s) for *: 'NoneType' and 'float'", True),
        ("KeyError: 3", True),
        ("IndexError: pop from empty list", True),
        ("ValueError: not enough values to unpack (expected 2, got 0)", True),
        ("AttributeError: module 'math' has no attribute 'expp'", False),
    ],
)
def test_a_gradient_that_never_came_may_be_nothing_and_fail(message: str, exact: bool) -> None:
    answer = answering(Model(traversal="one step"))
    wrong = run(answer, "pass")
    ended = [
        (suite, case, fail(case, Failure(verdict=Verdict.ERROR, message=message)))
        if case.establishes == "chain" and not report.passed
        else (suite, case, report)
        for suite, case, report in wrong
    ]
    assert any(report.verdict is Verdict.ERROR for _, _, report in ended)
    found = diagnose(ended, ask(answer))
    assert {is_exact for _, is_exact in name_all(found)} == {exact}


def test_only_tests_with_points_need_an_explanation_of_their_failure() -> None:
    answer = answering(NOT_SQUARED)
    judged = run(answer, "functions")
    suite, case = next(
        one for one in cases_of("robustness") if one[1].graph_id == "sigmoid-far-out"
    )
    far_out = fail(case, Failure(verdict=Verdict.ERROR, message="OverflowError"))
    both = [*judged, (suite, case, far_out)]
    assert name_all(diagnose(both, ask(answer), None, judged)) == [("tanh-slope", True)]
    assert name_all(diagnose(both, ask(answer))) == [("tanh-slope", False)]


def test_results_that_are_remembered_explain_answers_that_depend_on_the_order() -> None:
    judged = run(remembering("remembered tanh"), "functions", "state")
    outcomes = ask(remembering("remembered tanh"))
    found = diagnose(judged, outcomes)
    assert name_all(found) == [("results-remembered", True)]
    assert found.diagnoses[0].predicts == (len(judged), len(judged))
    suite, case, _ = judged[0]
    other = judge(case, moved(remembering("remembered tanh"), 0.5)(case.question))
    assert name_all(diagnose([(suite, case, other), *judged[1:]], outcomes)) == [
        ("state-kept", False)
    ]
    assert name_all(diagnose(judged, ask(remembering("remembered")))) == [("state-kept", False)]


def test_tests_that_were_not_run_say_nothing_about_results_that_are_remembered() -> None:
    judged = run(remembering("remembered tanh"), "functions", "state")
    outcomes = ask(remembering("remembered tanh"))
    suite, case, _ = judged[-1]
    left_out = fail(case, Failure(verdict=Verdict.ERROR, message=f"{NOT_RUN}: out of time."))
    found = diagnose([*judged[:-1], (suite, case, left_out)], outcomes)
    assert name_all(found) == [("results-remembered", True)]


def test_without_all_answers_no_results_are_remembered() -> None:
    judged = run(remembering("remembered tanh"), "functions", "state")
    outcomes = ask(remembering("remembered tanh"))
    assert find_kept(judged, outcomes)
    assert not find_kept(judged, outcomes[:-1])
