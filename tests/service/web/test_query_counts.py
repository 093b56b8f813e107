"""No GET of the application asks the database more often because there is more data."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.courses.models import Assignment, Course, Extension, JoinCode
from service.marks.models import Comment, Override, Regrade, RegradeEntry, RegradeStatus, Which
from service.people.models import Account
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Submission
from service.web.request import EXTENSION
from tests.service.store.test_queries import small_report, texts
from tests.service.web.conftest import Installation
from tests.service.web.routes import HEAD, NOBODY, OPERATOR, ROUTES, STUDENT, Row
from tests.support import factories
from tests.support.sql_statements import queries

GETS = [each for each in ROUTES if each.method == "GET" and NOBODY not in each.may]
Asked = dict[tuple[str, str], list[str]]


def test_every_page_and_answer_makes_the_same_queries_for_any_amount_of_data(
    installation: Installation,
) -> None:
    """Each is read with one of everything, and again with six."""
    engine = make_engine(installation.settings)
    try:
        with make_sessions(engine)() as session:
            grow(session, installation, 1)
        few = count(installation)
        with make_sessions(engine)() as session:
            for number in range(2, 7):
                grow(session, installation, number)
        many = count(installation)
    finally:
        engine.dispose()
        installation.restore()
    assert few.keys() == many.keys()
    assert {each: few[each] for each in few if few[each] != many[each]} == {}
    assert {role for role, _ in few} == {HEAD, STUDENT, OPERATOR}


def count(installation: Installation) -> Asked:
    """The statements of each GET, by who asks. The second request has warm caches."""
    found = {}
    for row in GETS:
        for role in (HEAD, STUDENT, OPERATOR):
            if role in row.may:
                for _ in range(2):
                    seen = ask(installation, role, row)
                found[role, row.name] = seen
    return found


def ask(installation: Installation, role: str, row: Row) -> list[str]:
    """The statements of one request."""
    with queries(installation.app.extensions[EXTENSION].engine) as seen:
        answer = installation.ask(role, row.method, row.address, **row.sends)
    assert answer.status_code < 400, (role, row.name, answer.status_code)
    return texts(seen)


def grow(session: Session, installation: Installation, number: int) -> None:
    """One more of everything that a page may list, in the course and in the installation."""
    values = installation.values
    course = session.scalars(select(Course).where(Course.slug == values["course"])).one()
    done = session.get_one(Submission, uuid.UUID(values["submission_id"]))
    teacher = session.scalars(select(Account).where(Account.email == "teacher@example.edu")).one()
    regrade = session.get_one(Regrade, uuid.UUID(values["regrade_id"]))
    ada, assignment = done.student, done.assignment
    person = factories.enrol(session, course, factories.make_account(session, f"New {number}"))
    other = factories.make_course(session, f"other-{number}")
    for account in (ada, teacher):
        factories.enrol(session, other, account)
    another = factories.make_assignment(session, course, f"task-{number}")
    factories.make_assignment(session, other, "task")
    for attempt, student in enumerate((ada, person, teacher), 10 * number):
        for each in (assignment, another):
            submit(session, each, student, attempt, teacher)
    failed = factories.make_submission(session, another, person, attempt=99)
    factories.give_up(failed.grading)
    preview = factories.preview(session, done, small_report(), ordinal=10 + number)
    before = done.gradings[0].id
    session.add(RegradeEntry(regrade_id=regrade.id, grading_id=preview.id, before_id=before))
    applied = factories.preview(session, done, small_report(), ordinal=20 + number)
    applied.preview = False
    entry = RegradeEntry(grading_id=applied.id, before_id=before)
    ended = RegradeStatus.APPLIED
    session.add(
        Regrade(assignment_id=assignment.id, which=Which.ALL, status=ended, entries=[entry])
    )
    session.add(Comment(submission_id=done.id, author_id=teacher.id, text="Good"))
    add_ways_in(session, course, number)
    for of_course in (course.id, None):
        session.add(
            AuditEntry(
                actor_id=teacher.id,
                action="extension.set",
                course_id=of_course,
                assignment_id=another.id if of_course else None,
                account_id=person.id,
                before=None,
                after={"attempt_limit": number},
            )
        )
    session.commit()


def submit(
    session: Session, assignment: Assignment, student: Account, attempt: int, author: Account
) -> None:
    """A submission that was graded again, with a comment, a mark by hand and an extension."""
    report = small_report(f"mistake-{attempt}")
    made = factories.make_graded(session, assignment, student, report, attempt=attempt)
    factories.finish(factories.regrade(session, made), small_report())
    session.merge(
        Extension(assignment_id=assignment.id, account_id=student.id, attempt_limit=attempt)
    )
    session.add_all(
        [
            Comment(submission_id=made.id, author_id=author.id, text="Good", line=1),
            Override(
                assignment_id=assignment.id,
                student_id=student.id,
                author_id=author.id,
                score=9.0,
                reason="An oral exam",
            ),
        ]
    )


def add_ways_in(session: Session, course: Course, number: int) -> None:
    """API tokens of everybody, and a join code."""
    for account in session.scalars(select(Account)).all():
        factories.token_of(session, account)
    later = now() + timedelta(days=1)
    session.add(JoinCode(course_id=course.id, code=f"CODE{number:04}", expires_at=later))
