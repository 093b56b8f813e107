"""How scores are distributed, and which tests fail the most."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.marks.class_map import (
    score_distribution,
)
from service.marks.gradebook import marks
from service.marks.overrides import set_override
from service.people.models import Account
from service.submissions.models import Grading, Submission
from tests.service.conftest import Class
from tests.service.marks.scores import failures, scored
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import CaseReport, Verdict


def test_scores_are_spread_over_ten_buckets_and_overrides_count(
    session: Session, members: Class
) -> None:
    people = [members.ada, members.blaise] + [
        factories.enrol(session, members.course, factories.make_account(session)) for _ in range(3)
    ]
    handed_in = [
        factories.make_graded(session, members.assignment, person, scored(passed))
        for person, passed in zip(people, (0, 1, 4, 4), strict=False)
    ]
    set_override(session, members.teacher, handed_in[0], score=99, reason="x")
    buckets = score_distribution(marks(session, members.teacher, members.assignment))
    assert [bucket.count for bucket in buckets] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 3]
    assert (buckets[0].low, buckets[9].high) == (0, 100)


def test_an_assignment_without_points_has_no_distribution(session: Session, members: Class) -> None:
    empty = make_report(make_suite("rules", make_case(), points=0.0))
    factories.make_graded(session, members.assignment, members.ada, empty)
    buckets = score_distribution(marks(session, members.teacher, members.assignment))
    assert sum(bucket.count for bucket in buckets) == 0


def test_cases_are_counted_over_the_counting_submissions_the_worst_first(
    session: Session, members: Class
) -> None:
    def submit_source(student: Account, attempt: int, passed: int) -> Submission:
        return factories.make_graded(
            session, members.assignment, student, scored(passed, of=3), attempt=attempt
        )

    submit_source(members.ada, 1, 0)
    submit_source(members.ada, 2, 2)
    submit_source(members.blaise, 1, 1)
    submit_source(members.teacher, 1, 0)
    found = failures(session, members)
    assert [(case.suite, case.case_ids, case.failed, case.of) for case in found] == [
        ("rules", ("case2",), 2, 2),
        ("rules", ("case1",), 1, 2),
    ]
    assert found[0].title == "The case2 of two numbers"


def test_neither_blocked_cases_nor_suites_without_points_count_among_the_failures(
    session: Session, members: Class
) -> None:
    neuron = make_case("neuron", Verdict.WRONG_GRADIENT)
    blocked = make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication",))
    unmarked = make_suite("robustness", make_case("deep", Verdict.ERROR), points=0.0)
    for student, case in ((members.ada, neuron), (members.blaise, blocked)):
        lucky = make_case("lucky", counts=False)
        report = make_report(make_suite("rules", make_case("sum"), case, lucky), unmarked)
        factories.make_graded(session, members.assignment, student, report)
    found = failures(session, members)
    assert [(case.case_ids, case.failed, case.of) for case in found] == [(("neuron",), 1, 1)]


def test_without_submissions_there_are_no_failing_cases(session: Session, members: Class) -> None:
    assert failures(session, members) == []


def test_students_graphs_of_one_case_are_counted_together(session: Session, members: Class) -> None:
    for student, size in ((members.ada, 12), (members.blaise, 10)):
        title = f"A random graph of {size} nodes"
        graph = make_case("graph-1", Verdict.ERROR, title=title, topic="A random graph", size=size)
        report = make_report(make_suite("random", graph))
        factories.make_graded(session, members.assignment, student, report)
    (case,) = failures(session, members)
    assert (case.title, case.failed, case.of) == ("A random graph of 10 to 12 nodes", 2, 2)


def test_cases_with_the_same_topic_are_one_line_and_count_once_per_student(
    session: Session, members: Class
) -> None:
    def case(name: str, title: str, verdict: Verdict = Verdict.WRONG_GRADIENT) -> CaseReport:
        return make_case(name, verdict, title=title)

    twice = "Used twice: L = x + x, at x = 3", "Used twice: L = x + x, at x = -0.5"
    square = case("square@1", "Used twice: L = x * x, at x = 3")
    sine = case("sin@1", "Sine: L = sin(x), at x = 1"), case("sin@2", "Sine: L = sin(x), at x = 2")
    ada = make_suite("rules", case("twice@1", twice[0]), case("twice@2", twice[1]), square, *sine)
    blaise = make_suite("rules", case("twice@1", twice[0], Verdict.PASSED), make_case("sum"))
    factories.make_graded(session, members.assignment, members.ada, make_report(ada))
    factories.make_graded(session, members.assignment, members.blaise, make_report(blaise))
    found = failures(session, members)
    assert [(case.title, case.case_ids, case.failed, case.of) for case in found] == [
        ("Used twice: L = x + x (and 1 more)", ("twice@1", "twice@2", "square@1"), 1, 2),
        ("Sine: L = sin(x)", ("sin@1", "sin@2"), 1, 1),
    ]


def test_a_grading_without_a_tally_is_counted_from_its_report(
    session: Session, members: Class
) -> None:
    for student in (members.ada, members.blaise):
        factories.make_graded(session, members.assignment, student, scored(2, of=3))
    for grading in session.scalars(select(Grading).limit(1)):
        grading.tally = None
    session.commit()
    (case,) = failures(session, members)
    assert (case.case_ids, case.failed, case.of) == (("case2",), 2, 2)
