"""The data folder of the embedded service: create it, lock it, and open its database."""

from __future__ import annotations

import contextlib
import fcntl
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from service.embedded.demo import ensure_demo
from service.embedded.private_folder import make_private, warn_of
from service.embedded.spool import MESSAGE, PART
from service.operations.keys import ensure_key
from service.operations.upgrade import upgrade
from service.settings import Settings, SettingsError
from service.store.database import make_engine, make_sessions
from service.submissions.gradings import requeue_unfinished
from service.submissions.queue import Queue

log = logging.getLogger(__name__)


class EmbeddedError(Exception):
    """The embedded service can't start or go on; the message says why and what to do."""


def prepare(
    environ: dict[str, str],
    keys: Sequence[str] = (),
    *,
    report: Callable[[str], object] = log.warning,
) -> Settings:
    """Create the data folder, and read the settings.

    A new folder gets these secret keys, those of a backup, or a generated one. An existing one is
    closed to others; if it was open, that is reported.
    """
    if not sys.platform.startswith("linux"):
        raise EmbeddedError(
            "The sandbox needs Linux. On this system, run the service with `docker compose up`."
        )
    data_dir = Path(environ.get("CHAINRULE_DATA_DIR", "").strip() or "var").absolute()
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if opened := make_private(data_dir):
        report(warn_of(data_dir, opened))
    (data_dir / "broker").mkdir(exist_ok=True)
    (data_dir / "log").mkdir(exist_ok=True)
    ensure_key(data_dir, keys)
    settings = Settings.from_env(environ)
    if not settings.embedded:
        raise SettingsError(
            "`chainrule up` is the embedded service, but CHAINRULE_BROKER_URL names a broker. Run "
            "`chainrule serve`, `chainrule worker` and `chainrule scheduler` instead."
        )
    return settings


@contextlib.contextmanager
def sole_user(settings: Settings) -> Iterator[None]:
    """Lock the data folder for this process; raises EmbeddedError if another has it."""
    with (settings.data_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedError(
                f"Chainrule is already running with the data folder {settings.data_dir}. "
                "Stop it first, or set another CHAINRULE_DATA_DIR."
            ) from None
        yield


def open_database(settings: Settings) -> dict[str, Any]:
    """Upgrade the schema, queue unfinished gradings, and return the demo's accounts."""
    upgrade(settings)
    engine = make_engine(settings)
    sessions = make_sessions(engine)
    try:
        with sessions() as session:
            demo = ensure_demo(session, settings)
        waiting = requeue_unfinished(sessions, alone=settings.uses_sqlite)
    finally:
        engine.dispose()
    # Messages of an earlier run name gradings that are queued again here. A part of one is left by
    # a process that was killed while it wrote.
    for ending in (MESSAGE, PART):
        for message in (settings.data_dir / "broker").glob(f"*/*{ending}"):
            message.unlink()
    queue = Queue(settings)
    for grading_id in waiting:
        queue.enqueue(grading_id)
    queue.close()
    return demo
