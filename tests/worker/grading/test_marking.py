"""A broken rule is charged where it is established, and nowhere again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.grading.judge import judge
from worker.grading.marking import Selection, find_faults, find_rules, score
from worker.report.model import CaseReport, SuiteReport, Verdict
from worker.sandbox.host.outcome import Failure
from worker.suites.cases import Case, Suite
from worker.suites.catalogue import load
from worker.suites.format.reader import read_suite
from worker.suites.rules import CHAIN, NAMES, SHARED, spell_rule


def passed(suite: SuiteReport) -> int:
    """How many of the cases that count passed."""
    return sum(case.counts and case.verdict is Verdict.PASSED for case in suite.cases)


def counted(suite: SuiteReport) -> int:
    """How many cases count for the score."""
    return sum(case.counts for case in suite.cases)


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
FUNCTIONS = """\
# suite: functions
# title: Functions
# version: 1
# about: A function.
# weight: 20

# case: tanh
# title: Tanh
# rule: tanh
x = Value(0.5)
L = x.tanh()
L.backward()
"""
SIMPLE, MORE = read_suite(RULES, "simple.suite"), read_suite(COMPOSED, "composed.suite")
ONLY_PRODUCTS = read_suite(COMPOSED.split("# case: sums")[0], "composed.suite")


def grade(*failing: str, suites: tuple[Suite, ...] = (SIMPLE, MORE)) -> tuple[SuiteReport, ...]:
    """The suites' reports where the cases of these ids fail and all others pass."""
    judged = [[(case, report_of(case, failing)) for case in suite.cases] for suite in suites]
    return score([Selection(suite=suite, weight=suite.weight) for suite in suites], judged)


def report_of(case: Case, failing: tuple[str, ...], verdict: Verdict = Verdict.ERROR) -> CaseReport:
    if case.id in failing:
        return judge(case, Failure(verdict=verdict, message="KeyError: 7"))
    return case.report(Verdict.PASSED)


def cases_of(reports: tuple[SuiteReport, ...]) -> dict[str, CaseReport]:
    return {case.id: case for report in reports for case in report.cases}


def test_a_right_engine_earns_all_points() -> None:
    simple, more = grade()
    assert (simple.score, more.score) == (40, 60)
    assert (counted(simple), counted(more)) == (4, 2)


def test_a_case_that_fails_costs_its_share_of_the_suite() -> None:
    simple, more = grade("neuron")
    assert (simple.score, more.score) == (40, 30)
    assert cases_of((more,))["neuron"].blocked_by == ()


def test_a_broken_rule_costs_its_own_case_and_blocks_those_that_need_it() -> None:
    reports = grade("product", "twice", "literal", "neuron")
    simple, more = reports
    cases = cases_of(reports)
    assert cases["product"].blocked_by == ()
    for blocked in ("twice", "literal", "neuron"):
        assert cases[blocked].blocked_by == ("multiplication",)
        assert cases[blocked].message == "Fails because of multiplication: KeyError: 7"
        assert cases[blocked].verdict is Verdict.ERROR
    # Of what counts, 10 + 10 + 30 points, 10 are lost. A blocked case is worth the share that is
    # left, and of that the part of its rules that hold: one of two, or two of three.
    assert (counted(simple), simple.score) == (2, 10 + 2 * 10 * 40 / 50 * (1 - 1 / 2))
    assert (passed(more), counted(more)) == (1, 1)
    assert more.score == pytest.approx(30 + 30 * 40 / 50 * (1 - 1 / 3))


def test_a_case_that_needs_a_broken_rule_does_not_count_even_if_it_passes() -> None:
    simple, more = grade("sum", "sums")
    neuron = cases_of((more,))["neuron"]
    assert (neuron.verdict, neuron.counts, neuron.blocked_by) == (Verdict.PASSED, False, ())
    assert (passed(simple), counted(simple), simple.score) == (3, 4, 30)
    assert (passed(more), counted(more)) == (0, 0)


def test_a_shape_that_no_counted_case_has_earns_nothing() -> None:
    _, more = grade("sum", "sums")  # and no other graph passes a gradient on
    assert more.score == 0


@pytest.mark.parametrize(("verdict", "part"), [(Verdict.UNSUPPORTED, 1), (Verdict.ERROR, 2 / 3)])
def test_a_missing_rule_costs_no_more_than_its_own_cases(verdict: Verdict, part: float) -> None:
    suites = SIMPLE, read_suite(FUNCTIONS, "functions.suite"), MORE
    judged = [
        [(case, report_of(case, ("tanh", "neuron"), verdict)) for case in suite.cases]
        for suite in suites
    ]
    selections = [Selection(suite=suite, weight=suite.weight) for suite in suites]
    simple, functions, more = score(selections, judged)
    assert (simple.score, functions.score) == (40, 0)
    # Of 40 + 20 + 30 points that count, 20 are lost.
    assert more.score == pytest.approx(30 + 30 * 70 / 90 * part)


@pytest.mark.parametrize("shape", [CHAIN, SHARED])
@pytest.mark.parametrize("rule", ["multiplication", "addition", "tanh", "subtraction"])
def test_breaking_another_rule_earns_nothing(shape: str, rule: str) -> None:
    suites = tuple(map(load, ("rules", "operators", "functions", "reuse", "order", "composite")))
    cases = [(suite, case) for suite in suites for case in suite.cases]
    no_shape = {(suite.name, case.id) for suite, case in cases if shape in case.shapes}
    no_rule = {(suite.name, case.id) for suite, case in cases if rule in find_rules(case)}

    def total(failing: set[tuple[str, str]]) -> float:
        judged = [
            [
                (case, report_of(case, (case.id,) if (suite.name, case.id) in failing else ()))
                for case in suite.cases
            ]
            for suite in suites
        ]
        selections = [Selection(suite=suite, weight=suite.weight) for suite in suites]
        return sum(suite.score for suite in score(selections, judged))

    assert total(no_shape | no_rule) < total(no_shape) < total(set())


@pytest.mark.parametrize("missing", ["sum", "product"])
def test_a_missing_sum_or_product_is_no_better_than_a_wrong_one(
    missing: str,
) -> None:
    failing = (missing, "twice", "literal", "neuron", "sums")
    found = []
    for verdict in (Verdict.UNSUPPORTED, Verdict.WRONG_GRADIENT):
        judged = [
            [(case, report_of(case, failing, verdict)) for case in suite.cases]
            for suite in (SIMPLE, MORE)
        ]
        found.append(score([Selection(suite=s, weight=1) for s in (SIMPLE, MORE)], judged))
    missing_it, wrong = ([suite.score for suite in suites] for suites in found)
    assert missing_it == wrong


def test_a_blocked_case_earns_at_most_the_share_of_its_suite() -> None:
    simple, more = grade("product", "twice", "literal", "neuron", "sums")
    assert (passed(simple), counted(simple), passed(more), counted(more)) == (1, 2, 0, 1)
    assert simple.score == 10 + 2 * 10 * (10 / 50) * (1 - 1 / 2)  # as 10 of 50 points are earned
    assert more.score == 0


def test_a_lucky_case_is_not_the_whole_suite() -> None:
    """An engine in which nothing has a gradient is right about x / x, where 0 is due."""
    suites = load("rules"), load("reuse")
    lucky = {"quotient-twice", "difference-twice", "definition", "unrelated-constant"}
    failing = tuple(case.id for suite in suites for case in suite.cases if case.id not in lucky)
    rules, reuse = grade(*failing, suites=suites)
    assert (passed(reuse), counted(reuse)) == (2, 2)
    assert rules.score / rules.max_score < 0.15
    assert reuse.score / reuse.max_score < 0.25


def test_a_suite_without_counted_cases_earns_the_share_of_the_rest() -> None:
    simple, more = grade("product", "neuron", suites=(SIMPLE, ONLY_PRODUCTS))
    assert (passed(simple), counted(simple)) == (1, 2)
    assert (counted(more), more.score) == (0, 0)  # no graph that counts passes a gradient on


def test_rules_that_no_suite_tests_block_nothing() -> None:
    (more,) = grade("neuron", "sums", suites=(MORE,))
    assert (counted(more), more.score) == (2, 0)


def weigh(simple: float, more: float, *failing: str) -> tuple[SuiteReport, ...]:
    """The reports of both suites at these weights, where the cases of these ids fail."""
    judged = [
        [(case, report_of(case, failing)) for case in suite.cases] for suite in (SIMPLE, MORE)
    ]
    return score(
        [Selection(suite=SIMPLE, weight=simple), Selection(suite=MORE, weight=more)], judged
    )


def test_a_rule_that_is_tested_for_no_points_blocks_nothing() -> None:
    simple, more = weigh(0, 10, "product", "neuron")
    assert (simple.score, passed(more), counted(more), more.score) == (0, 1, 2, 5)
    assert cases_of((more,))["neuron"].message == "KeyError: 7"


def test_broken_rules_are_named_even_if_no_suite_gives_points() -> None:
    _, more = weigh(0, 0, "product", "neuron")
    assert cases_of((more,))["neuron"].blocked_by == ("multiplication",)


@pytest.mark.parametrize("weight", [0.1, 0.7, 1.9])
def test_a_right_engine_gets_its_points_without_rounding_errors(weight: float) -> None:
    three = read_suite(RULES.partition("# case: literal")[0], "simple.suite")
    judged = [[(case, report_of(case, ())) for case in three.cases]]
    (report,) = score([Selection(suite=three, weight=weight)], judged)
    assert report.score == weight != weight * 3 / 3


@given(
    weights=st.tuples(*[st.floats(0, 100)] * 2),
    failing=st.sets(st.sampled_from([case.id for case in (*SIMPLE.cases, *MORE.cases)])),
)
def test_scores_are_between_0_and_the_maximum(
    weights: tuple[float, float], failing: set[str]
) -> None:
    right, wrong = weigh(*weights), weigh(*weights, *failing)
    for best, earned in zip(right, wrong, strict=True):
        assert best.score == best.max_score
        assert 0 <= earned.score <= best.score


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
    assert rule in NAMES
    assert spell_rule(rule) == words


def test_several_broken_rules_are_all_named() -> None:
    cases = cases_of(grade("sum", "product", "neuron"))
    assert cases["neuron"].message.startswith("Fails because of addition and multiplication: ")


def test_a_rule_that_fails_because_of_another_is_not_called_broken() -> None:
    judged = [(case, report_of(case, ("product", "twice", "literal"))) for case in SIMPLE.cases]
    assert find_faults(judged).wrong == {"multiplication": True}


def test_reuse_is_described_in_words() -> None:
    text = COMPOSED.replace("L = x + y + Value(2)", "L = x + y + x")
    cases = cases_of(grade("twice", "sums", suites=(SIMPLE, read_suite(text, "composed.suite"))))
    assert cases["sums"].message.startswith("Fails because of values used more than once: ")


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

# case: tanh-twice
# title: Tanh
# rule: reuse
x = Value(0.5)
L = x.tanh() + x
L.backward()

# case: exp-and-tanh
# title: Exp of tanh
# rule: reuse
x = Value(0.5)
L = x.tanh() + x.exp()
L.backward()

# case: sums
# title: Sums
x = Value(0.5)
y = Value(2)
L = x + y + x
L.backward()

# case: tanhs
# title: Tanhs
x = Value(0.5)
y = Value(2)
L = x.tanh() + y + x
L.backward()
"""


def find_uncounted(*failing: str) -> set[str]:
    (report,) = grade(*failing, suites=(read_suite(REUSED, "simple.suite"),))
    return {case.id for case in report.cases if not case.counts}


def test_reuse_that_fails_for_one_function_works_for_the_others() -> None:
    assert find_uncounted("tanh-twice", "exp-and-tanh", "tanhs") == {"tanhs"}
    assert find_uncounted("sum-twice", "tanh-twice") == {"sums", "tanhs"}


def test_reuse_without_a_passing_case_is_broken_everywhere() -> None:
    assert find_uncounted("sum-twice", "tanh-twice", "exp-and-tanh") == {"sums", "tanhs"}


def test_a_case_that_fails_without_a_known_reason_blocks_only_cases_with_all_its_traits() -> None:
    twice = REUSED + "\n# case: again\n# title: Again\n# rule: reuse\nx = Value(7)\nL = x + x\n"
    (report,) = grade("again", suites=(read_suite(twice + "L.backward()\n", "simple.suite"),))
    assert [case.id for case in report.cases if not case.counts] == ["sums", "tanhs"]


@pytest.mark.parametrize("function", ["tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "abs"])
def test_a_mistake_in_one_function_costs_the_cases_of_that_function(function: str) -> None:
    suites = tuple(load(name, 7) for name in ("rules", "operators", "functions", "reuse", "order"))
    slip = [f"{function}-reused", f"{function}-of-a-result"]
    points = sum(report.score for report in grade(*slip, suites=suites))
    assert sum(suite.weight for suite in suites) - 1.5 < points


@pytest.mark.parametrize("weight", [0.0, 5.0])
def test_suites_without_points_do_not_count(weight: float) -> None:
    judged = [[(case, report_of(case, ("sum",))) for case in SIMPLE.cases]]
    (report,) = score([Selection(suite=SIMPLE, weight=weight)], judged)
    assert (report.score, report.max_score) == (weight * 3 / 4, weight)


def test_if_the_file_was_not_loaded_no_rule_is_at_fault() -> None:
    judged = [[(case, report_of(case, ("sum", "product"))) for case in SIMPLE.cases]]
    (report,) = score([Selection(suite=SIMPLE, weight=1)], judged, loaded=False)
    assert counted(report) == len(SIMPLE.cases)


def test_rules_that_need_each_other_do_not_loop() -> None:
    tangled = (
        RULES.split("# case: sum")[0]
        + "# case: one\n# title: One\n# rule: addition\nx = Value(3)\nL = (x + x) * x\nL.backward()"
        + "\n# case: two\n# title: Two\n# rule: reuse\nx = Value(3)\nL = x + x\nL.backward()\n"
    )
    cases = cases_of(grade("one", "two", suites=(read_suite(tangled, "simple.suite"),)))
    assert cases["two"].blocked_by in {(), ("addition",)}


def test_a_convention_among_other_cases_has_no_points() -> None:
    told = "\n# case: told\n# title: T\n# kind: convention\n# answer: x.grad == 1 -> One.\n"
    told += "x = Value(3)\nL = x + x\nL.backward()\n"
    suite = read_suite(RULES + told, "simple.suite")
    for failing in (("sum",), ("sum", "told")):
        assert grade(*failing, suites=(suite,))[0].score == 30
