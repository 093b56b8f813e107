import hashlib
import io
import json
import logging
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis.exceptions import ResponseError
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.settings import Settings
from service.store.base import now
from service.submissions.models import Grading, Status, Submission
from service.submissions.submit import submit
from service.submissions.uploads import MAX_BYTES, MAX_NOTEBOOK_BYTES
from service.web.request import EXTENSION
from tests.service.conftest import Class, MakeApp, submit_source
from tests.service.submissions.conftest import error_of
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries

NOTEBOOK = Path(__file__).parents[2] / "students" / "right" / "notebook.ipynb"


def upload(
    client: FlaskClient, members: Class, content: bytes, name: str = "value.py"
) -> TestResponse:
    return client.post(
        "/api/v1/assignments/autograd/submissions",
        data={"file": (io.BytesIO(content), name)},
        headers=members.bearer(members.ada),
    )


def count(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count(Submission.id))).one()


def messages(settings: Settings) -> list[str]:
    """The broker's messages, as text."""
    return [path.read_text() for path in (settings.data_dir / "broker" / "celery").glob("*.msg")]


def test_a_file_is_accepted_and_a_worker_is_woken(
    client: FlaskClient, members: Class, session: Session, settings: Settings
) -> None:
    content = b"\xef\xbb\xbfclass Value: ...\n"
    response = upload(client, members, content, "my/value.py")
    assert response.status_code == 202
    assert response.json is not None
    assert response.json.keys() == {"id", "attempt", "status", "sha256", "receipt", "same_as"}
    assert response.json["attempt"] == 1
    stored = session.scalars(select(Grading.request_id)).all()
    assert stored == [response.headers["X-Request-Id"]]  # for the worker's log
    assert response.json["status"] == "queued"
    assert response.json["sha256"] == hashlib.sha256(content).hexdigest()
    assert response.headers["Location"] == f"/api/v1/submissions/{response.json['id']}"
    submission = session.scalars(select(Submission)).one()
    assert (submission.filename, submission.source.encode()) == ("value.py", content)
    assert submission.grading.status is Status.QUEUED
    assert submission.grading.seed == members.assignment.seed
    (message,) = messages(settings)
    assert json.loads(message)["headers"]["task"] == "worker.tasks.grade"
    assert str(submission.grading.id) in json.loads(message)["headers"]["argsrepr"]


def test_a_source_as_json_is_accepted_too(client: FlaskClient, members: Class) -> None:
    response = submit_source(client, members)
    assert response.status_code == 202
    assert response.json is not None
    assert response.json["sha256"] == hashlib.sha256(factories.SOURCE.encode()).hexdigest()


def test_attempts_are_counted_for_each_student(client: FlaskClient, members: Class) -> None:
    attempts = [submit_source(client, members, by=who).json for who in (members.ada, members.ada)]
    others = submit_source(client, members, by=members.blaise).json
    assert [answer["attempt"] for answer in attempts if answer] == [1, 2]
    assert others is not None
    assert others["attempt"] == 1


def test_staff_can_submit_to_try_an_assignment_out(client: FlaskClient, members: Class) -> None:
    assert submit_source(client, members, by=members.teacher).status_code == 202


def test_a_file_of_exactly_256_kb_is_accepted_and_one_byte_more_is_413(
    client: FlaskClient, members: Class, session: Session
) -> None:
    assert upload(client, members, b"#" * MAX_BYTES).status_code == 202
    assert error_of(upload(client, members, b"#" * (MAX_BYTES + 1))) == (413, "too_large")
    assert count(session) == 1


def test_a_request_far_too_large_is_413_before_it_is_read(
    client: FlaskClient, members: Class
) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        data=b"#" * 7_000_000,
        content_type="multipart/form-data; boundary=b",
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (413, "too_large")


def test_a_notebook_is_stored_unchanged_with_its_name(
    client: FlaskClient, members: Class, session: Session
) -> None:
    content = NOTEBOOK.read_bytes()
    assert error_of(upload(client, members, b"{", "engine.ipynb")) == (422, "invalid")
    assert upload(client, members, content, "my engine.ipynb").status_code == 202
    submission = session.scalars(select(Submission)).one()
    assert (submission.filename, submission.source) == ("my engine.ipynb", content.decode())


def test_a_notebook_as_json_with_every_byte_escaped_still_fits(
    client: FlaskClient, members: Class
) -> None:
    cell = '{"cells": [{"cell_type": "code", "source": "a = 1"}], "x": "'
    source = cell + "\x7f" * (MAX_NOTEBOOK_BYTES - len(cell) - 2) + '"}'
    body = json.dumps({"filename": "a.ipynb", "source": source}).replace("\x7f", "\\u007f")
    assert len(body) > 6_000_000
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        data=body,
        content_type="application/json",
        headers=members.bearer(members.ada),
    )
    assert response.status_code == 202


def test_json_with_every_byte_escaped_still_fits(client: FlaskClient, members: Class) -> None:
    source = "# " + "\x01" * (MAX_BYTES - 2)
    assert submit_source(client, members, source=source).status_code == 202


@pytest.mark.parametrize(
    ("content", "word"), [(b"", "empty"), (b"\xff\xfe", "UTF-8"), (b"a = 1\0", "NUL")]
)
def test_a_file_that_is_not_text_is_422(
    client: FlaskClient, members: Class, session: Session, content: bytes, word: str
) -> None:
    response = upload(client, members, content)
    assert error_of(response) == (422, "invalid")
    assert response.json is not None
    assert word in response.json["error"]["fields"]["file"]
    assert count(session) == 0


def test_a_repeated_answer_reads_no_report(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    accepted = submit_source(client, members, key="k1").json
    report = make_report(make_suite("rules", make_case()))
    factories.finish(session.scalars(select(Grading)).one(), report)
    session.commit()
    with queries(app.extensions[EXTENSION].engine) as seen:
        again = submit_source(client, members, key="k1").json
    assert accepted is not None
    assert again == accepted | {"status": "done"}
    assert not [query for query in seen if "report" in query.text or "tally" in query.text]


def test_the_same_key_with_the_same_bytes_gives_the_same_answer_again(
    client: FlaskClient, members: Class, session: Session, settings: Settings
) -> None:
    first = submit_source(client, members, key="k1")
    members.assignment.closed_at = now()  # the file was submitted before
    session.commit()
    again = submit_source(client, members, key="k1")
    assert (again.status_code, again.json) == (202, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert count(session) == 1
    assert len(messages(settings)) == 1


def test_the_same_key_with_other_bytes_is_422(client: FlaskClient, members: Class) -> None:
    submit_source(client, members, key="k1")
    response = submit_source(client, members, key="k1", source="class Other: ...")
    assert error_of(response) == (422, "idempotency_mismatch")


def test_a_key_belongs_to_one_student(client: FlaskClient, members: Class) -> None:
    ours = submit_source(client, members, key="k1").json
    theirs = submit_source(client, members, key="k1", by=members.blaise).json
    assert ours
    assert theirs
    assert ours["id"] != theirs["id"]


@pytest.mark.parametrize("key", ["", "k" * 201, "k\u00e9"])
def test_an_invalid_key_is_422(client: FlaskClient, members: Class, key: str) -> None:
    assert error_of(submit_source(client, members, key=key)) == (422, "invalid")


def test_a_file_name_with_10000_characters_or_a_path_is_shortened(
    client: FlaskClient, members: Class, session: Session
) -> None:
    assert upload(client, members, b"a = 1", "/tmp/" + "x" * 10_000 + ".py").status_code == 202
    (name,) = session.scalars(select(Submission.filename))
    assert name == "x" * 97 + ".py"


def test_a_submission_is_stored_while_the_broker_is_down(
    app: Flask,
    members: Class,
    session: Session,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    broker = settings.data_dir / "broker"
    broker.rename(settings.data_dir / "broker-away")
    Path(broker).write_text("no folder")
    with caplog.at_level(logging.WARNING):
        assert submit_source(app.test_client(), members).status_code == 202
    assert session.scalars(select(Grading)).one().status is Status.QUEUED
    assert "waits for the reaper" in caplog.text


@pytest.mark.parametrize("error", [ResponseError("OOM command not allowed"), RuntimeError("new")])
def test_an_accepted_submission_is_acknowledged_whatever_the_broker_raises(
    session: Session, members: Class, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def enqueue(_: uuid.UUID) -> None:
        raise error

    accepted = submit(
        session,
        members.ada,
        members.assignment,
        enqueue,
        filename="value.py",
        content=b"a = 1",
        idempotency_key=None,
        per_minute=20,
        accept_same=False,
    ).submission
    assert accepted.grading.status is Status.QUEUED
    assert "waits for the reaper" in caplog.text
    assert str(error) in caplog.text


def test_a_submission_that_cannot_be_stored_is_an_internal_error_and_leaves_no_rows(
    client: FlaskClient, members: Class, session: Session
) -> None:
    never = "CREATE TRIGGER full BEFORE INSERT ON gradings BEGIN SELECT RAISE(ABORT, 'x'); END"
    session.execute(text(never))
    session.commit()
    assert error_of(submit_source(client, members)) == (500, "internal_error")
    assert count(session) == 0


def test_a_database_that_is_down_is_503(
    make_app: MakeApp, members: Class, settings: Settings
) -> None:
    away = replace(settings, database_url="sqlite:////nowhere/at/all.db")
    response = submit_source(make_app(away).test_client(), members)
    assert error_of(response) == (503, "unavailable")
    assert response.headers["Retry-After"]
