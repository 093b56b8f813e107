"""An application whose database is put back after each change, with people of every kind."""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.courses.models import Enrolment, Extension, JoinCode, Role
from service.marks.models import Comment, Override, Regrade, Which
from service.people.models import Account, LinkPurpose, OneTimeLink, Token
from service.settings import Settings
from service.store.base import Base, now
from service.store.database import make_engine, make_sessions
from service.web.app import create_app
from service.web.request import EXTENSION
from tests.service.conftest import Class, install, make_class, signed_in
from tests.service.web.routes import (
    ASSISTANT,
    CLASSMATE,
    CODE,
    HEAD,
    NOBODY,
    OPERATOR,
    OTHER_TEACHER,
    STRANGER,
    STUDENT,
    TOKEN,
)
from tests.support import factories
from tests.support.factories import make_case, make_counterexample, make_report, make_suite

CODE_ID, SECRET = uuid.UUID(int=0xC0DE), "a-secret-of-a-link"
NAME = r"<(?:\w+:)?(\w+)>"  # in the address of a route
REPORT = make_report(make_suite("rules", make_case("sum")), counterexample=make_counterexample())


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """An application whose database is put back to what it was after each change."""

    app: Flask
    settings: Settings
    saved: Path
    values: dict[str, str]
    elsewhere: dict[str, str]  # the same names in a course of which nobody here is a member
    tokens: dict[str, str]
    cookies: dict[str, tuple[str, str]]

    def ask(
        self, role: str, method: str, address: str, *, other: str = "", **sends: Any
    ) -> TestResponse:
        """The answer to a request by somebody: by a program for the API, by a browser for pages.

        `other` is a name in the address that is filled in with an object of another course.
        """
        client = self.app.test_client()
        headers = sends.pop("headers", {})
        if role != NOBODY and address.startswith("/api/"):
            headers = headers | {"Authorization": f"Bearer {self.tokens[role]}"}
        elif role != NOBODY:
            client.set_cookie(*self.cookies[role])
        filled = self.fill(address, other)
        answer = client.open(filled, method=method, headers=headers, **sends)
        answer.close()
        return answer

    def restore(self) -> None:
        """Put the database back."""
        self.app.extensions[EXTENSION].engine.dispose()
        shutil.copy(self.saved, self.settings.data_dir / "chainrule.db")

    def fill(self, address: str, other: str = "") -> str:
        """The address of a route with its names filled in."""
        names = self.names(address)
        if other:
            is_course = other == "slug" and address.startswith("/courses/<slug>")
            names[other] = self.elsewhere["course" if is_course else other]
        return re.sub(NAME, lambda name: names[name[1]], address)

    def names(self, address: str) -> dict[str, str]:
        """The names in the address of a route: of what exists, and else ids of nothing."""
        values = dict(self.values)
        if address.startswith("/courses/<slug>"):
            values["slug"] = values["course"]
        elif address.startswith("/learn/"):
            values["slug"] = "tanh"
        elif address.startswith("/operator/"):
            values["submission_id"] = values["failed_id"]
        if address.endswith("<email>/link"):
            values["email"] = values["new_email"]
        nothing = str(uuid.UUID(int=0))
        return {name: values.get(name, nothing) for name in re.findall(NAME, address)}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Iterator[Installation]:
    """A course with a graded submission of Ada's, a comment on it, and everybody else."""
    folder = tmp_path_factory.mktemp("matrix")
    settings = install(blank, folder)
    app = create_app(settings)
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        people, values, elsewhere, tokens = _populate(session)
        cookies = {role: _cookie(app, account) for role, account in people.items()}
    engine.dispose()
    app.extensions[EXTENSION].engine.dispose()
    saved = folder / "saved.db"
    shutil.copy(folder / "chainrule.db", saved)
    yield Installation(
        app=app,
        settings=settings,
        saved=saved,
        values=values,
        elsewhere=elsewhere,
        tokens=tokens,
        cookies=cookies,
    )
    app.extensions[EXTENSION].close()


def _populate(
    session: Session,
) -> tuple[dict[str, Account], dict[str, str], dict[str, str], dict[str, str]]:
    members = make_class(session)
    other_teacher = factories.make_account(session, "Other")
    elsewhere = _make_elsewhere(session, other_teacher)
    operator = factories.make_account(session, "Operator")
    operator.operator = True
    done = factories.make_graded(session, members.assignment, members.ada, REPORT)
    comment = Comment(submission_id=done.id, author_id=members.teacher.id, text="Good")
    extension = Extension(
        assignment_id=members.assignment.id, account_id=members.ada.id, attempt_limit=5
    )
    regrade = Regrade(assignment_id=members.assignment.id, which=Which.ALL)
    override = Override(
        assignment_id=members.assignment.id,
        student_id=members.ada.id,
        author_id=members.teacher.id,
        score=9.0,
        reason="An oral exam",
    )
    members.assignment.hold_marks = True
    session.add_all([comment, extension, regrade, override])
    failed = factories.make_submission(session, members.assignment, members.blaise)
    factories.give_up(failed.grading)
    beginner = factories.make_account(session, "Beginner")
    beginner.password_hash = None
    session.add(
        Enrolment(course=members.course, account=beginner, role=Role.STUDENT, may_reset=True)
    )
    session.add_all(_ways_in(members))
    session.flush()
    people = {
        STRANGER: members.stranger,
        OTHER_TEACHER: other_teacher,
        CLASSMATE: members.blaise,
        STUDENT: members.ada,
        ASSISTANT: members.assistant,
        HEAD: members.teacher,
        OPERATOR: operator,
    }
    values = {
        "course": members.course.slug,
        "slug": members.assignment.slug,
        "submission_id": str(done.id),
        "comment_id": str(comment.id),
        "regrade_id": str(regrade.id),
        "assignment": members.assignment.slug,
        "failed_id": str(failed.id),
        "email": members.ada.email,
        "new_email": beginner.email,
        "code": CODE["code"],
        "code_id": str(CODE_ID),
        "secret": SECRET,
        "token_id": TOKEN["id"],
        "suite": "rules",
        "case_id": "sum",
        "guide": "students",
        "filename": "base.css",
        "rest": f"submissions/{done.id}/again",
    }
    tokens = {role: factories.token_of(session, account) for role, account in people.items()}
    session.commit()
    return people, values, elsewhere, tokens


def _make_elsewhere(session: Session, teacher: Account) -> dict[str, str]:
    """The names of another course, and of everything that is in it."""
    course = factories.make_course(session, "elsewhere")
    factories.enrol(session, course, teacher, Role.TEACHER)
    student = factories.enrol(session, course, factories.make_account(session, "Elsa"))
    assignment = factories.make_assignment(session, course, "of-elsewhere")
    done = factories.make_graded(session, assignment, student, REPORT)
    comment = Comment(submission_id=done.id, author_id=teacher.id, text="Good")
    regrade = Regrade(assignment_id=assignment.id, which=Which.ALL)
    later = now() + timedelta(days=1)
    code = JoinCode(course_id=course.id, code="HGFEDCBA", expires_at=later)
    token = Token(account_id=student.id, name="old", token_hash="another")
    session.add_all([comment, regrade, code, token])
    session.flush()
    return {
        "course": course.slug,
        "slug": assignment.slug,
        "assignment": assignment.slug,
        "email": student.email,
        "submission_id": str(done.id),
        "comment_id": str(comment.id),
        "regrade_id": str(regrade.id),
        "code_id": str(code.id),
        "token_id": str(token.id),
    }


def _ways_in(members: Class) -> list[Base]:
    """A join code, a one-time link and an API token of Ada's, whose ids and secrets are known."""
    later = now() + timedelta(days=1)
    return [
        JoinCode(id=CODE_ID, course_id=members.course.id, code=CODE["code"], expires_at=later),
        OneTimeLink(
            purpose=LinkPurpose.RESET,
            account_id=members.ada.id,
            token_hash=hashlib.sha256(SECRET.encode()).hexdigest(),
            expires_at=later,
        ),
        Token(id=uuid.UUID(TOKEN["id"]), account_id=members.ada.id, name="old", token_hash="none"),
    ]


def _cookie(app: Flask, account: Account) -> tuple[str, str]:
    client = signed_in(app, account)
    cookie = client.get_cookie("chainrule")
    assert cookie is not None
    return cookie.key, cookie.value


@pytest.fixture
def teacher(app: Flask, members: Class, session: Session) -> FlaskClient:
    """The teacher's browser; the course is in Berlin."""
    members.course.time_zone = "Europe/Berlin"
    session.commit()
    return signed_in(app, members.teacher)
