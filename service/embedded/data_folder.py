"""The data directory of the service on one machine: made, held by one process, its books opened."""

from __future__ import annotations

import contextlib
import fcntl
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.embedded.demo import ensure_demo
from service.embedded.spool import MESSAGE
from service.settings import Settings, SettingsError
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.submissions.models import Grading, Status
from service.submissions.queue import Queue


class EmbeddedError(Exception):
    """The embedded service cannot start or go on; the message says why and what to do."""


def prepare(environ: dict[str, str]) -> Settings:
    """Make the data directory, draw the secret on the first start, and read the settings."""
    if not sys.platform.startswith("linux"):
        raise EmbeddedError(
            "The sandbox needs Linux. On this system run the same service with `docker compose up`."
        )
    data_dir = Path(environ.get("CHAINRULE_DATA_DIR", "").strip() or "var").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # sources and marks are nobody else's
    (data_dir / "broker").mkdir(exist_ok=True)
    (data_dir / "log").mkdir(exist_ok=True)
    _draw_secret(data_dir / "secret.key")
    settings = Settings.from_env(environ)
    if not settings.embedded:
        raise SettingsError(
            "`chainrule up` is the embedded service and CHAINRULE_BROKER_URL names a broker: run "
            "`chainrule serve`, `chainrule worker` and `chainrule scheduler` instead."
        )
    return settings


def _draw_secret(key: Path) -> None:
    if key.exists():
        return
    drawn = key.with_suffix(".new")  # appears whole or not at all
    drawn.touch(mode=0o600)
    drawn.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
    drawn.rename(key)


@contextlib.contextmanager
def sole_user(settings: Settings) -> Iterator[None]:
    """Hold the data directory for this process alone."""
    with (settings.data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(
                f"Chainrule is running already on {settings.data_dir}. "
                "Stop it first, or give this one its own CHAINRULE_DATA_DIR."
            ) from None
        yield


def open_books(settings: Settings) -> dict[str, Any]:
    """Bring the schema up to date, take up what was left ungraded, and return the demo accounts."""
    upgrade(settings)
    engine = make_engine(settings)
    try:
        with make_sessions(engine)() as session:
            demo = ensure_demo(session, settings)
            _take_up(session, settings)
    finally:
        engine.dispose()
    return demo


def _take_up(session: Session, settings: Settings) -> None:
    """Queue what was left ungraded, each grading once; commits.

    We alone use this data directory: whoever held a lease is gone, and a message that is left can
    only tell of what is queued here anew. `enqueued_at` keeps the reaper from doing so too. Books
    that are elsewhere may be another's as well: there a lease is left to run out.
    """
    ours = [Status.QUEUED, Status.RUNNING] if settings.books_are_a_file else [Status.QUEUED]
    left = update(Grading).where(Grading.status.in_(ours))
    session.execute(left.values(status=Status.QUEUED, lease_until=None, enqueued_at=now()))
    session.commit()
    for message in (settings.data_dir / "broker").glob(f"*/*{MESSAGE}"):
        message.unlink()
    waiting = select(Grading.id).where(Grading.status == Status.QUEUED)
    queue = Queue(settings)
    for grading_id in session.scalars(waiting.order_by(Grading.queued_at)):
        queue.enqueue(grading_id)
    queue.close()
