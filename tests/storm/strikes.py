"""What a storm does to an installation, drawn from a seed: which process is killed, and when."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from sqlalchemy import Engine
from sqlalchemy import select as query
from sqlalchemy.exc import SQLAlchemyError

from service.errors import Unavailable
from service.submissions.models import Grading, Submission
from service.submissions.queue import Queue
from tests.storm.family import Process
from tests.storm.installations import Embedded, Installation, Production
from tests.storm.traffic import Traffic

ANY, CLAIMED, COMMITTED = "any", "between claim and record", "between commit and 202"
TRIES_SECONDS = 30.0  # to hit a moment
BAITS = 30  # files sent for that
RETURN_SECONDS = 120.0  # that a component may need to be back before it is killed again
DOUBLED = 5  # messages at each strike


@dataclass(frozen=True, slots=True)
class Strike:
    """Kill a process of a kind at a moment, once this share of the files was accepted."""

    share: float
    kind: str
    moment: str = ANY
    wipe: bool = False  # lose the messages of the embedded broker too


def plan(rng: random.Random, kinds: tuple[str, ...], number: int) -> list[Strike]:
    """So many strikes, every kind equally often, in random order and at random times."""
    names = [kinds[position % len(kinds)] for position in range(number)]
    rng.shuffle(names)
    shares = sorted(rng.uniform(0.02, 0.98) for _ in names)
    seen: Counter[str] = Counter()
    strikes = []
    for share, kind in zip(shares, names, strict=True):
        special = {"slot": CLAIMED, "web": COMMITTED}.get(kind, ANY)
        moment = special if seen[kind] % 2 == 0 else ANY
        seen[kind] += 1
        strikes.append(Strike(share, kind, moment, wipe=rng.random() < 0.2))
    return strikes


class Striker:
    """Carries out strikes, and counts those that hit their moment."""

    def __init__(
        self, installation: Installation, traffic: Traffic, engine: Engine, rng: random.Random
    ) -> None:
        self._installation, self._traffic = installation, traffic
        # On SQLite, other connections would take the single writer's turn.
        self._engine, self._rng = engine.execution_options(read_only=True), rng
        self._queue = Queue(installation.settings)
        self.kills: Counter[str] = Counter()
        self.moments: Counter[str] = Counter()
        self.doubled = 0

    def carry_out(self, strike: Strike) -> None:
        """Kill what the strike names. A special moment that doesn't come becomes any moment."""
        hit = False
        if strike.moment == CLAIMED:
            hit = self._kill_after_claim()
        elif strike.moment == COMMITTED:
            hit = self._kill_after_commit()
        if not hit:
            hit = self._kill_any(strike.kind)
        elif strike.moment != ANY:
            self.moments[strike.moment] += 1
        self.kills[strike.kind] += hit
        if strike.wipe and isinstance(self._installation, Embedded):
            self._installation.wipe_messages()
        self._double()

    def close(self) -> None:
        """Close the connection to the broker."""
        self._queue.close()

    def _kill_any(self, kind: str) -> bool:
        deadline = time.monotonic() + RETURN_SECONDS
        while time.monotonic() < deadline:
            victims, is_up = self._installation.find(kind), self._installation.is_up(kind)
            if victims and is_up:
                self._installation.kill(kind, self._rng.choice(victims))
                return True
            if kind == "zygote" and is_up:  # an idle slot starts one for its next grading
                self._traffic.send(self._traffic.new())
                time.sleep(1.0)
            time.sleep(0.05)  # the one before is not back yet
        return False

    def _kill_after_claim(self) -> bool:
        """Kill a slot that has a session, so that it has claimed and not recorded."""
        deadline = time.monotonic() + TRIES_SECONDS
        while time.monotonic() < deadline:
            for slot in self._installation.find("slot"):
                with _stopped([slot]):
                    family = self._installation.family_of(slot)
                    # Each zygote keeps one child ready; another one is a session.
                    zygotes = sum(p.is_zygote and p.parent == slot.pid for p in family)
                    if sum(p.is_zygote for p in family) > 2 * zygotes:
                        self._installation.kill("slot", slot)
                        return True
            time.sleep(0.01)
        return False

    def _kill_after_commit(self) -> bool:
        """Kill the web process when a submission is in the database but not answered yet."""
        deadline = time.monotonic() + TRIES_SECONDS
        baits = 0
        while time.monotonic() < deadline and baits < BAITS:
            webs = self._installation.find("web")
            if not webs or not self._installation.is_up("web"):
                time.sleep(0.1)
                continue
            family = self._installation.family_of(webs[0])
            sent, baits = self._traffic.new(), baits + 1
            with self._slow_broker(), contextlib.closing(self._traffic.connect()) as connection:
                try:
                    self._traffic.request(connection, sent)
                    while not (self._is_stored(sent.key) or _is_readable(connection)):
                        pass
                    with _stopped(family):
                        if not _is_readable(connection, 0.05):
                            for process in family:
                                self._installation.kill("web", process)
                            break
                    self._traffic.read_answer(connection, sent)
                except (OSError, HTTPException, ValueError):
                    pass
            self._traffic.send(sent)  # does nothing if it was accepted
        else:
            return False
        self._traffic.send(sent)
        return True

    @contextlib.contextmanager
    def _slow_broker(self) -> Iterator[None]:
        """Stop Redis meanwhile, so that the web process waits for it after the commit."""
        stopped = []
        if isinstance(self._installation, Production):
            stopped = self._installation.find("redis")
        with _stopped(stopped):
            yield

    def _is_stored(self, key: str) -> bool:
        statement = query(Submission.id).where(Submission.idempotency_key == key)
        try:
            with self._engine.connect() as connection:
                return connection.scalar(statement) is not None
        except SQLAlchemyError:
            return False

    def _double(self) -> None:
        """Send messages for gradings that have theirs already."""
        ids = [sent.submission_id for sent in self._traffic.sent if sent.submission_id]
        chosen = [uuid.UUID(text) for text in self._rng.sample(ids, min(DOUBLED, len(ids)))]
        statement = query(Grading.id).where(Grading.submission_id.in_(chosen))
        with (
            contextlib.suppress(SQLAlchemyError, Unavailable),
            self._engine.connect() as connection,
        ):
            for grading_id in connection.scalars(statement):
                self._queue.enqueue(grading_id)
                self.doubled += 1


def _is_readable(connection: HTTPConnection, seconds: float = 0.0) -> bool:
    """Whether some of the answer has arrived."""
    return bool(select.select([connection.sock], [], [], seconds)[0])


@contextlib.contextmanager
def _stopped(processes: list[Process]) -> Iterator[None]:
    """Stop processes with SIGSTOP, and let those that still live go on after the block."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)
