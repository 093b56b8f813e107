"""Operators see how the installation does, and run again what failed on our side."""

from __future__ import annotations

from dataclasses import fields

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import make_sessions
from service.submissions.models import Grading, SlotSeen, Status, Submission
from service.submissions.slots import note_slot
from service.upkeep.status import SETTINGS, read_status, run_again
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries

SECRET = {"secret_key", "old_secret_keys", "database_url", "broker_url"}
SOURCE = "class Value: 'the secret of a student'\n"


@pytest.fixture
def operator(session: Session, members: Class) -> Class:
    """A class whose stranger is an operator."""
    members.stranger.operator = True
    session.commit()
    return members


@pytest.fixture
def failed(session: Session, operator: Class) -> Submission:
    """A submission by Ada that we failed to grade."""
    made = factories.make_submission(session, operator.assignment, operator.ada, source=SOURCE)
    factories.give_up(made.grading)
    session.commit()
    return made


def test_the_page_shows_the_state_and_no_person_and_no_source(
    app: Flask, session: Session, operator: Class, failed: Submission
) -> None:
    factories.make_submission(session, operator.assignment, operator.blaise, source=SOURCE)
    note_slot(session, "machine 1", "seccomp rlimits")
    session.commit()
    page = signed_in(app, operator.stranger).get("/operator").text
    for text in ("machine 1", "seccomp, rlimits", "the worker vanished", str(failed.id)):
        assert text in page
    for text in ("Ada", "ada@example.edu", "Blaise", "the secret of a student", "k" * 40):
        assert text not in page


def test_the_disk_is_measured_when_asked(app: Flask, operator: Class) -> None:
    browser = signed_in(app, operator.stranger)
    assert "of it reports" not in browser.get("/operator").text
    assert "of it reports" in browser.get("/operator?disk=1").text


def test_settings_with_secrets_are_never_shown() -> None:
    assert {each.name for each in fields(Settings)} >= set(SETTINGS)
    assert not SECRET & set(SETTINGS)


def test_one_failure_is_run_again_and_then_all(
    app: Flask, session: Session, operator: Class, failed: Submission
) -> None:
    other = factories.make_submission(session, operator.assignment, operator.blaise)
    factories.give_up(other.grading)
    session.commit()
    browser = signed_in(app, operator.stranger)
    for address, left in (
        (f"/operator/failures/{failed.id}/run-again", 1),
        ("/operator/failures/run-again", 0),
    ):
        assert browser.post(address).status_code == 303
        session.expire_all()
        assert read_status(session, operator.stranger, app_settings(app)).failed == left
        session.commit()
    assert browser.post("/operator/failures/run-again").status_code == 409
    queued = session.scalars(select(Grading).where(Grading.status == Status.QUEUED)).all()
    assert {each.submission_id for each in queued} == {failed.id, other.id}


def app_settings(app: Flask) -> Settings:
    found: Settings = app.extensions["chainrule"].settings
    return found


def test_a_failure_that_was_graded_again_since_is_no_failure_any_more(
    app: Flask, session: Session, operator: Class, failed: Submission
) -> None:
    report = make_report(make_suite("rules", make_case()))
    factories.preview(session, failed, report)  # a preview makes up for nothing
    session.commit()
    settings = app_settings(app)
    assert read_status(session, operator.stranger, settings).failed == 1
    run_again(session, operator.stranger, lambda _: None)
    factories.finish(failed.grading, report)
    session.commit()
    assert read_status(session, operator.stranger, settings).failed == 0


@pytest.mark.usefixtures("failed")
def test_the_api_answers_the_same(client: FlaskClient, operator: Class) -> None:
    answer = client.get("/api/v1/operator/status", headers=operator.bearer(operator.stranger))
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["failed"] == 1
    assert answer.json["failures"][0]["fault"] == "the worker vanished while grading"
    assert answer.json["settings"]["max_tries"] == "3"
    assert "ada@" not in answer.text


def test_only_operators_see_it(app: Flask, client: FlaskClient, members: Class) -> None:
    for account in (members.teacher, members.ada):
        assert signed_in(app, account).get("/operator").status_code == 403
        assert signed_in(app, account).post("/operator/failures/run-again").status_code == 403
        answer = client.get("/api/v1/operator/status", headers=members.bearer(account))
        assert answer.status_code == 403


def test_the_state_is_read_in_the_same_number_of_queries_for_any_number_of_failures(
    engine: Engine, session: Session, operator: Class, failed: Submission, app: Flask
) -> None:
    def count() -> int:
        session.commit()
        with make_sessions(engine)() as other, queries(engine) as seen:
            assert read_status(other, operator.stranger, app_settings(app)).failed
        return len(seen)

    few = count()
    for attempt in range(2, 6):
        made = factories.make_submission(
            session, failed.assignment, failed.student, attempt=attempt
        )
        factories.give_up(made.grading)
    assert count() == few


def test_a_slot_keeps_its_layers_when_it_is_only_seen_again(session: Session) -> None:
    note_slot(session, "machine 2", "seccomp landlock")
    session.commit()
    note_slot(session, "machine 2")
    session.commit()
    session.expire_all()
    assert session.get_one(SlotSeen, "machine 2").layers == "seccomp landlock"
