"""The form of an assignment: every option, as typed, and two teachers at once."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.assignments import change_assignment, options_of
from service.courses.late_rules import LateKind, LateRule
from service.courses.models import (
    Assignment,
    AttemptThatCounts,
    Feedback,
)
from tests.service.conftest import Class, signed_in
from tests.service.web.assignment_form import EDIT, FORM, LONG, NEW
from worker.report.names import Names


def found(session: Session, slug: str) -> Assignment:
    session.expire_all()
    return session.query(Assignment).filter_by(slug=slug).one()


def fields(page: str) -> dict[str, str]:
    """The form of a page as a browser sends it unchanged."""
    form = page.partition('<form class="flow"')[2]
    values = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            values[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select id="(\w+)".*?>(.*?)</select>', form, re.DOTALL):
        values[name] = re.findall(r'value="(\w+)" selected', options)[0]
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    return values | {"description": text[1] if text else ""}


def test_a_form_sets_every_option(teacher: FlaskClient, session: Session) -> None:
    answer = teacher.post(NEW, data=FORM)
    assert (answer.status_code, answer.location) == (303, "/courses/demo/assignments/engine")
    options = options_of(found(session, "engine"))
    assert options.model_dump() == {
        "title": "An engine",
        "description": "# Task\n\nWrite a *class*.",
        "opens_at": datetime(2027, 3, 1, 7, tzinfo=UTC),
        "deadline": datetime(2027, 7, 1, 16, tzinfo=UTC),  # summer time
        "late_policy": LateRule(
            kind=LateKind.PERCENT_PER_DAY, percent=12.5, floor=40.0, grace_minutes=15
        ).model_dump(),
        "attempt_limit": 3,
        "pause_minutes": 20,
        "attempt_that_counts": AttemptThatCounts.LATEST,
        "feedback": Feedback.NOTHING_UNTIL_DEADLINE,
        "hold_marks": True,
        "suites": {"rules": 80.0, "random": 0.0},
        "names": dataclasses.asdict(Names(class_name="Scalar")),
        "draw_per_student": False,
        "require_double": True,
    }


def test_saving_the_form_unchanged_changes_nothing(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    teacher.post(NEW, data=FORM)
    made = found(session, "engine")
    made.points = {"gone": 3.0, "rules": 1.5}
    made.deadline = datetime(2027, 7, 1, 21, 59, 59, tzinfo=UTC)
    session.commit()
    before = options_of(made)
    edit = "/courses/demo/assignments/engine/edit"
    page = teacher.get(edit).text
    assert "no longer has this suite" in page
    assert teacher.post(edit, data=fields(page)).status_code == 303
    made = found(session, "engine")
    assert (options_of(made), made.version) == (before, 1)
    assert members.assignment.version == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2027-07-01", datetime(2027, 7, 1, 21, 59, 59, tzinfo=UTC)),
        ("2027-07-01 18:00", datetime(2027, 7, 1, 16, tzinfo=UTC)),
        ("2027-07-01T18:00+05:30", datetime(2027, 7, 1, 12, 30, tzinfo=UTC)),
        ("2027-07-01T18:00Z", datetime(2027, 7, 1, 18, tzinfo=UTC)),
        ("", None),
    ],
)
def test_a_deadline_is_in_the_zone_of_the_course_or_has_an_offset(
    teacher: FlaskClient, session: Session, typed: str, stored: datetime | None
) -> None:
    data = FORM | {"deadline": typed, "feedback": "full"}
    assert teacher.post(NEW, data=data).status_code == 303
    assert found(session, "engine").deadline == stored


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"deadline": "tomorrow"}, "deadline", "Give a date and a time, such as"),
        ({"deadline": "9999-12-31"}, "deadline", "Give a year"),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at", "Give a"),
        ({"deadline": ""}, "feedback", "Set a deadline"),
        ({"late_percent": "much"}, "late_percent", "Give a number, such as 7.5"),
        ({"late_percent": ""}, "late_percent", "how many percent"),
        ({"late_floor": "200"}, "late_floor", "from 0 to 100"),
        ({"grace_minutes": "-1"}, "grace_minutes", "Give a whole number"),
        ({"attempt_limit": "0"}, "attempt_limit", "from 1 up"),
        ({"points-rules": "x"}, "points-rules", "Give a number"),
        ({"points-rules": ""}, "suites", "at least one suite"),
        ({"points-gone": "3"}, "suites", "There is no suite &#39;gone&#39;"),
        ({"name_grad": "def"}, "names", "not a valid Python name"),
        ({"title": " "}, "title", "title is empty"),
        ({"slug": "No"}, "slug", "lower-case letters"),
        ({"late_kind": "loudly"}, "late_kind", "Choose one"),
    ],
)
def test_what_cannot_be_stored_comes_back_as_typed_with_the_message_at_its_field(
    teacher: FlaskClient, changes: dict[str, str], field: str, message: str
) -> None:
    sent = FORM | changes
    for address in (NEW, EDIT):
        page = teacher.post(address, data=sent)
        assert page.status_code == 422
        shown = page.text.partition(f'id="{field}-wrong"')[2].partition("</p>")[0]
        assert message in shown.replace("’", "'")
        for name, value in sent.items():
            if name.startswith(("points", "late_p", "title")) and value.strip():
                assert f'value="{value}"' in page.text


def test_an_address_left_empty_is_made_from_the_title(teacher: FlaskClient) -> None:
    made = teacher.post("/new-course", data={"title": "Réseaux de neurones, 2027"})
    assert made.location == "/courses/reseaux-de-neurones-2027"
    made = teacher.post(NEW, data=FORM | {"slug": "", "title": "My engine"})
    assert made.location == "/courses/demo/assignments/my-engine"


def test_a_title_that_suggests_no_address_is_explained_at_the_address(
    teacher: FlaskClient,
) -> None:
    page = teacher.post(NEW, data=FORM | {"slug": "", "title": "机器学习"})
    assert page.status_code == 422
    said = page.text.partition('id="slug-wrong"')[2].partition("</p>")[0]
    assert "No address can be made from this title" in said


def test_a_slug_in_use_is_explained_at_its_field(teacher: FlaskClient) -> None:
    page = teacher.post(NEW, data=FORM | {"slug": "autograd"})
    assert page.status_code == 409
    assert "already" in page.text.partition('id="slug-wrong"')[2].partition("</p>")[0]


def test_the_second_of_two_teachers_sees_the_difference_and_may_choose(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    mine = fields(teacher.get(EDIT).text) | {"title": "Mine"}
    change_assignment(
        session,
        members.teacher,
        found(session, "autograd"),
        {"title": "Theirs", "deadline": datetime(2027, 7, 1, 16, tzinfo=UTC)},
    )
    page = teacher.post(EDIT, data=mine)
    assert page.status_code == 412
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td>", page.text)
    assert ("Title", "Mine", "Theirs") in rows
    assert ("Deadline", "none", "1 Jul 2027, 18:00 CEST") in rows
    assert found(session, "autograd").title == "Theirs"
    session.commit()
    chosen = fields(page.text) | {"deadline": "2027-07-01T18:00"}
    assert chosen["title"] == "Mine"
    assert teacher.post(EDIT, data=chosen).status_code == 303
    stored = found(session, "autograd")
    assert stored.title == "Mine"
    assert stored.deadline == datetime(2027, 7, 1, 16, tzinfo=UTC)


def test_two_teachers_who_save_the_same_are_both_content(
    teacher: FlaskClient, session: Session
) -> None:
    mine = fields(teacher.get(EDIT).text) | {"title": "Ours"}
    assert teacher.post(EDIT, data=mine).status_code == 303
    assert teacher.post(EDIT, data=mine).status_code == 303
    assert "saved the same values" in teacher.get(LONG).text
    assert found(session, "autograd").version == 2


def test_a_preview_shows_the_text_and_stores_nothing(
    teacher: FlaskClient, session: Session
) -> None:
    text = "# One\n\n*two* <script>alert(1)</script> [a](javascript:alert(1))"
    page = teacher.post(EDIT, data=FORM | {"preview": "1", "description": text}).text
    preview = page.partition('<div class="guide">')[2].partition("</div>")[0]
    assert "<h3>One</h3>" in preview
    assert "<em>two</em> &lt;script&gt;" in preview
    assert "href" not in preview
    assert found(session, "autograd").description == ""


def test_students_see_the_task_and_what_their_class_must_have(
    app: Flask, teacher: FlaskClient, members: Class
) -> None:
    data = FORM | {"slug": "autograd", "opens_at": "", "points-in-place": "5", "version": "1"}
    assert teacher.post(EDIT, data=data).status_code == 303
    page = signed_in(app, members.ada).get(LONG).text
    assert "<h3>Task</h3>" in page
    assert "<code>a * b</code>" in page
    assert "<code>a += b</code>" in page
    assert "<code>a.tanh()</code>" not in page
    assert "1 Jul 2027, 18:00 CEST" in page
    assert 'title="1 Jul 2027, 16:00 UTC"' in page
    assert "Server time" in page


def test_a_version_that_no_form_has_is_none(teacher: FlaskClient) -> None:
    data = FORM | {"slug": "autograd", "opens_at": "", "version": "9" * 5_000}
    assert teacher.post(EDIT, data=data).status_code == 303


def test_before_it_opens_students_see_the_title_and_the_dates_only(
    app: Flask, teacher: FlaskClient, members: Class
) -> None:
    data = FORM | {"slug": "autograd", "opens_at": "2099-01-01T08:00", "deadline": "2099-02-01"}
    assert teacher.post(EDIT, data=data).status_code == 303
    page = signed_in(app, members.ada).get(LONG).text
    assert "1 Jan 2099, 08:00 CET" in page
    for hidden in ("<h3>Task</h3>", "What your class must have", "Scalar", "What's graded"):
        assert hidden not in page
    assert "<h3>Task</h3>" in teacher.get(LONG).text


@pytest.mark.parametrize("who", ["ada", "assistant"])
def test_only_teachers_reach_the_forms(app: Flask, members: Class, who: str) -> None:
    browser = signed_in(app, getattr(members, who))
    for address in (NEW, EDIT, f"{LONG}/delete", "/courses/demo/settings"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, data=FORM).status_code == 403
    copied = browser.post("/courses/demo/settings/copy", data={"copy_slug": "b", "copy_title": "B"})
    assert copied.status_code == 403
    assert "New assignment" not in browser.get("/courses/demo").text
    assert "New course" not in browser.get("/courses").text
    assert "You can&#39;t create courses" in browser.get("/new-course").text
    assert browser.post("/new-course", data={"slug": "a", "title": "A"}).status_code == 403
