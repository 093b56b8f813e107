"""The options of an assignment: defaults, rules and messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.courses.assignments import (
    ChangedMeanwhile,
    change_assignment,
    create_assignment,
    find_assignment,
    options_of,
)
from service.courses.late_rules import LateKind, LateRule
from service.courses.models import AttemptThatCounts, Feedback, LatePolicy
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
    "opens_at": datetime(2099, 2, 1, 8, 30, tzinfo=UTC),
    "late_policy": LateRule(
        kind=LateKind.PERCENT_PER_DAY, percent=12.5, floor=40.0, grace_minutes=15
    ),
    "attempt_limit": 3,
    "pause_minutes": 20,
    "attempt_that_counts": AttemptThatCounts.LATEST,
    "feedback": Feedback.NOTHING_UNTIL_DEADLINE,
    "hold_marks": True,
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
        ("deadline", datetime(2099, 3, 1), "needs its time zone"),  # noqa: DTZ001
        ("deadline", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), "year from 1970"),
        ("opens_at", datetime(9999, 1, 1, tzinfo=UTC), "year from 1970 to 2999"),
        ("title", "x" * 201, "at most 200 characters"),
        ("description", "x" * 50_001, "at most 50,000"),
        ("pause_minutes", -1, "from 0 to 10,080"),
        ("late_policy", "never", "Use `accept`, `refuse`, or an object"),
        ("attempt_limit", 0, "from 1 up"),
        ("attempt_limit", 10_000_000, "from 1 up"),
        ("attempt_limit", "3", "must be a whole number"),
        ("suites", {}, "at least one suite"),
        ("suites", {"rules": 0}, "at least one suite"),
        ("suites", [{"name": "rules"}], "`name` and `points`"),
        ("suites", [{"name": ["rules"], "points": 1.0}], "`name` and `points`"),
        ("suites", [{"name": "rules", "points": 1.0}] * 2, "rules is given twice"),
        ("suites", None, "`name` and `points`"),
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
    changes = {"attempt_limit": 3, "suites": {"rules": 7.0, "worked-example": 1.0}}
    changed = change_assignment(session, members.teacher, members.assignment, changes)
    session.expire_all()
    stored = options_of(members.assignment)
    assert stored == changed == before.with_changes(**changes)
    assert list(stored.suites) == ["rules", "worked-example"]
    assert stored.title == before.title
    with pytest.raises(Invalid, match="title is empty"):
        change_assignment(session, members.teacher, members.assignment, {"title": ""})


def test_changes_of_two_teachers_at_once_both_stay(
    session: Session, engine: Engine, members: Class
) -> None:
    before = options_of(members.assignment)
    session.commit()  # so that the other session can write
    theirs = {"deadline": EVERY_OPTION["deadline"], "suites": {"rules": 7.0}}
    with make_sessions(engine)() as other:
        found = find_assignment(other, members.teacher, members.assignment.slug)
        change_assignment(other, members.teacher, found, theirs)
    change_assignment(session, members.teacher, members.assignment, {"title": "Another"})
    session.expire_all()
    assert options_of(members.assignment) == before.with_changes(title="Another", **theirs)
    assert members.assignment.version == 3


def test_a_change_made_for_an_older_version_shows_both_values(
    session: Session, members: Class
) -> None:
    teacher, assignment = members.teacher, members.assignment
    change_assignment(session, teacher, assignment, {"title": "Theirs"}, version=1)
    with pytest.raises(ChangedMeanwhile) as error:
        change_assignment(
            session,
            teacher,
            assignment,
            {"title": "Mine", "attempt_limit": assignment.attempt_limit},
            version=1,
        )
    assert error.value.details == {"title": {"yours": "Mine", "theirs": "Theirs"}}
    assert assignment.title == "Theirs"
    with pytest.raises(ChangedMeanwhile) as error:  # also if both want the same
        change_assignment(session, teacher, assignment, {"title": "Theirs"}, version=1)
    assert error.value.details == {}
    assert assignment.version == 2


def test_an_assignment_with_a_suite_that_has_left_can_be_changed(
    session: Session, members: Class
) -> None:
    members.assignment.points = {"gone": 3.0}
    session.commit()
    change_assignment(session, members.teacher, members.assignment, {"title": "Another"})
    change_assignment(session, members.teacher, members.assignment, {"suites": {"rules": 1.0}})
    with pytest.raises(Invalid, match="There is no suite 'gone'"):
        change_assignment(session, members.teacher, members.assignment, {"suites": {"gone": 3.0}})


def test_holding_marks_again_takes_back_their_release(session: Session, members: Class) -> None:
    members.assignment.released_at = EVERY_OPTION["deadline"]
    members.assignment.hold_marks = True
    session.commit()
    change_assignment(session, members.teacher, members.assignment, {"hold_marks": True})
    assert members.assignment.released_at is not None
    for held in (False, True):
        change_assignment(session, members.teacher, members.assignment, {"hold_marks": held})
    assert members.assignment.released_at is None


@pytest.mark.parametrize(
    ("rule", "field", "message"),
    [
        ({"kind": "percent_per_day"}, "percent", "how many percent"),
        ({"kind": "percent_per_day", "percent": 0.0}, "percent", "can't cost 0 percent"),
        ({"kind": "percent_per_day", "percent": float("nan")}, "percent", "can't cost nan"),
        ({"kind": "percent_per_day", "percent": 10.0, "floor": 101.0}, "floor", "from 0 to 100"),
        ({"kind": "accept", "percent": 10.0}, "percent", "only with `percent_per_day`"),
        ({"kind": "refuse", "floor": 10.0}, "floor", "only with `percent_per_day`"),
        ({"kind": "refuse", "grace_minutes": -1}, "grace_minutes", "from 0 to"),
        ({"kind": "refuse", "color": 1}, "color", "isn't accepted"),
    ],
)
def test_a_late_policy_that_makes_no_sense_is_explained(
    rule: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as error:
        AssignmentOptions.read(title="A", late_policy=rule | {"kind": LateKind(rule["kind"])})
    assert message in error.value.fields[f"late_policy.{field}"]


def test_a_late_policy_is_stored_where_marks_are_computed(session: Session, members: Class) -> None:
    def stored() -> tuple[Any, ...]:
        session.expire_all()
        found = members.assignment
        return (found.late_policy, found.late_percent, found.late_floor, found.grace_minutes)

    for rule, columns in (
        ("refuse", (LatePolicy.REFUSE, None, 0, 0)),
        (EVERY_OPTION["late_policy"], (LatePolicy.ACCEPT, 12.5, 40, 15)),
        ("accept", (LatePolicy.ACCEPT, None, 0, 0)),
    ):
        change_assignment(session, members.teacher, members.assignment, {"late_policy": rule})
        assert stored() == columns


def test_options_that_exclude_each_other_are_rejected(session: Session, members: Class) -> None:
    teacher, assignment = members.teacher, members.assignment
    hidden: dict[str, Any] = {"feedback": Feedback.NOTHING_UNTIL_DEADLINE}
    deadline = EVERY_OPTION["deadline"]
    with pytest.raises(Invalid) as error:
        change_assignment(session, teacher, assignment, hidden | {"deadline": None})
    assert "Set a deadline" in error.value.fields["feedback"]
    change_assignment(session, teacher, assignment, hidden | {"deadline": deadline})
    with pytest.raises(Invalid, match="Set a deadline"):
        change_assignment(session, teacher, assignment, {"deadline": None})
    with pytest.raises(Invalid, match="opens after its deadline"):
        change_assignment(session, teacher, assignment, {"opens_at": deadline})
    options = AssignmentOptions.model_validate({"title": "A", "suites": {"rules": 1}} | hidden)
    with pytest.raises(Invalid, match="Set a deadline"):
        create_assignment(session, teacher, members.course, "next", options)


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
