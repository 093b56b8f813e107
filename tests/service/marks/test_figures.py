"""The figures that a gradebook is sorted and filtered by are those of whole marks."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from service.courses.models import Assignment, AttemptThatCounts, Extension, LatePolicy
from service.marks.figures import (
    About,
    add_up,
    find_complete,
    find_overridden,
    read_figures,
    read_totals,
)
from service.marks.gradebook import read_marks
from service.marks.models import Override
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Status
from service.submissions.suites_digest import digest_of_assignment
from tests.support import factories

DEADLINE = now() - timedelta(days=9)
OPTIONS: tuple[dict[str, Any], ...] = (
    {"deadline": DEADLINE},
    {"deadline": DEADLINE, "late_percent": 10.0, "late_floor": 40.0, "grace_minutes": 30},
    {"deadline": DEADLINE, "late_percent": 30.0, "attempt_that_counts": AttemptThatCounts.LATEST},
    {"deadline": DEADLINE, "attempt_that_counts": AttemptThatCounts.LATEST},
    {"deadline": DEADLINE, "late_percent": 10.0, "late_policy": LatePolicy.REFUSE},
    {},
)


def make_history(
    session: Session, teacher: Account, assignment: Assignment, student: Account, seed: int
) -> None:
    """Up to four attempts, some late, waiting, failed or graded twice, and perhaps a mark."""
    chance = random.Random(seed)
    digests = (digest_of_assignment(assignment), "another", None)
    for attempt in range(1, chance.randint(0, 4) + 1):
        moment = DEADLINE + timedelta(minutes=chance.choice((-900, 0, 20, 2000, 4000)))
        submission = factories.make_submission(
            session, assignment, student, attempt=attempt, submitted_at=moment
        )
        gradings = [submission.grading]
        if chance.random() < 0.3:
            gradings.append(factories.regrade(session, submission))
        for grading in gradings:
            what = chance.random()
            if what < 0.15:
                factories.give_up(grading)
            elif what < 0.85:
                grading.status = Status.DONE
                grading.score = chance.choice((0.0, 10.0, 33.3, 80.0))
                grading.max_score = chance.choice((80.0, 80.0, 100.0))
                grading.problem = chance.choice((None, None, None, "syntax_error"))
                grading.suites_digest = chance.choice(digests)
    for score in chance.choice(((), (), (), (60.0,), (60.0, None), (None, 12.5))):
        session.add(
            Override(
                assignment_id=assignment.id,
                student_id=student.id,
                score=score,
                max_score=chance.choice((None, 50.0, 80.0)),
                reason="Seen in class.",
                author_id=teacher.id,
            )
        )
        session.flush()
    if chance.random() < 0.3:
        moment = DEADLINE + timedelta(days=chance.randint(-1, 2))
        session.add(Extension(assignment_id=assignment.id, account_id=student.id, deadline=moment))


def make_histories(session: Session) -> tuple[list[Assignment], list[Account]]:
    course, teacher = factories.make_course(session), factories.make_account(session)
    assignments = [factories.make_assignment(session, course, **one) for one in OPTIONS]
    students = [
        factories.enrol(session, course, factories.make_account(session)) for _ in range(10)
    ]
    for row, student in enumerate(students):
        for column, assignment in enumerate(assignments):
            make_history(session, teacher, assignment, student, 100 * row + column)
    session.commit()
    return assignments, students


def test_figures_are_those_of_marks(database_settings: Settings) -> None:
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        assignments, students = make_histories(session)
        marks = read_marks(session, assignments, students)
        rows = [[marks[student.id][each.id] for each in assignments] for student in students]

        def compare(about: About, *names: str) -> None:
            found = dict(read_figures(session, assignments, students, about))
            for of_student in rows:
                if of_student[0].student not in found:
                    assert about is not About.SCORES
                    assert not any(getattr(mark, name) for mark in of_student for name in names)
                    continue
                for mark, own in zip(of_student, found[of_student[0].student], strict=True):
                    for name in names:
                        assert getattr(own, name) == getattr(mark, name), (about, name, mark)

        compare(About.SCORES, "effective", "max_score")
        compare(About.LATENESS, "late_minutes")
        compare(About.PROBLEMS, "problem")
        compare(About.SUITES, "outdated")
        assert any(mark.late_minutes for row in rows for mark in row)
        assert any(mark.deduction for row in rows for mark in row)
        assert any(mark.outdated for row in rows for mark in row)
        assert any(mark.problem for row in rows for mark in row)

        overridden = {row[0].student.id for row in rows if any(each.override for each in row)}
        assert find_overridden(session, assignments) == overridden
        complete = {row[0].student.id for row in rows if all(each.attempts for each in row)}
        assert find_complete(session, assignments) == complete
        assert overridden
        assert complete
    engine.dispose()


@pytest.mark.parametrize("chosen", [slice(None), slice(4, None), slice(1)])
def test_totals_are_sums_of_marks(database_settings: Settings, chosen: slice) -> None:
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        assignments, students = make_histories(session)
        assignments = assignments[chosen]
        marks = read_marks(session, assignments, students)
        sums = {
            student: add_up(marks[student.id][each.id].effective for each in assignments)
            for student in students
        }
        assert read_totals(session, assignments, students) == sums
        assert read_totals(session, assignments, students[:3]).keys() == set(students[:3])
        assert len({total for total in sums.values() if total is not None}) > 3
    engine.dispose()


def test_a_sum_does_not_depend_on_the_order_of_marks() -> None:
    assert add_up([0.1, None, 0.2, 0.3]) == add_up([0.3, 0.2, 0.1, None]) == 0.6
    assert add_up([None, None]) is add_up([]) is None
