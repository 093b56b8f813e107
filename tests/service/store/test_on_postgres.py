"""What differs between SQLite and PostgreSQL: concurrency, types, and text that can't be stored."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from service.courses.models import Course, Enrolment, Role
from service.courses.roster import enrol
from service.embedded.data_folder import open_database
from service.errors import Conflict
from service.marks.deletion import delete_account
from service.marks.gradebook import count_students, count_submitters, gradebook, marks
from service.people.actors import LocalOperator
from service.people.models import Account
from service.settings import Settings
from service.store.base import Base, now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.stored_reports import convert_old
from service.web import app as web_app
from service.web.request import EXTENSION, db_session, require_account
from tests.service.conftest import (
    Class,
    MakeApp,
    make_class,
    make_settings,
    signed_in,
    submit_source,
)
from tests.service.submissions.test_stored_reports import sessions_of, submit_graded
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json

AT_ONCE = 8
CROWD, IN_A_ROW = 24, 8  # enough that retrying after a collision would fail again and again


@dataclass(frozen=True, slots=True)
class Installation:
    """A new application, and the test's own session."""

    app: Flask
    session: Session
    members: Class


@pytest.fixture
def installation(database_settings: Settings, make_app: MakeApp) -> Iterator[Installation]:
    engine = make_engine(database_settings)
    app = make_app(replace(database_settings, submissions_per_minute=1000))
    with make_sessions(engine)() as session:
        yield Installation(app, session, make_class(session))
    engine.dispose()


def submit_at_once(made: Installation, keys: list[str | None]) -> list[int]:
    with ThreadPoolExecutor(len(keys)) as pool:
        answers = pool.map(
            lambda key: submit_source(made.app.test_client(), made.members, key=key).status_code,
            keys,
        )
        return sorted(answers)


def attempts(session: Session) -> list[int]:
    return sorted(session.scalars(select(Submission.attempt)))


def test_simultaneous_submissions_of_a_student_get_different_attempts(
    installation: Installation,
) -> None:
    assert submit_at_once(installation, [None] * AT_ONCE) == [202] * AT_ONCE
    assert attempts(installation.session) == list(range(1, AT_ONCE + 1))


def test_simultaneous_submissions_of_a_student_are_all_accepted(installation: Installation) -> None:
    installation.members.assignment.attempt_limit = None
    installation.session.commit()

    def submit_in_a_row(_: int) -> list[int]:
        client = installation.app.test_client()
        return [submit_source(client, installation.members).status_code for _ in range(IN_A_ROW)]

    with ThreadPoolExecutor(CROWD) as pool:
        statuses = list(pool.map(submit_in_a_row, range(CROWD)))
    assert statuses == [[202] * IN_A_ROW] * CROWD
    assert attempts(installation.session) == list(range(1, CROWD * IN_A_ROW + 1))


def test_simultaneous_submissions_do_not_exceed_the_attempt_limit(
    installation: Installation,
) -> None:
    installation.members.assignment.attempt_limit = 3
    installation.session.commit()
    statuses = submit_at_once(installation, [None] * AT_ONCE)
    assert statuses == [202] * 3 + [409] * (AT_ONCE - 3)
    assert attempts(installation.session) == [1, 2, 3]


def test_of_changes_at_once_for_the_same_version_one_is_stored(installation: Installation) -> None:
    members = installation.members
    path = "/api/v1/courses/demo/assignments/autograd"
    headers = members.bearer(members.teacher) | {"If-Match": '"1"'}
    clients = [installation.app.test_client() for _ in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(
            pool.map(
                lambda number: clients[number].patch(
                    path, json={"title": f"Title {number}"}, headers=headers
                ),
                range(AT_ONCE),
            )
        )
    assert sorted(each.status_code for each in answers) == [200] + [412] * (AT_ONCE - 1)
    (stored,) = (each.json for each in answers if each.status_code == 200)
    installation.session.refresh(members.assignment)
    assert stored is not None
    assert (members.assignment.title, members.assignment.version) == (stored["title"], 2)


def test_one_key_sent_many_times_at_once_is_one_submission(installation: Installation) -> None:
    assert submit_at_once(installation, ["same"] * AT_ONCE) == [202] * AT_ONCE
    assert attempts(installation.session) == [1]


def test_regrades_at_once_start_one_grading(installation: Installation) -> None:
    session, members = installation.session, installation.members
    report = make_report(make_suite("rules", make_case()))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path, headers = f"/api/v1/submissions/{done.id}/regrade", members.bearer(members.teacher)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        clients = [installation.app.test_client() for _ in range(AT_ONCE)]
        statuses = pool.map(lambda each: each.post(path, headers=headers).status_code, clients)
        assert sorted(statuses) == [202] + [409] * (AT_ONCE - 1)
    newest = session.scalars(select(Grading).where(Grading.status == Status.QUEUED)).all()
    assert [grading.ordinal for grading in newest] == [2]


def test_a_start_requeues_running_gradings_only_if_it_uses_the_database_alone(
    database_settings: Settings, installation: Installation
) -> None:
    session, members = installation.session, installation.members
    grading = factories.make_submission(session, members.assignment, members.ada).grading
    grading.status, grading.lease_until = Status.RUNNING, now()
    session.commit()

    open_database(database_settings)

    session.refresh(grading)
    assert grading.status is (Status.QUEUED if database_settings.uses_sqlite else Status.RUNNING)


def test_a_receipt_and_a_report_come_back_as_they_were(installation: Installation) -> None:
    session, members, client = (
        installation.session,
        installation.members,
        installation.app.test_client(),
    )
    accepted = submit_source(client, members).json
    assert accepted is not None
    report = make_report(make_suite("rules", make_case(message="\u00fc \U0001f600 \\u0041")))
    submission = session.scalars(select(Submission)).one()
    factories.finish(submission.grading, report)
    session.commit()
    body = client.get(
        f"/api/v1/submissions/{accepted['id']}", headers=members.bearer(members.ada)
    ).json
    assert body is not None
    assert body["receipt"] == accepted["receipt"]
    assert body["report"] == to_json(report)


@pytest.mark.parametrize(
    ("gradings", "expected"),
    [
        ([[50.0], [75.0], [75.0], [0.0]], (2, 75.0)),
        ([[50.0, 20.0], [30.0]], (2, 30.0)),
        ([[50.0, None], [None]], (1, 50.0)),
        ([[None], [None, None], [None]], (3, None)),
        ([[None], [0.0]], (2, 0.0)),
        ([[1 / 3]], (1, 1 / 3)),
    ],
)
def test_the_same_grading_counts_on_every_database(
    installation: Installation,
    gradings: list[list[float | None]],
    expected: tuple[int, float | None],
) -> None:
    session, members = installation.session, installation.members
    for attempt, scores in enumerate(gradings, 1):
        submission = factories.make_submission(
            session, members.assignment, members.ada, attempt=attempt
        )
        for ordinal, score in enumerate(scores, 1):
            grading = factories.regrade(session, submission) if ordinal > 1 else submission.grading
            if score is not None:
                suite = replace(make_suite("rules", make_case()), score=score)
                factories.finish(grading, make_report(suite))
    session.commit()
    ada, blaise = marks(session, members.teacher, members.assignment)
    found = session.get(Submission, ada.submission_id)
    assert found is not None
    assert (found.attempt, ada.score, ada.attempts) == (*expected, len(gradings))
    assert ada.grading_id == found.counting.id
    assert (blaise.submission_id, blaise.attempts) == (None, 0)
    (row,) = gradebook(session, members.teacher, members.course).rows[:1]
    assert (row[0].id, row[1]) == (members.ada.id, {members.assignment.id: ada})


def test_students_are_sorted_the_same_on_every_database(installation: Installation) -> None:
    session, members = installation.session, installation.members
    for name in ("de Vries", "\u00c9mile", "Zoe", "De Boer", "eric", "Eva", "Ada"):
        factories.enrol(session, members.course, factories.make_account(session, name))
    names = [mark.student.name for mark in marks(session, members.teacher, members.assignment)]
    assert names == [
        "Ada", "Ada", "Blaise", "De Boer", "\u00c9mile", "eric", "Eva", "de Vries", "Zoe",
    ]  # fmt: skip
    emails = [
        mark.student.email for mark in marks(session, members.teacher, members.assignment)[:2]
    ]
    assert emails == sorted(emails)


def test_submitters_are_counted_on_every_database(installation: Installation) -> None:
    session, members = installation.session, installation.members
    for person, attempt in ((members.ada, 1), (members.ada, 2), (members.teacher, 1)):
        factories.make_submission(session, members.assignment, person, attempt=attempt)
    elsewhere = factories.make_course(session)
    factories.enrol(session, elsewhere, members.teacher)
    other = factories.make_assignment(session, elsewhere)
    factories.make_submission(session, other, members.teacher)
    assert count_submitters(session, members.teacher, members.course) == {members.assignment.id: 1}
    assert count_students(session, members.teacher, members.course) == 2


def test_a_list_continues_correctly_among_submissions_of_the_same_moment(
    installation: Installation,
) -> None:
    session, members = installation.session, installation.members
    moment = now()
    for attempt in (1, 2, 3):
        for person in (members.ada, members.blaise):
            factories.make_submission(
                session, members.assignment, person, attempt=attempt, submitted_at=moment
            )
    session.commit()
    client, headers = installation.app.test_client(), members.bearer(members.teacher)
    path = "/api/v1/assignments/autograd/submissions"
    whole: Any = client.get(path, headers=headers).json
    assert whole["next"] is None
    assert [each["attempt"] for each in whole["submissions"]] == [3, 3, 2, 2, 1, 1]
    listed, address = [], f"{path}?limit=1"
    for _ in whole["submissions"]:
        body: Any = client.get(address, headers=headers).json
        listed += body["submissions"]
        address = f"{path}?limit=1&before={body['next']}"
    assert (body["next"], listed) == (None, whole["submissions"])


def test_a_lock_that_another_process_keeps_is_503_soon(
    tmp_path: Path, postgres_url: str, make_new_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_app, "LOCK_SECONDS", 0.02)
    settings = make_settings(tmp_path, CHAINRULE_DATABASE_URL=postgres_url)
    lock = text("SELECT pg_advisory_xact_lock(7)")
    app, engine = make_new_app(settings), make_engine(settings)

    def ask() -> str:
        db_session().execute(lock)
        return "done"

    client = app.test_client()
    for path in ("/ask", "/api/ask"):
        app.add_url_rule(path, path, ask)
    with engine.begin() as frozen:
        assert frozen.scalar(text("SHOW lock_timeout")) == "0"  # a worker may wait
        frozen.execute(lock)
        for path in ("/ask", "/api/ask", "/ask"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "5"
            assert "Something else is changing this." in answer.text
    assert client.get("/ask").text == "done"
    engine.dispose()


def test_a_nul_in_an_address_is_not_an_internal_error(installation: Installation) -> None:
    members = installation.members
    response = installation.app.test_client().get(
        "/api/v1/assignments/a%00b", headers=members.bearer(members.ada)
    )
    assert response.status_code in {400, 404}


def test_a_report_that_is_stored_during_a_request_is_answered_consistently(
    on_postgres: Settings, make_app: MakeApp
) -> None:
    engine = make_engine(on_postgres)
    app = make_app(on_postgres)
    with make_sessions(engine)() as session:
        members = make_class(session)
        submission = factories.make_submission(session, members.assignment, members.ada)
        session.commit()

        def finish(*args: Any) -> None:
            if "FROM gradings" in args[2] and submission.grading.status is Status.QUEUED:
                factories.finish(submission.grading, make_report(make_suite("rules", make_case())))
                session.commit()

        event.listen(app.extensions[EXTENSION].engine, "after_cursor_execute", finish)
        path = f"/api/v1/submissions/{submission.id}"
        body = app.test_client().get(path, headers=members.bearer(members.ada)).json
        assert submission.grading.status is Status.DONE
    engine.dispose()
    assert body is not None
    assert (body["status"], body["score"], body["report"]) == ("queued", None, None)


def test_a_missing_schema_is_503_and_the_log_says_what_to_run(
    database_settings: Settings, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(database_settings)
    Base.metadata.drop_all(engine)
    engine.dispose()
    client = make_app(database_settings).test_client()
    response = client.get("/api/v1/courses", headers={"Authorization": "Bearer cr_any"})
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["error"]["code"] == "unavailable"
    assert "being set up" in response.json["error"]["message"]
    assert "chainrule db upgrade" in caplog.text


def test_another_error_in_a_query_is_an_internal_error(
    on_postgres: Settings, make_new_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_new_app(on_postgres)

    def ask() -> str:
        db_session().execute(text("SELECT FROM WHERE"))
        return ""

    app.add_url_rule("/api/ask", "ask", ask)
    assert app.test_client().get("/api/ask").status_code == 500
    assert "db upgrade" not in caplog.text


def test_the_error_page_for_unstorable_text_makes_no_further_query(
    on_postgres: Settings, make_new_app: MakeApp
) -> None:
    app = make_new_app(on_postgres)
    engine = make_engine(on_postgres)
    with make_sessions(engine)() as session:
        ada = make_class(session).ada
    engine.dispose()

    def keep() -> str:
        account = require_account()
        account.name = "a\0b"
        db_session().commit()
        return account.name

    app.add_url_rule("/keep", "keep", keep)
    response = signed_in(app, ada).get("/keep")
    assert response.status_code == 400
    assert "be stored" in response.text


def test_two_conversions_at_once_convert_each_old_report_once(installation: Installation) -> None:
    session, members = installation.session, installation.members
    report = to_json(make_report(make_suite("rules", make_case())))
    for attempt in range(1, CROWD + 1):
        submit_graded(session, members, report, attempt=attempt)
    sessions = sessions_of(session)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: convert_old(sessions), range(4)))
    assert sum(outcome.converted for outcome in outcomes) == CROWD
    assert session.scalars(select(func.count(StoredReport.grading_id))).one() == CROWD
    assert session.scalars(select(func.count(Grading.report))).one() == 0


def test_a_person_who_is_enrolled_twice_at_once_is_enrolled(installation: Installation) -> None:
    session, course = installation.session, installation.members.course
    person = factories.make_account(session)
    session.commit()
    sessions = sessions_of(session)

    def enrol_once(_: int) -> None:
        with sessions() as own:
            here, them = own.get_one(Course, course.id), own.get_one(Account, person.id)
            enrol(own, LocalOperator(), here, them, Role.STUDENT)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(enrol_once, range(AT_ONCE)))
    query = select(func.count()).where(Enrolment.account_id == person.id)
    assert session.scalars(query).one() == 1


def test_two_teachers_who_delete_themselves_at_once_leave_one(
    database_settings: Settings,
) -> None:
    engine = make_engine(database_settings)
    sessions = make_sessions(engine)
    with sessions() as session:
        course = factories.make_course(session)
        ids = []
        for _ in range(2):
            account = factories.make_account(session)
            factories.enrol(session, course, account, Role.TEACHER)
            ids.append(account.id)
        session.commit()
    ready = threading.Barrier(2)

    def delete(account_id: uuid.UUID) -> bool:
        with sessions() as session:
            account = session.get_one(Account, account_id)
            session.commit()
            ready.wait(30)
            try:
                delete_account(session, account, account, database_settings)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(delete, ids)) == [False, True]
    engine.dispose()
