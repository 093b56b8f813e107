"""The options of an assignment: defaults, rules and messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.courses.assignments import (
    change_assignment,
    create_assignment,
    find_assignment,
    options_of,
)
from service.courses.models import LatePolicy
from service.courses.options import AssignmentOptions
from service.errors import Conflict, Invalid
from service.store.database import make_sessions
from tests.service.conftest import Class
from worker.report.names import Names
from worker.suites import catalogue

EVERY_OPTION: dict[str, Any] = {
    "title": "Another",
    "description": "Read *this* first.",
    "deadline": datetime(2099, 3, 1, 18, tzinfo=UTC),
    "late_policy": LatePolicy.REFUSE,
    "attempt_limit": 3,
    "suites": {"reuse": 30.0, "rules": 7.5, "conventions": 0.0},
    "names": Names(class_name="Scalar"),
    "draw_per_student": True,
    "require_double": True,
}


def test_by_default_an_assignment_has_every_suite_with_its_usual_points() -> None:
    options = AssignmentOptions.read(title=" An engine ")
    assert options.title == "An engine"
    assert options.suites == {name: catalogue.outline(name).weight for name in catalogue.names()}
    assert (options.deadline, options.attempt_limit, options.names) == (None, None, Names())


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", " ", "The title is empty"),
        ("title", "a\0b", "NUL"),
        ("description", "a\0b", "NUL"),
        ("deadline", datetime(2099, 3, 1), "timezone"),  # noqa: DTZ001
        ("attempt_limit", 0, "from 1 up"),
        ("attempt_limit", 10_000_000, "from 1 up"),
        ("attempt_limit", "3", "must be a whole number"),
        ("suites", {}, "at least one suite"),
        ("suites", {"rules": 0}, "at least one suite"),
        ("suites", {"none": 3}, "There is no suite 'none'. The suites are: worked-example"),
        ("suites", {"rules": -1}, "from 0 to 1,000,000"),
        ("suites", {"rules": float("inf")}, "from 0 to 1,000,000"),
        ("suites", {"rules": float("nan")}, "from 0 to 1,000,000"),
        ("suites", {"rules": 0.333}, "use two decimals at most"),
        ("suites", {"conventions": 3}, "no right and wrong"),
        ("names", Names(grad="def"), "'def' is not a valid Python name"),
        ("color", "red", "isn't accepted"),
    ],
)
def test_an_option_that_cannot_be_used_is_explained(field: str, value: Any, message: str) -> None:
    with pytest.raises(Invalid) as error:
        AssignmentOptions.read(**{"title": "An engine", field: value})
    assert message in error.value.fields[field]
    assert error.value.message == error.value.fields[field]


def test_a_title_is_required() -> None:
    with pytest.raises(Invalid) as error:
        AssignmentOptions.read()
    assert error.value.fields == {"title": "`title` is missing."}


def test_every_option_is_stored_and_read_back(session: Session, members: Class) -> None:
    assert EVERY_OPTION.keys() == AssignmentOptions.model_fields.keys()
    options = AssignmentOptions.read(**EVERY_OPTION)
    made = create_assignment(session, members.teacher, members.course, "next", options)
    session.expire_all()
    stored = options_of(made)
    assert stored == options
    assert list(stored.suites) == list(options.suites)


def test_a_change_replaces_only_what_is_given(session: Session, members: Class) -> None:
    before = options_of(members.assignment)
    after = before.with_changes(attempt_limit=3, suites={"rules": 7.0, "worked-example": 1.0})
    change_assignment(session, members.teacher, members.assignment, after)
    session.expire_all()
    stored = options_of(members.assignment)
    assert stored == after
    assert list(stored.suites) == ["rules", "worked-example"]
    assert stored.title == before.title
    with pytest.raises(Invalid, match="title is empty"):
        after.with_changes(title="")


def test_changes_of_two_teachers_at_once_both_stay(
    session: Session, engine: Engine, members: Class
) -> None:
    session.refresh(members.assignment)
    before = options_of(members.assignment)
    session.commit()  # so that the other session can write
    with make_sessions(engine)() as other:
        theirs = find_assignment(other, members.teacher, members.assignment.slug)
        changed = before.with_changes(deadline=EVERY_OPTION["deadline"], suites={"rules": 7.0})
        change_assignment(other, members.teacher, theirs, changed)
    mine = before.with_changes(title="Another")
    change_assignment(session, members.teacher, members.assignment, mine)
    session.expire_all()
    assert options_of(members.assignment) == changed.with_changes(title="Another")


@pytest.mark.parametrize("slug", ["", "Next", "a b", "é", "a/b", "-"])
def test_a_slug_that_cannot_be_an_address_is_rejected(
    session: Session, members: Class, slug: str
) -> None:
    options = AssignmentOptions.read(title="Next")
    with pytest.raises(Invalid, match="lower-case letters"):
        create_assignment(session, members.teacher, members.course, slug, options)


def test_a_slug_in_use_is_a_conflict(session: Session, members: Class) -> None:
    options = AssignmentOptions.read(title="Next")
    slug = members.assignment.slug
    with pytest.raises(Conflict, match=f"There is an assignment {slug} already"):
        create_assignment(session, members.teacher, members.course, slug, options)
