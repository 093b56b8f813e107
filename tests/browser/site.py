"""The real application on a free port, with a course in its database."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course, Extension, Role
from service.people.models import Account
from service.people.sessions import new_session
from service.settings import Settings
from service.store.base import Base, now
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions.models import Grading, Status, Submission
from service.web.app import create_app
from tests.support import factories
from tests.support.web_server import serving
from worker.report.model import Report

COURSE = "ml-101"
ASSIGNMENT = "autograd"
TEACHER = "grace@example.edu"
STUDENTS = {
    "ada@example.edu": "Ada Lovelace",
    "blaise@example.edu": "Blaise Pascal",
    "carl@example.edu": "Carl Friedrich Gauss",
}
ADA, BLAISE, CARL = STUDENTS
SOURCE = '''\
import math


class Value:
    """A number that remembers where it came from."""

    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._backward = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad += 1.0 * out.grad  # a sum passes it on
            other.grad += 1.0 * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        return Value(t, (self,))
'''


@dataclass(frozen=True, slots=True)
class Site:
    """A running site; its methods store what a worker or an operator would store."""

    url: str
    app: Flask
    sessions: Sessions

    def start_anew(self) -> None:
        """Empty the database, then store the course."""
        with self.sessions.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())
            _fill(session)

    def cookie_of(self, email: str) -> tuple[str, str]:
        """Name and value of the cookie of a signed-in person."""
        with self.sessions() as session:
            account = _person(session, email)
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        content = signer.dumps(new_session(account))
        return self.app.config["SESSION_COOKIE_NAME"], str(content)

    def add_submission(
        self,
        email: str,
        *,
        report: Report | None = None,
        status: Status = Status.QUEUED,
        assignment: str = ASSIGNMENT,
        source: str = SOURCE,
        **fields: Any,
    ) -> uuid.UUID:
        """A submission with one grading, done if there is a report; returns its id."""
        with self.sessions.begin() as session:
            student = _person(session, email)
            target = session.query(Assignment).filter_by(slug=assignment).one()
            mine = session.query(Submission).filter_by(
                assignment_id=target.id, student_id=student.id
            )
            submission = factories.make_submission(
                session, target, student, attempt=mine.count() + 1, source=source, **fields
            )
            _set(submission.grading, report, status)
            return submission.id

    def grade(
        self,
        submission_id: uuid.UUID,
        report: Report | None = None,
        status: Status = Status.QUEUED,
    ) -> None:
        """Give the newest grading of a submission a new status."""
        with self.sessions.begin() as session:
            _set(session.get_one(Submission, submission_id).grading, report, status)

    def change_assignment(self, slug: str = ASSIGNMENT, **values: object) -> None:
        """Set columns of an assignment."""
        with self.sessions.begin() as session:
            assignment = session.query(Assignment).filter_by(slug=slug).one()
            for name, value in values.items():
                setattr(assignment, name, value)

    def give_extension(self, email: str, slug: str = ASSIGNMENT, **fields: Any) -> None:
        """Another deadline or attempt limit for a student."""
        with self.sessions.begin() as session:
            assignment = session.query(Assignment).filter_by(slug=slug).one()
            student = _person(session, email)
            session.add(Extension(assignment_id=assignment.id, account_id=student.id, **fields))

    def add_course(self, slug: str, title: str, *people: tuple[str, Role]) -> None:
        """A course without assignments."""
        with self.sessions.begin() as session:
            course = factories.make_course(session, slug, title)
            for email, role in people:
                factories.enrol(session, course, _person(session, email), role)

    def add_assignment(self, slug: str, title: str, **fields: Any) -> None:
        """One more assignment in the course."""
        with self.sessions.begin() as session:
            course = session.query(Course).filter_by(slug=COURSE).one()
            factories.make_assignment(session, course, slug, title=title, **fields)

    def add_person(self, email: str, name: str) -> None:
        """An account without a course."""
        with self.sessions.begin() as session:
            factories.make_account(session, name, email)


@contextlib.contextmanager
def running_site(data_dir: Path) -> Iterator[Site]:
    """Serve the application until the end of the block."""
    environ = {"CHAINRULE_DATA_DIR": str(data_dir), "CHAINRULE_SECRET_KEY": "k" * 40}
    settings = Settings.from_env(environ)
    (data_dir / "broker").mkdir(parents=True)
    engine = make_engine(settings)
    Base.metadata.create_all(engine)
    sessions = make_sessions(engine)
    with serving(create_app(settings), settings) as server:
        yield Site(server.url, server.app, sessions)
    engine.dispose()


def _fill(session: Session) -> None:
    course = factories.make_course(session, COURSE, "Machine learning from scratch")
    teacher = factories.make_account(session, "Grace Hopper", TEACHER)
    factories.enrol(session, course, teacher, Role.TEACHER)
    for email, name in STUDENTS.items():
        factories.enrol(session, course, factories.make_account(session, name, email))
    factories.make_assignment(
        session,
        course,
        ASSIGNMENT,
        title="Autograd from scratch",
        description="Write a class Value whose backward() gives every node its gradient.",
        deadline=now() + timedelta(days=6, hours=12),
    )


def _person(session: Session, email: str) -> Account:
    return session.query(Account).filter_by(email=email).one()


def _set(grading: Grading, report: Report | None, status: Status) -> None:
    if report is not None:
        factories.finish(grading, report)
    elif status is Status.ERRORED:
        factories.give_up(grading)
    else:
        grading.status = status
        grading.lease_until = now() + timedelta(hours=1) if status is Status.RUNNING else None
