"""Everything in a course, and a person's own data, as ZIP files that are safe to unpack."""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.courses.models import Extension, Feedback
from service.marks import archive_builds
from service.marks.models import Comment
from service.marks.overrides import set_mark, set_override
from service.marks.own_data import write_own_data
from service.marks.zip_files import ZipWriter, safe_name
from service.settings import Settings
from service.store.database import make_sessions
from service.submissions.models import Submission
from service.web.pages import archive as page
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries

REPORT = make_report(make_suite("rules", make_case("sum")))
FOLDER = "assignments/autograd/submissions/ada@example.edu/1"


@pytest.fixture
def full(session: Session, members: Class) -> Class:
    """A class with one row of everything, and a file with a name that would escape."""
    submission = factories.make_graded(
        session, members.assignment, members.ada, REPORT, source="x = 1\n"
    )
    submission.filename = "../../=evil.py"
    set_override(session, members.teacher, submission, score=9, reason="=cmd()")
    session.add(Comment(submission_id=submission.id, text="Nice", author=members.teacher, line=1))
    session.add(
        Extension(
            assignment_id=members.assignment.id,
            account_id=members.ada.id,
            attempt_limit=3,
            reason="ill",
        )
    )
    session.commit()
    return members


def unpack(answer: TestResponse) -> dict[str, str]:
    """The files of a downloaded archive."""
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def download(client: FlaskClient, members: Class, path: str) -> TestResponse:
    return client.get(f"/api/v1{path}", headers=members.bearer(members.teacher), buffered=True)


def test_an_archive_has_everything_in_the_course(client: FlaskClient, full: Class) -> None:
    files = unpack(download(client, full, "/courses/demo/archive.zip"))
    assert set(files) == {
        "course.json",
        "assignments/autograd/assignment.json",
        "grades.csv",
        "people.csv",
        "overrides.csv",
        "extensions.csv",
        "audit.csv",
        f"{FOLDER}/source/_.._=evil.py".replace("=", "_"),
        f"{FOLDER}/submission.json",
        f"{FOLDER}/report-1.json",
    }
    assert files[f"{FOLDER}/source/_.._" + "_evil.py"] == "x = 1\n"
    about = json.loads(files[f"{FOLDER}/submission.json"])
    assert about["filename"] == "../../=evil.py"
    assert about["gradings"][0]["score"] == 80.0
    assert about["comments"][0]["text"] == "Nice"
    assert json.loads(files[f"{FOLDER}/report-1.json"])["score"] == 80.0
    assert json.loads(files["assignments/autograd/assignment.json"])["suites"]["rules"] == 80.0
    assert "ada@example.edu,9,80,'=cmd(),teacher@example.edu," in files["overrides.csv"]
    assert "teacher@example.edu,override.set,ada@example.edu" in files["audit.csv"]
    assert "ada@example.edu,Ada,,student" in files["people.csv"]
    assert "autograd,ada@example.edu,,3,ill" in files["extensions.csv"]


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("assistant", 403), ("stranger", 404)])
def test_only_teachers_get_an_archive(
    client: FlaskClient, members: Class, who: str, status: int
) -> None:
    headers = members.bearer(getattr(members, who))
    answer = client.get("/api/v1/courses/demo/archive.zip", headers=headers)
    assert answer.status_code == status


def test_a_large_archive_is_built_in_the_background(
    client: FlaskClient,
    settings: Settings,
    full: Class,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.web.api.archive.AT_ONCE", 0)
    work = []
    monkeypatch.setattr(
        archive_builds.start_build, "__kwdefaults__", {"run": lambda task: work.append(task)}
    )
    asked = download(client, full, "/courses/demo/archive.zip")
    assert (asked.status_code, asked.headers["Retry-After"]) == (202, "3")
    again = asked.headers["Location"].removeprefix("/api/v1")
    assert download(client, full, again).status_code == 202
    assert download(client, full, "/courses/demo/archive.zip").status_code == 429
    work.pop()()
    assert f"{FOLDER}/submission.json" in unpack(download(client, full, again))
    (path,) = (settings.data_dir / "archives").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    old = time.time() - archive_builds.KEPT_SECONDS - 1
    os.utime(path, (old, old))
    assert download(client, full, again).status_code == 404
    assert not path.exists()


def test_a_build_that_cannot_start_does_not_stop_the_next(
    session: Session, engine: Engine, settings: Settings, full: Class
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("can't start new thread")

    work: list[Callable[[], None]] = []
    sessions = make_sessions(engine)
    start = partial(
        archive_builds.start_build, session, full.teacher, full.course, settings, sessions
    )
    with pytest.raises(RuntimeError):
        start(run=fail)
    start(run=work.append)
    session.rollback()
    work.pop()()


def test_a_build_that_stopped_is_gone(client: FlaskClient, settings: Settings, full: Class) -> None:
    folder = settings.data_dir / "archives"
    folder.mkdir(mode=0o700)
    build = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    part = folder / f"{full.course.id}-{build}.part"
    part.touch()
    address = f"/courses/demo/archive.zip?build={build}"
    assert download(client, full, address).status_code == 202
    old = time.time() - archive_builds.STALLED_SECONDS - 1
    os.utime(part, (old, old))
    assert download(client, full, address).status_code == 404


def test_a_folder_that_others_may_enter_is_not_used(settings: Settings) -> None:
    (settings.data_dir / "archives").mkdir(mode=0o755)
    (settings.data_dir / "archives").chmod(0o755)
    with pytest.raises(PermissionError, match="Chainrule alone"):
        archive_builds.remove_old(settings)


def test_the_page_waits_for_a_large_archive(
    app: Flask, full: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(app, full.teacher)
    assert "1 submission with" in browser.get("/courses/demo/archive").text
    assert "course.json" in unpack(browser.get("/courses/demo/archive.zip"))
    work = []
    monkeypatch.setattr(page, "AT_ONCE", 0)
    monkeypatch.setattr(
        archive_builds.start_build, "__kwdefaults__", {"run": lambda task: work.append(task)}
    )
    asked = browser.get("/courses/demo/archive.zip")
    assert asked.status_code == 303
    waiting = browser.get(asked.location)
    assert "is being built" in waiting.text
    assert waiting.headers["Refresh"] == "3"
    work.pop()()
    done = browser.get(asked.location)
    assert "Refresh" not in done.headers
    assert "The archive is ready." in done.text
    assert "course.json" in unpack(browser.get(f"{asked.location}&download=1", buffered=True))


@pytest.mark.parametrize("path", ["/account/data.zip", "/api/v1/account/data.zip"])
def test_own_data_has_what_one_may_see_and_nothing_of_others(
    app: Flask, full: Class, path: str
) -> None:
    headers = full.bearer(full.ada) if path.startswith("/api/") else {}
    files = unpack(signed_in(app, full.ada).get(path, headers=headers))
    assert set(files) == {
        "account.json",
        "marks.json",
        "demo/autograd/1/source/_.._" + "_evil.py",
        "demo/autograd/1/submission.json",
        "demo/autograd/1/report.json",
    }
    assert json.loads(files["account.json"])["courses"][0]["slug"] == "demo"
    assert json.loads(files["marks.json"])[0]["mark"] == 9.0
    assert not [name for name, text in files.items() if "blaise" in text or "teacher@" in text]


def test_own_data_is_read_in_the_same_number_of_queries_for_any_attempts(
    session: Session, engine: Engine, members: Class
) -> None:
    def count() -> int:
        session.expire_all()
        with queries(engine) as seen:
            write_own_data(session, members.ada, members.ada, io.BytesIO())
        return len(seen)

    def add(attempt: int) -> None:
        submission = factories.make_graded(
            session, members.assignment, members.ada, REPORT, attempt=attempt
        )
        session.add(Comment(submission_id=submission.id, text="Nice", author=members.teacher))
        session.commit()

    for feedback in Feedback:
        members.assignment.feedback = feedback
        first = 1 + session.scalars(select(func.count(Submission.id))).one()
        add(first)
        few = count()
        add(first + 1)
        add(first + 2)
        assert count() == few


def test_own_data_has_marks_by_hand_extensions_and_scores_from_before(
    app: Flask, session: Session, members: Class
) -> None:
    unsent, extended = (factories.make_assignment(session, members.course) for _ in range(2))
    set_mark(session, members.teacher, unsent, members.ada, score=7, reason="Oral exam")
    until = datetime(2027, 3, 1, 12, tzinfo=UTC)
    own = {"assignment_id": extended.id, "account_id": members.ada.id}
    session.add(Extension(**own, deadline=until, attempt_limit=9, reason="secret"))
    done = factories.make_graded(session, members.assignment, members.ada, REPORT)
    factories.finish(
        factories.regrade(session, done), make_report(make_suite("rules", make_case()))
    )
    session.commit()
    browser = signed_in(app, members.ada)
    files = unpack(browser.get("/account/data.zip"))
    marks = {each["assignment"]: each for each in json.loads(files["marks.json"])}
    by_hand, later = marks[unsent.slug], marks[extended.slug]
    assert (by_hand["mark"], by_hand["reason"], by_hand["attempts"]) == (7.0, "Oral exam", 0)
    assert later["extension"] == {"deadline": "2027-03-01T12:00:00Z", "attempt_limit": 9}
    assert (later["mark"], by_hand["extension"]) == (None, None)
    about = json.loads(files["demo/autograd/1/submission.json"])
    scores = [(each["score"], each["counts"]) for each in about["scores"]]
    assert scores == [(REPORT.score, False), (80.0, True)]
    members.assignment.hold_marks = True
    session.commit()
    about = json.loads(unpack(browser.get("/account/data.zip"))["demo/autograd/1/submission.json"])
    assert about["scores"] == []


def test_own_data_hides_what_pages_hide(app: Flask, session: Session, full: Class) -> None:
    full.assignment.feedback = Feedback.SCORE
    full.assignment.hold_marks = True
    session.commit()
    files = unpack(signed_in(app, full.ada).get("/account/data.zip"))
    assert json.loads(files["marks.json"])[0]["mark"] is None
    assert "x.grad" not in files.get("demo/autograd/1/report.json", "")


@given(st.text())
def test_no_name_leaves_its_folder(text: str) -> None:
    name = safe_name(text)
    assert name.isascii()
    assert name not in {"", ".", ".."}
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert Path("folder", name).resolve().parent == Path("folder").resolve()


@pytest.mark.parametrize("name", ["con", "AUX.py", "nul", "com1.txt", "LPT9"])
def test_no_name_is_a_device_of_windows(name: str) -> None:
    assert safe_name(name) == f"_{name}"


def test_two_files_of_one_name_are_both_kept() -> None:
    file = io.BytesIO()
    out = ZipWriter(file)
    for content in ("a", "b", "c"):
        out.add(("x", "Value.py" if content == "b" else "value.py"), content)
    out.close()
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == ["x/value.py", "x/2-Value.py", "x/3-value.py"]


def test_the_account_page_offers_ones_own_data(app: Flask, members: Class) -> None:
    page = signed_in(app, members.ada).get("/account").text
    assert '<a href="/account/data.zip" download>' in page
