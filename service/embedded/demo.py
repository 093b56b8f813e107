"""The demo course: what a first start shows, with accounts to sign in to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from service.courses.assignments import create_assignment
from service.courses.courses import create_course, find_course
from service.courses.models import Course, Role
from service.courses.options import AssignmentOptions
from service.courses.roster import enrol
from service.errors import NotFound
from service.people.accounts import create_account, find_account, reset_password
from service.people.actors import LocalOperator
from service.people.tokens import create_token, list_tokens, revoke_tokens
from service.settings import Settings

COURSE = "demo"
ASSIGNMENT = "autograd-from-scratch"
TEACHER = ("Grace Teacher", "teacher@example.edu")
STUDENTS = (
    ("Ada Student", "ada@example.edu"),
    ("Blaise Student", "blaise@example.edu"),
    ("Carl Student", "carl@example.edu"),
)
OPTIONS = {
    "title": "Autograd engine from scratch",
    "description": (
        "Write a scalar autograd engine: a class Value that remembers how each number was "
        "computed. Its backward() computes the derivative of the output by every node. "
        "Submit one Python file or notebook."
    ),
}


def ensure_demo(session: Session, settings: Settings) -> dict[str, Any]:
    """Create the missing parts of the demo, and return the contents of `demo.json`; commits.

    Only that file has the passwords and tokens. If it is gone, there are new ones.
    """
    path = settings.data_dir / "demo.json"
    known = _read(path)
    course = _find_course(session)
    if known is None or course is None:
        known = _create(session, course)
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


def _find_course(session: Session) -> Course | None:
    try:
        return find_course(session, LocalOperator(), COURSE)
    except NotFound:
        return None


def _create(session: Session, course: Course | None) -> dict[str, Any]:
    actor = LocalOperator()
    if course is None:
        course = create_course(session, actor, slug=COURSE, title="Backpropagation from scratch")
    if not course.assignments:  # an earlier start may have been interrupted here
        options = AssignmentOptions.read(**OPTIONS)
        create_assignment(session, actor, course, ASSIGNMENT, options)
    return {
        "url": "",
        "course": COURSE,
        "assignment": ASSIGNMENT,
        "teacher": _enrol(session, course, *TEACHER, Role.TEACHER),
        "students": [_enrol(session, course, *student, Role.STUDENT) for student in STUDENTS],
    }


def _enrol(session: Session, course: Course, name: str, email: str, role: Role) -> dict[str, str]:
    actor = LocalOperator()
    try:
        account = find_account(session, actor, email)
    except NotFound:
        account = create_account(session, actor, email=email, name=name)
    enrol(session, actor, course, account, role)
    revoke_tokens(session, actor, list_tokens(session, actor, account))
    return {
        "email": email,
        "password": reset_password(session, actor, account),
        "token": create_token(session, actor, account, "demo"),
    }
