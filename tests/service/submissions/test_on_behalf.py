"""Teachers submit for students: one file, or a ZIP of the class's files."""

from __future__ import annotations

import base64
import io
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.audit.models import AuditEntry
from service.courses.models import LatePolicy
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Submission
from service.web.request import ARRIVED_AT
from tests.service.conftest import Class, MakeApp, make_class, signed_in, submit_source
from tests.support import factories

PAGE = "/courses/demo/assignments/autograd/upload"
API = "/api/v1/courses/demo/assignments/autograd/students/ada@example.edu/submissions"
CLASS = "/api/v1/courses/demo/assignments/autograd/class-files"
SOURCE = {"filename": "value.py", "source": "class Value: ...\n"}
DAY = timedelta(days=1)


def post(client: FlaskClient, members: Class, received_at: datetime | str | None = None) -> Any:
    query = {} if received_at is None else {"received_at": str(received_at)}
    return client.post(
        API, json=SOURCE, query_string=query, headers=members.bearer(members.teacher)
    )


def make_zip(*paths: str, source: str = "class Value: ...\n") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in paths:
            archive.writestr(path, source)
    return content.getvalue()


def stored(session: Session) -> list[Submission]:
    session.commit()
    found = list(session.scalars(select(Submission).order_by(Submission.submitted_at)))
    session.commit()  # the service must be able to write
    return found


def test_a_teacher_submits_for_a_student_after_everything_is_over(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    assignment = members.assignment
    assignment.deadline, assignment.late_policy = now() - 2 * DAY, LatePolicy.REFUSE
    assignment.closed_at, assignment.attempt_limit = now() - DAY, 1
    factories.make_submission(session, assignment, members.ada, submitted_at=now() - 3 * DAY)
    session.commit()
    received_at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    answer = post(client, members, received_at)
    assert answer.status_code == 202
    assert answer.json["attempt"] == 2
    assert answer.json["submitted_at"] == "2026-03-01T12:00:00Z"
    assert answer.json["submitted_by"] == "teacher@example.edu"
    (submission,) = [each for each in stored(session) if each.submitted_by_id]
    assert submission.student_id == members.ada.id
    assert submission.grading.queued_at > now() - DAY  # it waits since now
    page = signed_in(app, members.ada).get(answer.headers["Location"].removeprefix("/api/v1"))
    assert "submitted for you by Teacher" in page.text
    of_course = select(AuditEntry).where(AuditEntry.course_id == members.course.id)
    (entry,) = session.scalars(of_course).all()
    assert (entry.action, entry.account_id) == ("submission.made_for_student", members.ada.id)
    assert entry.after == {"attempt": 2, "received_at": "2026-03-01T12:00:00Z"}


def test_it_counts_as_an_attempt_and_starts_no_pause(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit, members.assignment.pause_minutes = 2, 60
    session.commit()
    assert post(client, members).status_code == 202
    assert submit_source(client, members).status_code == 202
    assert submit_source(client, members).status_code == 409


def test_a_time_in_the_future_is_rejected(client: FlaskClient, members: Class) -> None:
    answer = post(client, members, now() + DAY)
    assert answer.status_code == 422
    assert "received_at" in answer.json["error"]["fields"]
    assert post(client, members, "yesterday").status_code == 422


@pytest.mark.parametrize(
    "received_at",
    ["0026-11-03T12:00:00Z", "0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z"],
)
def test_a_time_long_before_the_assignment_is_rejected(
    client: FlaskClient, members: Class, received_at: str
) -> None:
    answer = post(client, members, received_at)
    assert answer.status_code == 422
    assert "received_at" in answer.json["error"]["fields"]


def test_nothing_is_stored_for_an_account_that_was_deleted_a_moment_ago(
    client: FlaskClient, members: Class, session: Session
) -> None:
    # The account was found before somebody deleted it: it is enrolled still.
    members.ada.deleted_at = now()
    session.commit()
    assert post(client, members).status_code == 404
    assert stored(session) == []


@pytest.mark.parametrize(("who", "status"), [("assistant", 403), ("ada", 403), ("stranger", 404)])
def test_only_teachers_submit_for_others(
    app: Flask, client: FlaskClient, members: Class, who: str, status: int
) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.post(API, json=SOURCE, headers=headers).status_code == status
    guest = signed_in(app, getattr(members, who))
    assert guest.get(PAGE).status_code == status
    for path in (PAGE, f"{PAGE}/class", f"{PAGE}/class/apply"):
        data = {"email": "ada@example.edu", "archive": (io.BytesIO(make_zip("a")), "a.zip")}
        assert guest.post(path, data=data).status_code == status


def test_the_page_submits_one_file_with_its_time(
    app: Flask, members: Class, session: Session
) -> None:
    members.course.time_zone = "Europe/Berlin"
    session.commit()
    guest = signed_in(app, members.teacher)
    assert 'value="ada@example.edu"' in guest.get(f"{PAGE}?student=ada@example.edu").text
    data = {
        "email": "ada@example.edu",
        "received_at": "2026-03-01T13:00",
        "file": (io.BytesIO(b"class Value: ...\n"), "value.py"),
    }
    answer = guest.post(PAGE, data=data)
    assert answer.status_code == 303
    (submission,) = stored(session)
    assert submission.submitted_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    session.commit()
    assert "submitted by Teacher" in guest.get(answer.headers["Location"]).text


def test_without_a_time_it_is_when_the_whole_request_had_arrived(
    client: FlaskClient, app: Flask, members: Class, session: Session
) -> None:
    headers, guest = members.bearer(members.teacher), signed_in(app, members.teacher)
    arrived = {"environ_overrides": {ARRIVED_AT: datetime(2026, 3, 1, 12, tzinfo=UTC)}}
    zipped = make_zip("Ada_1_assignsubmission_file_/value.py", source="class Value: a = 1\n")
    others = make_zip("Ada_1_assignsubmission_file_/value.py", source="class Value: b = 2\n")
    file = (io.BytesIO(b"class Value: ...\n"), "value.py")
    content = base64.b64encode(others).decode()
    answers = [
        client.post(API, json=SOURCE, headers=headers, **arrived),
        client.post(CLASS, json={"content": content}, headers=headers, **arrived),
        guest.post(PAGE, data={"email": "ada@example.edu", "file": file}, **arrived),
        guest.post(
            f"{PAGE}/class/apply", data={"archive": (io.BytesIO(zipped), "a.zip")}, **arrived
        ),
    ]
    assert [each.status_code for each in answers] == [202, 200, 303, 303]
    found = stored(session)
    assert len(found) == 4
    assert {each.submitted_at for each in found} == {datetime(2026, 3, 1, 12, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "nobody@example.edu"}, "email"),
        ({"email": "ada@example.edu"}, "file"),
        ({"email": "ada@example.edu", "file": (b"", "value.py")}, "file"),
        (
            {"email": "ada@example.edu", "file": (b"x", "value.py"), "received_at": "x"},
            "received_at",
        ),
    ],
)
def test_a_rejected_file_says_what_is_wrong_at_its_field(
    app: Flask, members: Class, data: dict[str, Any], field: str
) -> None:
    if "file" in data:
        content, name = data["file"]
        data = data | {"file": (io.BytesIO(content), name)}
    answer = signed_in(app, members.teacher).post(PAGE, data=data)
    assert answer.status_code in {404, 422}
    assert f'id="{field}-wrong"' in answer.text


def send(guest: FlaskClient, path: str, **values: Any) -> TestResponse:
    """Send a form whose body is in memory, however large it is."""
    boundary, body = encode_multipart(values)
    return guest.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def preview(app: Flask, members: Class, content: bytes) -> tuple[Any, str]:
    """The preview of a ZIP, and the content that its form sends back."""
    guest = signed_in(app, members.teacher)
    page = send(guest, f"{PAGE}/class", archive=FileStorage(io.BytesIO(content), "class.zip")).text
    found = re.search(r'<textarea name="content"[^>]*>([^<]*)</textarea>', page)
    return page, found[1] if found else ""


def apply(app: Flask, members: Class, content: str, **fields: str) -> Any:
    guest = signed_in(app, members.teacher)
    return send(guest, f"{PAGE}/class/apply", content=content, **fields)


def test_a_zip_is_shown_first_and_submitted_then(
    app: Flask, members: Class, session: Session
) -> None:
    content = make_zip(
        "Ada_1_assignsubmission_file_/value.py", "Blaise_2_assignsubmission_file_/value.py"
    )
    page, sent_back = preview(app, members, content)
    assert "Submit 2 files" in page
    assert stored(session) == []
    assert base64.b64decode(sent_back) == content
    done = apply(app, members, sent_back, class_received_at="2026-03-01T12:00")
    assert done.status_code == 303
    found = stored(session)
    assert {each.student_id for each in found} == {members.ada.id, members.blaise.id}
    assert {each.submitted_at for each in found} == {datetime(2026, 3, 1, 12, tzinfo=UTC)}
    assert {each.submitted_by_id for each in found} == {members.teacher.id}
    session.commit()
    assert apply(app, members, sent_back).status_code == 303  # a double click
    assert len(stored(session)) == 2
    session.commit()
    page, sent_back = preview(app, members, content)
    assert "There is nothing to submit." in page
    assert "Submitted before" in page


def test_with_a_problem_nothing_is_submitted_unless_it_is_left_out(
    app: Flask, members: Class, session: Session
) -> None:
    page, sent_back = preview(app, members, make_zip("ada_1_2_value.py", "charles_1_2_value.py"))
    assert "No student of this course is called charles" in page
    refused = apply(app, members, sent_back)
    assert refused.status_code == 422
    assert "Nothing was submitted." in refused.text
    assert stored(session) == []
    assert apply(app, members, sent_back, leave_out="1").status_code == 303
    assert [each.student_id for each in stored(session)] == [members.ada.id]


@pytest.mark.parametrize("content", [b"no ZIP", make_zip(), b""])
def test_what_is_no_zip_comes_back_with_a_message(
    app: Flask, members: Class, content: bytes
) -> None:
    guest = signed_in(app, members.teacher)
    data = {"archive": (io.BytesIO(content), "class.zip")}
    answer = guest.post(f"{PAGE}/class", data=data)
    assert answer.status_code == 422
    assert 'id="archive-wrong"' in answer.text
    assert apply(app, members, "no base64").status_code == 422


def test_a_zip_of_a_large_class_can_be_sent_back(
    app: Flask, members: Class, session: Session
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:  # stored, so that it is large
        archive.writestr("ada_1_2_value.py", "x = 1\n" * 40_000)
        for number in range(15):
            archive.writestr(f"nobody{number}_1_2_value.py", "y = 2\n" * 40_000)
    page, sent_back = preview(app, members, content.getvalue())
    assert len(sent_back) > 4_000_000
    assert "Submit 1 file" in page
    assert apply(app, members, sent_back, leave_out="1").status_code == 303
    assert len(stored(session)) == 1


CLASS_API = "/api/v1/courses/demo/assignments/autograd/class-files"


def test_a_zip_is_submitted_over_http_all_or_nothing(
    client: FlaskClient, members: Class, session: Session
) -> None:
    headers = members.bearer(members.teacher)
    content = make_zip("ada_1_2_value.py", "charles_1_2_value.py")
    sent = {"content": base64.b64encode(content).decode()}

    def send_zip(**query: int) -> Any:
        return client.post(CLASS_API, json=sent, headers=headers, query_string=query)

    preview = send_zip(dry_run=1)
    assert preview.status_code == 200
    assert [each["email"] for each in preview.json["submitted"]] == ["ada@example.edu"]
    assert preview.json["problems"][0]["file"] == "charles_1_2_value.py"
    assert preview.json["applied"] is False
    assert send_zip().status_code == 422
    assert stored(session) == []
    done = send_zip(leave_out=1)
    assert (done.status_code, done.json["applied"]) == (200, True)
    assert [each.student_id for each in stored(session)] == [members.ada.id]
    again = client.post(
        CLASS_API,
        data={"file": (io.BytesIO(make_zip("ada_1_2_value.py")), "class.zip")},
        headers=headers,
    )
    assert again.json is not None
    assert (again.json["submitted"], len(again.json["known"])) == ([], 1)
    assert client.post(CLASS_API, json={"content": "?"}, headers=headers).status_code == 422
    refused = client.post(CLASS_API, json=sent, headers=members.bearer(members.assistant))
    assert refused.status_code == 403


def test_a_student_and_a_teacher_who_submit_at_once_get_different_attempts(
    database_settings: Settings, make_app: MakeApp
) -> None:
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
        app = make_app(replace(database_settings, submissions_per_minute=99))
        start = threading.Barrier(20)

        def submit_one(number: int) -> int:
            client = app.test_client()
            start.wait(timeout=60)
            answer = post(client, members) if number % 2 else submit_source(client, members)
            return int(answer.status_code)

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(submit_one, range(20))) == {202}
        attempts = session.scalars(select(Submission.attempt).order_by(Submission.attempt))
        assert list(attempts) == list(range(1, 21))
    engine.dispose()
