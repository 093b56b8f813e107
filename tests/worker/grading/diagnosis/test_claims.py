"""What diagnosis claims, and what it doesn't: answers are those of simulated engines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import pytest

from worker.grading.diagnosis import diagnose as module
from worker.grading.diagnosis import observations
from worker.grading.diagnosis.diagnose import Findings, diagnose
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import (
    Judged,
    list_questions,
    probe_case,
    read_cases,
)
from worker.grading.diagnosis.simulate import simulate
from worker.grading.judge import judge, reconcile
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
        numbers = simulate(model, question.graph, question.reads)
        if isinstance(numbers, tuple):
            return Observation(numbers)
        return Failure(verdict=Verdict.ERROR, message="ValueError: out of range")

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
    judged = run(moved(answer, 0.5), "reuse")
    found = diagnose(judged, ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", True)]
    found = diagnose(run_twice(answer, moved(answer, 0.5), "reuse"), ask(answer), UNSEEDED)
    assert name_all(found) == [("seed", False)]
