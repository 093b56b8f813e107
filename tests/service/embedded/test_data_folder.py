"""The data folder of the service on one machine, and unfinished gradings at a start."""

from __future__ import annotations

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.embedded.data_folder import open_database, prepare
from service.embedded.spool import MESSAGE
from service.settings import Settings
from service.store.base import now
from service.store.database import make_sessions
from service.submissions.gradings import requeue_lost
from service.submissions.models import Status
from service.submissions.queue import Queue
from tests.service.conftest import Class
from tests.support import factories


def test_a_start_queues_each_unfinished_grading_once_and_in_order(
    session: Session, settings: Settings, members: Class
) -> None:
    earlier = [
        factories.make_submission(session, members.assignment, members.ada, attempt=number).grading
        for number in range(1, 5)
    ]
    earlier[0].status, earlier[0].lease_until = Status.RUNNING, now()
    session.commit()
    queue = Queue(settings)
    for _ in range(2):
        queue.enqueue(earlier[1].id)
        queue.enqueue(earlier[2].id)
    queue.close()

    open_database(settings)

    assert messages(settings) == [[str(grading.id)] for grading in earlier]


def test_the_reaper_leaves_gradings_alone_that_a_start_has_queued(
    session: Session, engine: Engine, settings: Settings, members: Class
) -> None:
    long_ago = now() - timedelta(days=1)
    grading = factories.make_submission(
        session, members.assignment, members.ada, submitted_at=long_ago
    ).grading
    session.commit()

    open_database(settings)

    assert requeue_lost(make_sessions(engine), settings, now()) == []
    session.refresh(grading)
    assert grading.status is Status.QUEUED


@pytest.mark.parametrize(
    "named", [{}, {"CHAINRULE_BROKER_URL": "spool://"}, {"CHAINRULE_BROKER_URL": " "}]
)
def test_a_first_start_generates_a_secret_and_uses_it(
    tmp_path: Path, named: dict[str, str]
) -> None:
    data_dir = tmp_path / "var"
    settings = prepare({"CHAINRULE_DATA_DIR": str(data_dir), **named})
    assert settings.secret_key == (data_dir / "secret.key").read_text().strip()
    assert prepare({"CHAINRULE_DATA_DIR": str(data_dir), **named}) == settings


def messages(settings: Settings) -> list[list[str]]:
    """The arguments of the spool's messages in their order."""
    files = sorted((settings.data_dir / "broker").glob(f"*/*{MESSAGE}"))
    headers = [json.loads(file.read_text())["headers"] for file in files]
    return [ast.literal_eval(each["argsrepr"]) for each in headers]
