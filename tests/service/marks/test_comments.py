"""Comments on a submission, over HTTP and on pages."""

from __future__ import annotations

import html
import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.errors import Invalid
from service.marks import comments
from service.marks.models import Comment
from service.people.models import Account
from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

SOURCE = "class Value:\n    pass\n"


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    report = make_report(make_suite("rules", make_case("sum")))
    made = factories.make_graded(session, members.assignment, members.ada, report, source=SOURCE)
    session.commit()
    return made


def comment(client: FlaskClient, members: Class, done: Submission, by: Account, **body: Any) -> Any:
    return client.post(
        f"/api/v1/submissions/{done.id}/comments",
        json={"line": None, "text": "Why?"} | body,
        headers=members.bearer(by),
    )


def read(client: FlaskClient, members: Class, done: Submission, by: Account) -> list[Any]:
    answer = client.get(f"/api/v1/submissions/{done.id}/comments", headers=members.bearer(by))
    assert answer.json is not None
    found: list[Any] = answer.json["comments"]
    return found


def test_staff_comment_on_a_line_and_the_student_reads_it(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    answer = comment(client, members, done, members.assistant, line=2, text=" Why pass? ")
    assert answer.status_code == 201
    assert (answer.json["line"], answer.json["text"]) == (2, "Why pass?")
    comment(client, members, done, members.teacher, text="Nearly there")
    assert [each["read_at"] for each in read(client, members, done, members.teacher)] == [None] * 2
    seen = read(client, members, done, members.ada)
    assert [(each["line"], each["text"], each["author"]) for each in seen] == [
        (None, "Nearly there", "Teacher"),
        (2, "Why pass?", "Assistant"),
    ]
    assert all(each["read_at"] for each in read(client, members, done, members.teacher))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"line": 0}, "line"),
        ({"line": 3}, "line"),
        ({"line": "1"}, "line"),
        ({"text": " "}, "text"),
        ({"text": "a\0"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"page": 1}, "page"),
    ],
)
def test_a_comment_that_fits_no_line_or_says_nothing_is_rejected(
    client: FlaskClient, members: Class, done: Submission, body: dict[str, Any], field: str
) -> None:
    answer = comment(client, members, done, members.teacher, **body)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"].keys() == {field}


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("blaise", 404), ("stranger", 404)])
def test_students_cannot_comment(
    client: FlaskClient, members: Class, done: Submission, who: str, status: int
) -> None:
    assert comment(client, members, done, getattr(members, who)).status_code == status


def test_nobody_else_reads_a_students_comments(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    path = f"/api/v1/submissions/{done.id}/comments"
    assert client.get(path, headers=members.bearer(members.blaise)).status_code == 404


def test_assistants_delete_their_own_comments_and_teachers_all(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    by_teacher = comment(client, members, done, members.teacher).json["id"]
    by_assistant = comment(client, members, done, members.assistant).json["id"]

    def delete(comment_id: str, by: Account) -> int:
        path = f"/api/v1/submissions/{done.id}/comments/{comment_id}"
        return client.delete(path, headers=members.bearer(by)).status_code

    assert delete(by_teacher, members.assistant) == 403
    assert delete(by_teacher, members.ada) == 403
    assert delete(by_assistant, members.teacher) == 204
    assert delete(by_assistant, members.teacher) == 404
    assert delete(by_teacher, members.teacher) == 204
    assert delete(str(uuid.uuid4()), members.teacher) == 404


def test_the_audit_knows_of_comments_but_not_what_they_say(
    client: FlaskClient, members: Class, session: Session, done: Submission
) -> None:
    added = comment(client, members, done, members.teacher, line=1, text="A secret").json["id"]
    path = f"/api/v1/submissions/{done.id}/comments/{added}"
    client.delete(path, headers=members.bearer(members.teacher))
    query = select(AuditEntry).where(AuditEntry.submission_id == done.id)
    entries = {entry.action: entry for entry in session.scalars(query)}
    assert entries["comment.added"].after == {"line": 1}
    assert entries["comment.deleted"].before == {"line": 1}
    assert entries["comment.added"].account_id == members.ada.id


def test_the_course_page_shows_a_new_comment_until_the_student_has_seen_it(
    app: Flask, client: FlaskClient, members: Class, done: Submission
) -> None:
    ada = signed_in(app, members.ada)
    assert "ew comment" not in ada.get("/courses/demo").text
    comment(client, members, done, members.teacher)
    course = ada.get("/courses/demo").text
    assert "New comment" in course
    assert f'href="/submissions/{done.id}#comments"' in course
    page = ada.get(f"/submissions/{done.id}").text
    assert "Why?" in page
    assert "New</span>" in page
    assert "New</span>" not in ada.get(f"/submissions/{done.id}").text
    assert "ew comment" not in ada.get("/courses/demo").text


def test_a_teacher_who_looks_leaves_comments_unread(
    app: Flask, client: FlaskClient, members: Class, session: Session, done: Submission
) -> None:
    comment(client, members, done, members.assistant)
    signed_in(app, members.teacher).get(f"/submissions/{done.id}")
    assert session.scalars(select(Comment.read_at)).all() == [None]


def test_a_teacher_comments_and_deletes_on_the_review_page(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    teacher = signed_in(app, members.teacher)
    review = f"/submissions/{done.id}/review"
    assert 'name="line" type="text" value="2"' in teacher.get(f"{review}?line=2").text
    answer = teacher.post(f"/submissions/{done.id}/comments", data={"line": "2", "text": "Why?"})
    (stored,) = session.scalars(select(Comment))
    session.commit()
    assert (answer.status_code, answer.location) == (303, f"{review}#comment-{stored.id}")
    page = teacher.get(review).text
    assert 'class="remark"' in page
    assert "not read yet" in page
    question = f"/submissions/{done.id}/comments/{stored.id}/delete"
    assert "Delete this comment?" in teacher.get(question).text
    assert teacher.post(question).status_code == 303
    assert "Why?" not in teacher.get(review).text


@pytest.mark.parametrize(("line", "message"), [("9", "lines 1 to 2"), ("two", "such as 12")])
def test_a_rejected_comment_keeps_what_was_typed(
    app: Flask, members: Class, done: Submission, line: str, message: str
) -> None:
    answer = signed_in(app, members.teacher).post(
        f"/submissions/{done.id}/comments", data={"line": line, "text": "Why?"}
    )
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert message in page
    assert f'value="{line}"' in page
    assert "Why?</textarea>" in page


def test_lines_of_a_notebook_count_through_its_cells(
    app: Flask, members: Class, session: Session
) -> None:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        for source in ("a = 1\nb = 2", "c = 3\nd = 4")
    ]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    made = factories.make_submission(session, members.assignment, members.ada, source=notebook)
    comments.add_comment(session, members.teacher, made, line=4, text="Why 4?")
    with pytest.raises(Invalid):
        comments.add_comment(session, members.teacher, made, line=5, text="Why?")
    page = signed_in(app, members.teacher).get(f"/submissions/{made.id}/review").text
    assert '<a href="#C2L2">Code cell 2, line 2</a>' in page
    assert 'href="?line=4#comment" aria-label="Code cell 2, line 2"' in page
