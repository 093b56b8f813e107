"""The slots of all workers: how many submissions are graded at the same time.

Each slot is a process, and says regularly that it is there. One that was killed counts for
LIVE_SECONDS, or until another process of its machine notices that it has ended.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.store.database import Sessions, read_clock
from service.submissions.models import SlotSeen

log = logging.getLogger(__name__)

LIVE_SECONDS = 30.0
BEATS = 3  # in LIVE_SECONDS, so that one may fail
KEPT = timedelta(days=1)  # the row of a killed slot of another machine, which may never come back


def name_slot(pid: int) -> str:
    """The name of the slot that is a process of this machine, or of this container."""
    return f"{_here()} {pid}"


def has_ended(name: str) -> bool:
    """Whether a slot was a process that is gone. False for one of another machine."""
    here, _, pid = name.rpartition(" ")
    return here == _here() and not Path(f"/proc/{pid}").exists()


def _here() -> str:
    # Containers may have the name of their machine, but each has a namespace of process ids.
    return f"{socket.gethostname()} {Path('/proc/self/ns/pid').readlink()}"


def count_slots(session: Session, moment: datetime) -> int:
    """How many slots were seen lately. A moment in the future was before the clock was set back."""
    lately = timedelta(seconds=LIVE_SECONDS)
    query = select(func.count()).where(SlotSeen.seen_at.between(moment - lately, moment + lately))
    return session.scalars(query).one()


def forget_ended(session: Session) -> None:
    """Stop counting slots of this machine whose processes are gone, and remove old rows."""
    session.execute(delete(SlotSeen).where(SlotSeen.seen_at < read_clock(session) - KEPT))
    for name in session.scalars(select(SlotSeen.name)).all():
        if has_ended(name):
            session.execute(delete(SlotSeen).where(SlotSeen.name == name))


def note_slot(session: Session, name: str, layers: str | None = None) -> None:
    """Say that a slot is there, and which layers its sandbox has if that is known."""
    slot = session.merge(SlotSeen(name=name, seen_at=read_clock(session)))
    if layers is not None:
        slot.layers = layers


class Heartbeat:
    """Says that a slot is there, in a thread, also while the slot grades or has nothing to do."""

    def __init__(self, sessions: Sessions, name: str, layers: Iterable[str] = ()) -> None:
        self._sessions = sessions
        self._name = name
        self._layers = " ".join(layers)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Start the thread. The slot counts from its first beat, or from `note_slot`."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread. The slot doesn't count any more."""
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(SQLAlchemyError), self._sessions.begin() as session:
            session.execute(delete(SlotSeen).where(SlotSeen.name == self._name))

    def _run(self) -> None:
        while not self._ended.wait(LIVE_SECONDS / BEATS):
            try:
                with self._sessions.begin() as session:
                    note_slot(session, self._name, self._layers)
            except SQLAlchemyError as error:
                reason = str(error).partition("\n")[0]
                log.warning("slot %s can't say that it is there: %s", self._name, reason)
