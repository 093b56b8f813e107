"""The demo course: what a first start shows, with accounts to sign in by."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, AssignmentSuite, Course, Enrolment, Role
from service.people.models import Account, Token
from service.people.passwords import hash_password
from service.people.tokens import make_token
from service.settings import Settings
from worker.suites import catalogue

COURSE = "demo"
ASSIGNMENT = "autograd-from-scratch"
TEACHER = ("Grace Teacher", "teacher@example.edu")
STUDENTS = (
    ("Ada Student", "ada@example.edu"),
    ("Blaise Student", "blaise@example.edu"),
    ("Carl Student", "carl@example.edu"),
)
DESCRIPTION = (
    "Write a scalar autograd engine: a class Value that remembers how each number came about, "
    "and whose backward() gives every node the derivative of the output by it. "
    "Hand in one Python file or notebook."
)


def ensure_demo(session: Session, settings: Settings) -> dict[str, Any]:
    """Create what is missing of the demo and keep its accounts in `demo.json`; commits.

    Passwords and tokens are known only to that file: where it is gone, new ones are drawn.
    """
    path = settings.data_dir / "demo.json"
    known = _read(path)
    if known is None or session.scalar(select(Course).where(Course.slug == COURSE)) is None:
        known = _create(session)
        session.commit()
    known["url"] = settings.url
    path.touch(mode=0o600)
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    return known


def _read(path: Path) -> dict[str, Any] | None:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    complete = isinstance(known, dict) and {"teacher", "students"} <= known.keys()
    return known if complete else None


def _create(session: Session) -> dict[str, Any]:
    course = session.scalar(select(Course).where(Course.slug == COURSE))
    if course is None:
        course = Course(slug=COURSE, title="Backpropagation from scratch")
        session.add_all([course, _assignment(course)])
    teacher = _enrol(session, course, *TEACHER, Role.TEACHER)
    students = [_enrol(session, course, *student, Role.STUDENT) for student in STUDENTS]
    return {
        "url": "",
        "course": COURSE,
        "assignment": ASSIGNMENT,
        "teacher": teacher,
        "students": students,
    }


def _assignment(course: Course) -> Assignment:
    chosen = [catalogue.outline(name) for name in catalogue.names()]
    return Assignment(
        course=course,
        slug=ASSIGNMENT,
        title="Autograd engine from scratch",
        description=DESCRIPTION,
        suites=[
            AssignmentSuite(suite=suite.name, weight=suite.weight, position=position)
            for position, suite in enumerate(chosen)
        ],
    )


def _enrol(session: Session, course: Course, name: str, email: str, role: Role) -> dict[str, str]:
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None:
        account = Account(name=name, email=email)
        session.add(account)
    password = secrets.token_urlsafe(9)
    account.password_hash = hash_password(password)
    session.flush()
    session.merge(Enrolment(course_id=course.id, account_id=account.id, role=role))
    for stale in session.scalars(select(Token).where(Token.account_id == account.id)):
        session.delete(stale)
    return {"email": email, "password": password, "token": make_token(session, account, "demo")}
