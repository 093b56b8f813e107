import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.marks.deletion import delete_course
from service.settings import Settings
from service.store.base import now
from service.store.database import make_sessions
from service.upkeep import heartbeats
from service.upkeep.models import Heartbeat
from service.web.ops import metrics
from tests.service.conftest import Class, MakeApp, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite


def test_alive_needs_no_database(make_app: MakeApp, settings: Settings) -> None:
    away = make_app(replace(settings, database_url="sqlite:////nowhere/at/all.db"))
    assert away.test_client().get("/healthz").json == {"status": "alive"}


def test_ready_is_200_when_database_and_broker_answer(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json == {
        "status": "ready",
        "database": "up",
        "broker": "up",
        "queue": "moving",
        "scheduler": "late",
    }


def test_not_ready_is_503_and_names_what_is_down(make_app: MakeApp, settings: Settings) -> None:
    away = replace(settings, database_url="sqlite:////nowhere/at/all.db")
    response = make_app(away).test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json == {
        "status": "not ready",
        "database": "down",
        "broker": "up",
        "queue": "unknown",
        "scheduler": "unknown",
    }
    away = replace(settings, broker_url="redis://127.0.0.1:1/0")
    response = make_app(away).test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["broker"] == "down"
    assert response.json["database"] == "up"


@pytest.mark.parametrize(
    ("waited", "since_last_start", "state"),
    [(59, None, "moving"), (61, None, "stalled"), (61, 61, "stalled"), (3600, 59, "moving")],
)
def test_the_queue_is_stalled_when_the_oldest_waits_and_nothing_was_started(
    client: FlaskClient,
    members: Class,
    session: Session,
    waited: int,
    since_last_start: int | None,
    state: str,
) -> None:
    moment = now()
    waiting = factories.make_submission(session, members.assignment, members.ada)
    waiting.grading.queued_at = moment - timedelta(seconds=waited)
    if since_last_start is not None:
        report = make_report(make_suite("rules", make_case()))
        graded = factories.make_graded(session, members.assignment, members.blaise, report)
        graded.grading.started_at = moment - timedelta(seconds=since_last_start)
    session.commit()

    response = client.get("/readyz")

    assert response.json is not None
    assert response.json["queue"] == state
    assert response.status_code == (503 if state == "stalled" else 200)
    metric = f"chainrule_queue_stalled {float(state == 'stalled')}"
    assert metric in client.get("/metrics").text.splitlines()
    assert client.get("/healthz").status_code == 200


def test_a_slow_reaper_is_given_three_of_its_rounds(
    make_app: MakeApp, settings: Settings, members: Class, session: Session
) -> None:
    waiting = factories.make_submission(session, members.assignment, members.ada)
    waiting.grading.queued_at = now() - timedelta(seconds=299)
    session.commit()
    web = make_app(replace(settings, reap_seconds=100)).test_client()
    assert web.get("/readyz").status_code == 200
    waiting.grading.queued_at = now() - timedelta(seconds=301)
    session.commit()
    assert web.get("/readyz").status_code == 503


def test_the_scheduler_is_running_after_its_heartbeat_and_late_a_minute_later(
    client: FlaskClient, session: Session, engine: Engine
) -> None:
    def state() -> str:
        answer = client.get("/readyz").json
        assert answer is not None
        return str(answer["scheduler"])

    heartbeats.beat(make_sessions(engine))
    assert state() == "running"
    session.get_one(Heartbeat, "scheduler").beat_at -= timedelta(seconds=61)
    session.commit()
    assert state() == "late"
    heartbeats.beat(make_sessions(engine))
    assert state() == "running"


def test_a_database_that_was_not_upgraded_is_not_ready(
    make_app: MakeApp, settings: Settings
) -> None:
    empty = replace(settings, database_url=f"sqlite:///{settings.data_dir / 'empty.db'}")
    assert make_app(empty).test_client().get("/readyz").status_code == 503


def test_metrics_count_gradings_and_show_the_disk(
    client: FlaskClient, members: Class, session: Session
) -> None:
    report = make_report(make_suite("rules", make_case()))
    factories.make_graded(session, members.assignment, members.blaise, report)
    session.commit()
    submit_source(client, members)
    lines = client.get("/metrics").text.splitlines()
    assert "chainrule_database_up 1.0" in lines
    assert 'chainrule_gradings{status="queued"} 1.0' in lines
    assert 'chainrule_gradings{status="done"} 1.0' in lines
    assert 'chainrule_gradings{status="errored"} 0.0' in lines
    for what in ("free", "size"):
        assert any(
            line.startswith(f'chainrule_disk_{what}_bytes{{folder="data"}}') for line in lines
        )


def test_metrics_show_the_queue_by_course_and_never_too_many_courses(
    client: FlaskClient, members: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "chainrule_queue_length{" not in client.get("/metrics").text
    submit_source(client, members)
    submit_source(client, members, by=members.blaise)
    lines = client.get("/metrics").text.splitlines()
    assert f'chainrule_queue_length{{course="{members.course.slug}"}} 2.0' in lines
    age = f'chainrule_queue_oldest_seconds{{course="{members.course.slug}"}} '
    assert any(line.startswith(age) for line in lines)

    monkeypatch.setattr(metrics, "MOST_COURSES", 0)
    assert 'chainrule_queue_length{course="other"} 2.0' in client.get("/metrics").text


def test_metrics_say_when_the_database_is_down(make_app: MakeApp, settings: Settings) -> None:
    away = make_app(replace(settings, database_url="sqlite:////nowhere/at/all.db"))
    text = away.test_client().get("/metrics").text
    assert "chainrule_database_up 0.0" in text
    assert "chainrule_gradings{" not in text


def test_a_deleted_course_takes_nothing_from_the_count_of_submissions(
    client: FlaskClient, members: Class, session: Session, settings: Settings
) -> None:
    def count() -> float:
        found = re.search(r"^chainrule_submissions_total (.*)$", client.get("/metrics").text, re.M)
        assert found is not None
        return float(found[1])

    before = count()
    submit_source(client, members)
    for_blaise = "/api/v1/courses/demo/assignments/autograd/students/blaise@example.edu/submissions"
    file = {"filename": "value.py", "source": factories.SOURCE}
    client.post(for_blaise, json=file, headers=members.bearer(members.teacher))
    assert count() == before + 2
    delete_course(session, members.teacher, members.course, settings)
    assert count() == before + 2
