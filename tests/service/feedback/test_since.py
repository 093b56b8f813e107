"""What changed since an earlier attempt."""

from __future__ import annotations

from service.feedback.since import compare_reports
from tests.support.factories import make_case, make_diagnosis, make_report, make_suite
from worker.report.model import Diagnosis, Problem, ProblemKind, Report, Verdict


def report(passed: str, failed: str, *diagnoses: Diagnosis, title: str = "") -> Report:
    """A report whose cases have a letter each as their id."""
    cases = [
        make_case(letter, verdict, **({"title": title} if title else {}))
        for letters, verdict in ((passed, Verdict.PASSED), (failed, Verdict.WRONG_GRADIENT))
        for letter in letters
    ]
    return make_report(make_suite("rules", *cases), diagnoses=diagnoses)


def test_fixed_and_broken_tests_are_counted_by_their_ids() -> None:
    since = compare_reports(report("ab", "cde"), report("acd", "be"), attempt=4)
    assert since is not None
    assert [change.id for change in since.fixed] == ["c", "d"]
    assert [change.id for change in since.broken] == ["b"]
    assert since.sentence == "Since attempt 4: 2 tests fixed, 1 broken."


def test_a_mistake_is_gone_or_new() -> None:
    tanh, other = make_diagnosis(), make_diagnosis(misconception="b", title="A share is lost")
    since = compare_reports(report("a", "b", tanh), report("a", "b", other), attempt=1)
    assert since is not None
    assert since.sentence == (
        "Since attempt 1: the same tests pass. "
        "This mistake is gone: The slope of tanh is wrong. This mistake is new: A share is lost."
    )


def test_mistakes_are_not_named_where_causes_are_hidden() -> None:
    before = report("a", "b", make_diagnosis())
    since = compare_reports(before, report("ab", ""), attempt=1, causes=False)
    assert since is not None
    assert since.sentence == "Since attempt 1: 1 test fixed."


def test_only_breaking_says_how_many_tests() -> None:
    since = compare_reports(report("ab", ""), report("a", "b"), attempt=2)
    assert since is not None
    assert since.sentence == "Since attempt 2: 1 test broken."


def test_another_test_with_the_same_id_is_not_compared() -> None:
    since = compare_reports(report("", "a"), report("a", "", title="Another"), attempt=1)
    assert since is not None
    assert since.fixed == ()


def test_suites_without_points_are_not_compared() -> None:
    before, after = (
        make_report(
            make_suite("rules", make_case("sum")),
            make_suite("robustness", make_case("deep", verdict), points=0.0),
        )
        for verdict in (Verdict.ERROR, Verdict.PASSED)
    )
    since = compare_reports(before, after, attempt=1)
    assert since is not None
    assert (since.fixed, since.broken) == ((), ())


def test_a_file_that_could_not_be_tested_has_nothing_to_compare() -> None:
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="?")
    broken = make_report(make_suite("rules", make_case("a", Verdict.ERROR)), problem=problem)
    assert compare_reports(report("a", ""), broken, attempt=1) is None
    assert compare_reports(broken, report("a", ""), attempt=1) is None
