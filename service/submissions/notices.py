"""Says that a result was stored, from the process that stored it to all that have waiting requests.

PostgreSQL carries a notice in the transaction itself. With SQLite all processes are on one machine:
each listener has a datagram socket next to the database, and a notice follows the commit.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, object_session

from service.store.database import Sessions
from service.submissions.models import Grading, Status
from service.submissions.waiting import Waits

log = logging.getLogger(__name__)

CHANNEL = "chainrule_results"
SOCKETS = ".results"  # suffix of the sockets next to a SQLite database
TICK = 0.5  # seconds until a listener looks whether it should stop
SLOW = 5.0  # seconds between two looks at the database, since a notice can get lost
DEAF = 1.0  # seconds between two looks, and two tries to listen, while nothing can be heard
FULL = 0.2  # seconds that a notice waits for a listener that is behind

Receive = Callable[[], list[uuid.UUID]]  # the notices of a TICK, as ids of submissions


def announce(grading: Grading) -> None:
    """Tell all listeners that a grading has ended, once its transaction is committed."""
    session, submission_id = object_session(grading), grading.submission_id
    assert session is not None, "only a grading of a session can end"
    engine = session.get_bind().engine
    if engine.dialect.name == "postgresql":
        session.execute(select(func.pg_notify(CHANNEL, str(submission_id))))
        return

    def send(_: Session) -> None:
        _send(_folder(engine), submission_id)

    event.listen(session, "after_commit", send, once=True)


class Listener:
    """Wakes the waiting requests of a process. One thread, however many wait."""

    def __init__(self, engine: Engine, readers: Sessions, waits: Waits) -> None:
        self._engine = engine
        self._readers = readers
        self._waits = waits
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="results", daemon=True)
        self.listening = threading.Event()  # set while notices are heard

    def start(self) -> None:
        """Start to listen. A database that is down is tried again until it answers."""
        self._thread.start()

    def stop(self) -> None:
        """Stop listening. Requests that still wait are not woken any more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        is_sqlite = self._engine.dialect.name == "sqlite"
        listening = _on_socket if is_sqlite else _on_postgres
        of_driver = self._engine.dialect.loaded_dbapi.Error
        while not self._stopping.is_set():
            try:
                with listening(self._engine) as receive:
                    self._listen(receive)
            except (SQLAlchemyError, of_driver, OSError, ValueError) as error:
                log.warning("cannot listen for results, looking every %g s: %s", DEAF, error)
            except Exception:  # a fault of ours: requests must not wait until their time is over
                log.exception("the listener for results failed, looking every %g s", DEAF)
            finally:
                self.listening.clear()
            self._stopping.wait(DEAF)
            with contextlib.suppress(SQLAlchemyError):  # said already
                self._look()

    def _listen(self, receive: Receive) -> None:
        """Wake by notices until `stop`. Look at the database now and then: one may get lost."""
        self._look()  # for results stored before
        looked = time.monotonic()
        self.listening.set()
        while not self._stopping.is_set():
            for submission_id in receive():
                self._waits.wake(submission_id)
            if time.monotonic() - looked > SLOW:
                self._look()
                looked = time.monotonic()

    def _look(self) -> None:
        """Wake by the database: one query for all that wait, none if nobody does."""
        waited_for = self._waits.submissions
        if not waited_for:
            return
        unfinished = select(Grading.submission_id).where(
            Grading.submission_id.in_(waited_for),
            Grading.status.in_([Status.QUEUED, Status.RUNNING]),
            ~Grading.preview,
        )
        with self._readers() as session:
            waited_for -= set(session.scalars(unfinished))
        for submission_id in waited_for:
            self._waits.wake(submission_id)


@contextlib.contextmanager
def _on_postgres(engine: Engine) -> Iterator[Receive]:
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    pooled.detach()  # it is never given to anybody else
    with contextlib.closing(pooled):
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        yield lambda: [
            uuid.UUID(notice.payload) for notice in connection.notifies(timeout=TICK, stop_after=1)
        ]


@contextlib.contextmanager
def _on_socket(engine: Engine) -> Iterator[Receive]:
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound,
        _short_path(_folder(engine)) as folder,
    ):
        own = folder / f"{os.getpid()}-{secrets.token_hex(4)}{SOCKETS}"  # no name is used twice
        bound.bind(str(own))
        bound.settimeout(TICK)

        def receive() -> list[uuid.UUID]:
            with contextlib.suppress(TimeoutError):
                return [uuid.UUID(bytes=bound.recv(16))]
            return []

        try:
            yield receive
        finally:
            own.unlink(missing_ok=True)


def _send(database_folder: Path, submission_id: uuid.UUID) -> None:
    """Send to every listener. One that is behind or has gone is left out: it looks by itself."""
    try:
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
            _short_path(database_folder) as folder,
        ):
            sender.settimeout(FULL)
            for listener in folder.glob(f"*{SOCKETS}"):
                try:
                    sender.sendto(submission_id.bytes, str(listener))
                except (ConnectionRefusedError, FileNotFoundError):  # its process was killed
                    listener.unlink(missing_ok=True)
                except TimeoutError:
                    log.info("listener %s is behind", listener.name)
    except OSError as error:  # the result is stored, whatever happens to its notice
        log.warning("cannot announce a result: %s", error)


def _folder(engine: Engine) -> Path:
    return Path(str(engine.url.database)).absolute().parent


@contextlib.contextmanager
def _short_path(folder: Path) -> Iterator[Path]:
    """Another path of a folder, since a socket's path has at most 107 bytes."""
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
