"""Teachers see who changed what in their course, and operators what belongs to no course."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.audit.log import record
from service.courses.assignments import change_assignment, set_closed
from service.courses.audit import AuditFilter, read_audit
from service.courses.courses import find_course
from service.courses.models import Role
from service.courses.roster import enrol
from service.errors import Invalid
from service.marks.deletion import delete_account, delete_course
from service.marks.overrides import set_override
from service.people.accounts import change_account
from service.people.actors import LocalOperator
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import make_sessions
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries


@pytest.fixture
def history(session: Session, members: Class) -> None:
    """A teacher, an assistant and a command on the server have changed something."""
    made = factories.make_graded(
        session, members.assignment, members.ada, make_report(make_suite("rules", make_case()))
    )
    deadline = now() + timedelta(days=3)
    changes = {"title": "New", "deadline": deadline}
    change_assignment(session, members.teacher, members.assignment, changes)
    set_override(session, members.assistant, made, score=9.5, reason="Explained it in class")
    enrol(session, LocalOperator(), members.course, members.stranger, Role.STUDENT)


@pytest.mark.usefixtures("history")
def test_the_api_says_who_did_what_and_what_it_was_before_and_after(
    client: FlaskClient, members: Class
) -> None:
    answer = client.get("/api/v1/courses/demo/audit", headers=members.bearer(members.teacher))
    assert answer.status_code == 200
    assert answer.json is not None
    enrolled, overridden, changed = answer.json["entries"]
    assert answer.json["next"] is None
    assert (enrolled["by"], enrolled["action"]) == (None, "enrolment.created")
    assert (enrolled["account"], enrolled["after"]) == ("stranger@example.edu", {"role": "student"})
    assert (overridden["by"], overridden["account"]) == ("assistant@example.edu", "ada@example.edu")
    assert (overridden["before"], overridden["after"]) == ({"score": None}, {"score": 9.5})
    assert overridden["assignment"] == "autograd"
    assert (changed["by"], changed["action"]) == ("teacher@example.edu", "assignment.changed")
    assert changed["before"]["deadline"] is None
    assert changed["after"]["deadline"].endswith("Z")
    assert changed["after"]["title"] == {"characters": 3}
    assert "Explained" not in answer.text


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize(
    ("query", "actions"),
    [
        ("person=ASSISTANT@example.edu", ["override.set"]),
        ("action=assignment.changed", ["assignment.changed"]),
        ("person=teacher@example.edu&action=override.set", []),
        ("person=stranger@example.edu", []),
        ("person=nobody@example.edu", []),
        ("since=2999-01-01T00:00:00Z", []),
        ("until=2000-01-01T00:00:00Z", []),
    ],
)
def test_entries_are_filtered_by_person_action_and_time(
    client: FlaskClient, members: Class, query: str, actions: list[str]
) -> None:
    answer = client.get(
        f"/api/v1/courses/demo/audit?{query}", headers=members.bearer(members.teacher)
    )
    assert answer.json is not None
    assert [each["action"] for each in answer.json["entries"]] == actions


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "before=x",
        "since=yesterday",
        "since=0001-01-01T00:00:00%2B14:00",
        "until=9999-12-31T23:59:00-01:00",
    ],
)
def test_a_filter_that_means_nothing_is_rejected(
    client: FlaskClient, members: Class, query: str
) -> None:
    answer = client.get(
        f"/api/v1/courses/demo/audit?{query}", headers=members.bearer(members.teacher)
    )
    assert answer.status_code == 422


def test_pages_have_a_limited_length_and_follow_each_other(
    session: Session, members: Class
) -> None:
    for number in range(7):
        record(
            session, members.teacher.id, f"course.{'abcdefg'[number]}", course_id=members.course.id
        )
    record(session, None, "course.elsewhere", course_id=None)
    session.commit()
    seen, before = [], None
    while True:
        page = read_audit(
            session, members.teacher, members.course, AuditFilter(limit=3, before=before)
        )
        assert len(page.entries) <= 3
        seen += [each.action for each in page.entries]
        before = page.last
        if before is None:
            break
    assert sorted(seen) == [f"course.{letter}" for letter in "abcdefg"]
    with pytest.raises(Invalid):
        read_audit(session, members.teacher, members.course, AuditFilter(limit=1000))


@pytest.mark.usefixtures("history")
def test_a_deleted_person_has_no_name_here_any_more(
    app: Flask, client: FlaskClient, session: Session, members: Class
) -> None:
    members.assistant.deleted_at, members.assistant.name = now(), "Assistant"
    session.commit()
    answer = client.get("/api/v1/courses/demo/audit", headers=members.bearer(members.teacher))
    assert answer.json is not None
    assert (answer.json["entries"][1]["by"], answer.json["entries"][1]["deleted"]) == (None, True)
    page = signed_in(app, members.teacher).get("/courses/demo/audit").text
    assert "A deleted account" in page
    assert ">Assistant<" not in page


@pytest.mark.usefixtures("history")
def test_the_page_shows_entries_in_words_and_filters_by_link(app: Flask, members: Class) -> None:
    teacher = signed_in(app, members.teacher)
    page = teacher.get("/courses/demo/audit").text
    for text in (
        "Set a mark by hand",
        "A command on the server",
        "3 characters",
        "Enrolled a person",
    ):
        assert text in page
    filtered = "/courses/demo/audit?person=assistant%40example.edu"
    assert f'href="{filtered}"' in page
    page = teacher.get(filtered).text
    assert "Set a mark by hand" in page
    assert "<small>Stranger" not in page
    assert (
        "Nothing matches these filters"
        in teacher.get("/courses/demo/audit?action=course.created").text
    )
    assert teacher.get("/courses/demo/audit?days=7").status_code == 200


def test_students_who_join_with_a_code_are_no_filters(
    app: Flask, session: Session, members: Class
) -> None:
    for account in (members.ada, members.stranger):  # one of them has left the course since
        record(session, account.id, "enrolment.self_created", course_id=members.course.id)
    session.commit()
    set_closed(session, members.teacher, members.assignment, True)
    page = signed_in(app, members.teacher).get("/courses/demo/audit").text
    assert "?person=teacher%40example.edu" in page
    assert "?person=ada%40example.edu" not in page
    assert "?person=stranger%40example.edu" not in page
    assert "?action=enrolment.self_created" in page


def test_only_teachers_read_the_audit(app: Flask, client: FlaskClient, members: Class) -> None:
    for who, status in (("assistant", 403), ("ada", 403), ("stranger", 404)):
        account = getattr(members, who)
        assert signed_in(app, account).get("/courses/demo/audit").status_code == status
        answer = client.get("/api/v1/courses/demo/audit", headers=members.bearer(account))
        assert answer.status_code == status


def test_a_page_is_read_in_the_same_number_of_queries_for_any_history(
    engine: Engine, session: Session, members: Class
) -> None:
    def count() -> int:
        with make_sessions(engine)() as other, queries(engine) as seen:
            course = find_course(other, members.teacher, "demo")
            read_audit(other, members.teacher, course, AuditFilter())
        return len(seen)

    set_closed(session, members.teacher, members.assignment, True)
    few = count()
    for _ in range(5):
        other = factories.make_assignment(session, members.course)
        student = factories.make_account(session)
        session.commit()
        set_closed(session, members.teacher, other, True)
        enrol(session, members.teacher, members.course, student, Role.STUDENT)
    assert count() == few


@pytest.fixture
def operator(session: Session, members: Class, settings: Settings) -> Account:
    """An operator who gave a right, made a link and deleted an account; and a deleted course."""
    operator = factories.make_account(session, "Olga", "olga@example.edu")
    operator.operator = True
    session.commit()
    change_account(session, operator, members.stranger, may_create_courses=True)
    set_closed(session, members.teacher, members.assignment, True)
    delete_account(session, operator, members.ada, settings)
    return operator


def test_operators_see_what_belongs_to_no_course(app: Flask, operator: Account) -> None:
    browser = signed_in(app, operator)
    assert 'href="/audit"' in browser.get("/operator").text
    page = browser.get("/audit").text
    assert "Deleted an account" in page
    assert "Changed an account" in page
    assert "may create courses" in page
    assert "Closed an assignment" not in page
    assert "Nothing matches these filters" in browser.get("/audit?action=link.created").text
    filtered = browser.get("/audit?action=account.changed").text
    assert (page.count("Deleted an account"), filtered.count("Deleted an account")) == (2, 1)


def test_the_api_lists_what_belongs_to_no_course_a_page_at_a_time(
    client: FlaskClient, session: Session, operator: Account
) -> None:
    headers = {"Authorization": f"Bearer {factories.token_of(session, operator)}"}
    session.commit()
    own = "/api/v1/audit?person=olga@example.edu"
    first = client.get(f"{own}&limit=1", headers=headers).get_json()
    rest = client.get(f"{own}&before={first['next']}", headers=headers).get_json()
    assert [each["action"] for each in first["entries"]] == ["token.created"]
    deleted, changed = rest["entries"]
    assert (deleted["by"], deleted["action"]) == ("olga@example.edu", "account.deleted")
    assert (changed["action"], changed["account"]) == ("account.changed", "stranger@example.edu")
    assert changed["after"] == {"may_create_courses": True}
    assert rest["next"] is None


def test_a_deleted_course_is_in_the_audit_of_the_installation(
    app: Flask, session: Session, members: Class, operator: Account, settings: Settings
) -> None:
    delete_course(session, members.teacher, members.course, settings)
    page = signed_in(app, operator).get("/audit").text
    assert "Deleted the course" in page
    assert "Closed an assignment" not in page


@pytest.mark.usefixtures("history")
def test_an_entry_of_a_course_is_no_place_in_the_audit_of_the_installation(
    client: FlaskClient, session: Session, members: Class, operator: Account
) -> None:
    of_course = read_audit(session, members.teacher, members.course, AuditFilter()).entries[0]
    headers = {"Authorization": f"Bearer {factories.token_of(session, operator)}"}
    session.commit()
    answer = client.get(f"/api/v1/audit?before={of_course.id}", headers=headers)
    assert answer.status_code == 422
    assert set(answer.get_json()["error"]["fields"]) == {"before"}
