"""Diagnoses of real engines, in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.strength.grading import SEED, selections
from tests.students import engine
from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.diagnose import Findings, diagnose, is_worth_asking
from worker.grading.diagnosis.observations import (
    Judged,
    is_repeatable,
    list_questions,
    read_answers,
    sign,
)
from worker.grading.diagnosis.questions import probes
from worker.grading.grade import grade
from worker.report.model import Interface, Report, Verdict
from worker.sandbox import Sandbox
from worker.sandbox.host.outcome import Failure, Limits, Loaded, Observation

pytestmark = pytest.mark.sandbox
Outcomes = list[Observation | Failure]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as one:
        yield one


def ask(source: str, sandbox: Sandbox) -> tuple[Interface, Outcomes]:
    with sandbox.session(source, Limits()) as session:
        loaded = session.load()
        assert isinstance(loaded, Loaded)
        return loaded.interface, list(session.run_all(list_questions()))


def judge_all(source: str, sandbox: Sandbox) -> tuple[Report, Judged]:
    report = grade(source, selections(), sandbox, seed=SEED)
    pairs = zip(selections(), report.suites, strict=True)
    return report, [
        (item.suite.name, case, one)
        for item, suite in pairs
        for case, one in zip(item.suite.cases, suite.cases, strict=True)
    ]


def examine(source: str, sandbox: Sandbox) -> Findings:
    _, judged = judge_all(source, sandbox)
    interface, outcomes = ask(source, sandbox)
    given = {item.suite.name for item in selections() if item.weight}
    graded = [one for one in judged if one[0] in given]
    return diagnose(judged, outcomes if is_worth_asking(judged) else (), interface, graded)


EXACT = {
    "m01_assigns_everywhere": ["assigns"],
    "m04_parents_late": ["order"],
    "m12_never_seeded": ["seed"],
    "m12_seed_in_the_constructor": ["seeds-every-node"],
    "m12_seeded_wherever_it_is_zero": ["seeds-every-node"],
    "m13_single_parent": ["single-parent"],
    "m17_negation_without_closure": ["no-backward"],
    "m20_parameter_ignored": ["nothing-passed-on"],
    "m24_n_missing": ["power-rule"],
    "m26_root_for_square": ["formula"],
    "m27_tanh_not_squared": ["tanh-slope"],
    "m33_rsub_swapped": ["difference-swapped"],
    "m39_equal_values_merge": ["equal-numbers"],
    "m51_order_kept_in_a_default": ["kept-order"],
    "m51_results_remembered": ["results-remembered"],
    "m54_power_zero_zeroes": ["else-zeroes"],
    "pair_m01_m27": ["assigns", "tanh-slope"],
    "pair_m24_m33": ["power-rule", "difference-swapped"],
}
RULES = {  # of mistakes that have none of their own
    "m26_root_for_square": "division",
    "m50_math_not_imported": "cos",
}
IN_MESSAGES = {
    "m18_relu_returns_nothing": ["returns-nothing"],
    "m35_radd_recurses": ["recurses"],
    "m58_number_asked_for_data": ["no-coercion"],
    "m40_eq_without_hash": ["unhashable"],
    "m50_math_not_imported": ["not-imported"],
}


@pytest.mark.parametrize(("name", "mistakes"), EXACT.items())
def test_wrong_engines_get_their_diagnosis(
    name: str, mistakes: list[str], sandbox: Sandbox
) -> None:
    found = examine(engine(f"wrong/{name}"), sandbox)
    assert sorted(one.misconception for one in found.diagnoses) == sorted(mistakes)
    assert len(found.signature) == 16
    assert found.diagnoses[0].rule == RULES.get(name, BY_KEY[mistakes[0]].rule)
    for one in found.diagnoses:
        assert one.exact
        assert 0 < len(one.evidence) <= 8
        assert one.predicts[0] == one.predicts[1]
        assert "{" not in one.title + one.explanation


def test_shares_that_are_cut_to_whole_numbers_everywhere_are_one_mistake(sandbox: Sandbox) -> None:
    source = engine("right/bare_annotations")
    assert source.count("+= slope * node.grad") == 1
    wrong = source.replace("+= slope * node.grad", "+= int(slope * node.grad)")
    found = examine(wrong, sandbox)
    assert [(one.misconception, one.exact) for one in found.diagnoses] == [("whole-numbers", True)]


@pytest.mark.parametrize(("name", "mistakes"), IN_MESSAGES.items())
def test_messages_show_mistakes(name: str, mistakes: list[str], sandbox: Sandbox) -> None:
    found = examine(engine(f"wrong/{name}"), sandbox)
    assert [one.misconception for one in found.diagnoses] == mistakes
    assert found.diagnoses[0].evidence
    assert found.diagnoses[0].rule == RULES.get(name, BY_KEY[mistakes[0]].rule)


def test_a_mistake_in_numbers_and_one_in_messages_explain_everything_together(
    sandbox: Sandbox,
) -> None:
    source = engine("wrong/m18_relu_returns_nothing").replace("1 - t**2", "1 - t")
    assert source != engine("wrong/m18_relu_returns_nothing")
    found = examine(source, sandbox)
    assert [(one.misconception, one.exact) for one in found.diagnoses] == [
        ("tanh-slope", True),
        ("returns-nothing", True),
    ]


@pytest.mark.parametrize("more", [(), ("tanh-slope",)])
def test_a_number_in_place_of_a_node_explains_what_is_made_of_it(
    more: tuple[str, ...], sandbox: Sandbox
) -> None:
    source = engine("wrong/m19_negation_is_a_number")
    assert "return self + (-other)" in source
    source = source.replace("1 - t**2", "1 - t") if more else source
    found = examine(source, sandbox)
    assert [one.misconception for one in found.diagnoses] == ["returns-a-number", *more]
    assert all(one.exact for one in found.diagnoses)
    first = found.diagnoses[0]
    assert all("opposite" in test for test in first.evidence[:4])
    assert all("difference" in test for test in first.evidence[4:])
    shown = grade(source, selections(), sandbox, seed=SEED).counterexample
    assert shown is not None
    assert "L = a - b" in shown.program
    assert "b.grad is 0, expected -1" in first.explanation


def test_a_number_that_nothing_else_is_made_of_comes_after_wrong_numbers(sandbox: Sandbox) -> None:
    source = engine("wrong/m19_tanh_is_a_number")
    wrong = source.replace("(self, n * self.data", "(self, self.data")
    assert wrong != source
    found = examine(wrong, sandbox)
    assert [one.misconception for one in found.diagnoses] == ["power-rule", "returns-a-number"]


def test_messages_are_not_exact_if_the_numbers_are_not_explained(sandbox: Sandbox) -> None:
    source = engine("wrong/m19_negation_is_a_number")
    _, judged = judge_all(source, sandbox)
    (found,) = diagnose(judged).diagnoses
    assert (found.misconception, found.exact) == ("returns-a-number", False)


def test_a_function_that_reads_data_of_a_number_is_not_about_plain_operands(
    sandbox: Sandbox,
) -> None:
    right = engine("right/closures")
    wrong = right.replace("math.tanh(self.data)", "math.tanh(self.data.data)")
    assert wrong != right
    assert examine(wrong, sandbox).diagnoses == ()


def test_an_engine_that_keeps_state_gets_that_message_alone(sandbox: Sandbox) -> None:
    found = examine(engine("wrong/m51_kept_from_the_last_graph"), sandbox)
    assert [one.misconception for one in found.diagnoses] == ["state-kept"]


def test_the_explanation_has_the_engine_s_own_numbers(sandbox: Sandbox) -> None:
    (found,) = examine(engine("wrong/m27_tanh_not_squared"), sandbox).diagnoses
    assert "but the gradient is 1 - t (where t = tanh(x)). In the test" in found.explanation
    assert "L = tanh(x), at x = -2\u201d, x.grad is 1.96" in found.explanation
    assert found.evidence[0] == "functions/tanh@1"  # the first of the smallest
    assert found.formula is not None
    assert (found.formula.of, found.formula.by) == ("tanh(x)", "x")
    assert (found.formula.yours, found.formula.right) == ("1 - t", "1 - t**2")
    assert found.formula.where == "t = tanh(x)"


RIGHT = (
    "right/closures",
    "right/users_pulled",
    "right/leaf_gradients_only",
    "partial/no_reflected",
)


@pytest.mark.parametrize("name", RIGHT)
def test_right_and_partial_engines_get_none(name: str, sandbox: Sandbox) -> None:
    source = engine(name)
    _, judged = judge_all(source, sandbox)
    assert not is_worth_asking(judged)
    interface, outcomes = ask(source, sandbox)
    assert diagnose(judged, (), interface).diagnoses == ()
    assert diagnose(judged, outcomes, interface).diagnoses == ()


def test_what_no_mistake_explains_gets_none(sandbox: Sandbox) -> None:
    odd = engine("wrong/m27_tanh_not_squared").replace("1 - t", "1.001 - t**2 + 0.01 * t**5")
    found = examine(odd, sandbox)
    assert found.diagnoses == ()
    assert found.signature


def test_engines_that_answer_alike_have_one_signature(sandbox: Sandbox) -> None:
    _, one = ask(engine("wrong/m24_n_missing"), sandbox)
    _, other = ask("# another file\n" + engine("wrong/m24_n_missing"), sandbox)
    _, third = ask(engine("wrong/m27_tanh_from_x"), sandbox)
    assert sign(read_answers(one)) == sign(read_answers(other))
    assert sign(read_answers(one)) != sign(read_answers(third))


@pytest.mark.parametrize("taken", ["ready.pop(0)", "ready.pop()"])
def test_users_that_are_counted_once_are_explained_whichever_is_taken_next(
    taken: str, sandbox: Sandbox
) -> None:
    source = engine("wrong/m04_users_counted_once").replace("ready.pop(0)", taken)
    report, _ = judge_all(source, sandbox)
    assert [one.misconception for one in report.diagnoses] == ["order"]


def test_a_session_that_ended_early_says_less_and_breaks_nothing(sandbox: Sandbox) -> None:
    source = engine("wrong/m27_tanh_not_squared")
    _, judged = judge_all(source, sandbox)
    interface, outcomes = ask(source, sandbox)
    killed = Failure(verdict=Verdict.TIMEOUT, message="stopped")
    half = [*outcomes[: len(probes()) // 2], killed]
    assert is_repeatable(half)
    for some in ([killed], half):
        found = diagnose(judged, some, interface)
        assert all(one.misconception == "tanh-slope" for one in found.diagnoses)


def test_the_same_answers_give_the_same_diagnosis_whatever_was_asked_before(
    sandbox: Sandbox,
) -> None:
    from worker.grading.diagnosis.explanation import differing
    from worker.grading.diagnosis.predictions import forget
    from worker.grading.diagnosis.search import searches

    source = engine("wrong/pair_m24_m33")
    _, judged = judge_all(source, sandbox)
    interface, outcomes = ask(source, sandbox)
    warm = diagnose(judged, outcomes, interface)
    forget()
    searches.forget()
    differing.forget()
    assert diagnose(judged, outcomes, interface) == warm


def test_an_engine_without_a_seed_may_have_another_mistake_too(sandbox: Sandbox) -> None:
    source = engine("wrong/m12_never_seeded").replace("1 - t**2", "1 - t")
    found = examine(source, sandbox)
    assert found.diagnoses[0].misconception == "seed"
    odd = engine("wrong/m12_never_seeded").replace("other.data * out.grad", "0.123 * out.grad**3")
    assert odd != engine("wrong/m12_never_seeded")
    assert examine(odd, sandbox).diagnoses == ()
