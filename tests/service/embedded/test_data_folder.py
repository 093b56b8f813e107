"""The data folder of the service on one machine, and unfinished gradings at a start."""

from __future__ import annotations

import ast
import json
import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.embedded.data_folder import open_database, prepare
from service.embedded.private_folder import close_if_open
from service.embedded.spool import MESSAGE, PART
from service.settings import Settings, SettingsError
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
    broker = settings.data_dir / "broker"
    (broker / "celery" / f"1{PART}").touch()  # a process was killed while it wrote a message

    open_database(settings)

    assert messages(settings) == [[str(grading.id)] for grading in earlier]
    assert not list(broker.rglob(f"*{PART}"))


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


def modes(folder: Path) -> dict[str, str]:
    """The permissions of a folder and of everything in it."""
    found = {".": folder} | {str(path.relative_to(folder)): path for path in folder.rglob("*")}
    return {name: f"{path.lstat().st_mode & 0o777:o}" for name, path in found.items()}


def test_a_data_folder_that_others_could_enter_is_closed_and_reported(tmp_path: Path) -> None:
    data_dir, elsewhere, reports = tmp_path / "var", tmp_path / "other.txt", list[str]()
    settings = prepare({"CHAINRULE_DATA_DIR": str(data_dir)})
    queue = Queue(settings)
    queue.enqueue(uuid.uuid4())
    queue.close()
    for name in ("chainrule.db", "demo.json", "log/worker.log"):
        (data_dir / name).touch()
    elsewhere.touch()
    elsewhere.chmod(0o644)
    (data_dir / "link").symlink_to(elsewhere)
    for path in (data_dir, *data_dir.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o777 if path.is_dir() else 0o664)

    prepare({"CHAINRULE_DATA_DIR": str(data_dir)}, report=reports.append)

    found = modes(data_dir)
    assert found.pop("link") == "777"  # a link's own mode means nothing
    assert len(found) >= 9
    assert set(found.values()) == {"700", "600"}
    assert modes(tmp_path)["other.txt"] == "644"
    (message,) = reports
    assert str(data_dir) in message
    assert f"folders: {len(found)})" in message
    prepare({"CHAINRULE_DATA_DIR": str(data_dir)}, report=reports.append)
    assert reports == [message]


def test_a_folder_behind_a_link_is_closed(tmp_path: Path) -> None:
    data_dir, link = tmp_path / "disk", tmp_path / "var"
    data_dir.mkdir()
    data_dir.chmod(0o755)
    link.symlink_to(data_dir)
    prepare({"CHAINRULE_DATA_DIR": str(link)}, report=lambda _: None)
    assert modes(data_dir)["."] == "700"


def test_an_empty_folder_that_others_may_enter_becomes_the_data_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    prepare({"CHAINRULE_DATA_DIR": str(tmp_path)}, report=lambda _: None)
    assert modes(tmp_path)["."] == "700"


def test_an_open_folder_with_other_files_is_rejected_and_unchanged(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.tex").touch(mode=0o644)
    before = modes(tmp_path)
    with pytest.raises(SettingsError, match="for Chainrule alone"):
        prepare({"CHAINRULE_DATA_DIR": str(tmp_path)})
    assert modes(tmp_path) == before
    tmp_path.chmod(0o700)
    prepare({"CHAINRULE_DATA_DIR": str(tmp_path)}, report=lambda _: None)


def test_a_folder_of_another_account_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(SettingsError, match="belongs to another account"):
        prepare({"CHAINRULE_DATA_DIR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


def test_root_closes_the_folder_of_the_account_that_runs_the_service(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.data_dir.chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: settings.data_dir.stat().st_uid + 1)
    with pytest.raises(SettingsError, match="belongs to another account"):
        close_if_open(settings)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert close_if_open(settings) > 0
    assert modes(settings.data_dir)["."] == "700"


def test_an_unused_data_folder_is_left_alone(settings: Settings) -> None:
    elsewhere = replace(settings, broker_url="redis://h", database_url="postgresql+psycopg://h/n")
    settings.data_dir.chmod(0o755)
    assert close_if_open(elsewhere) == 0
    assert modes(settings.data_dir)["."] == "755"


def messages(settings: Settings) -> list[list[str]]:
    """The arguments of the spool's messages in their order."""
    files = sorted((settings.data_dir / "broker").glob(f"*/*{MESSAGE}"))
    headers = [json.loads(file.read_text())["headers"] for file in files]
    return [ast.literal_eval(each["argsrepr"]) for each in headers]
