"""Gradings for a slot of the tests, and what becomes of them."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import undefer

from service.courses.models import Assignment, AssignmentSuite, Course
from service.people.models import Account
from service.submissions.models import Grading, Submission
from worker import tasks


def submit(slot: tasks.Slot, source: str, suite: str = "worked-example") -> uuid.UUID:
    """A queued grading of a new student's submission."""
    with slot.sessions.begin() as session:
        student = Account(email=f"{uuid.uuid4().hex}@example.edu", name="A Student")
        course = Course(slug=uuid.uuid4().hex, title="A course")
        assignment = Assignment(
            course=course,
            slug=uuid.uuid4().hex,
            title="An assignment",
            suites=[AssignmentSuite(suite=suite, weight=10, position=0)],
        )
        submission = Submission(
            assignment=assignment,
            student=student,
            attempt=1,
            filename="value.py",
            source=source,
            sha256="",
        )
        grading = Grading(submission=submission, seed=7)
        session.add(grading)
        session.flush()
        return grading.id


def read(slot: tasks.Slot, grading_id: uuid.UUID) -> Grading:
    """The grading as it is in the database now, with its tally."""
    with slot.sessions() as session:
        grading = session.get(Grading, grading_id, options=[undefer(Grading.tally)])
        assert grading is not None
        return grading


def never(_: uuid.UUID) -> None:
    """A queue that must not be used."""
    raise AssertionError("nothing was to be queued again")


def take_away(slot: tasks.Slot) -> None:
    """Make all queries fail, as while the database is down."""
    with slot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gradings RENAME TO elsewhere")
