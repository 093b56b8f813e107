"""The service's database with a class in it, for tests of gradings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from service.people.models import Account
from service.settings import Settings
from service.store.database import Sessions, make_sessions, read_clock
from service.submissions import gradings
from service.submissions.jobs import Job
from service.submissions.models import Grading
from tests.service.conftest import Class, make_class
from tests.support import factories


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The service's database, with a class in it."""

    sessions: Sessions
    settings: Settings
    engine: Engine
    members: Class

    @classmethod
    def of(cls, settings: Settings, engine: Engine) -> Database:
        """A new class in the database of an engine."""
        sessions = make_sessions(engine)
        with sessions() as session:
            members = make_class(session)
        return cls(sessions=sessions, settings=settings, engine=engine, members=members)

    @property
    def hasty(self) -> Settings:
        """Settings with leases that are over at once."""
        return replace(self.settings, lease_seconds=1e-6)

    def now(self, seconds: float = 0) -> datetime:
        """The time by the database's clock, and some seconds."""
        with self.sessions() as session:
            return read_clock(session) + timedelta(seconds=seconds)

    def submit(self, student: Account | None = None, *, attempt: int = 1) -> uuid.UUID:
        """A queued grading of a new submission; without a student, of a new student's."""
        with self.sessions.begin() as session:
            made = factories.make_submission(
                session,
                self.members.assignment,
                student or factories.make_account(session),
                attempt=attempt,
            )
            return made.grading.id

    def read(self, grading_id: uuid.UUID) -> Grading:
        """The grading as it is stored now."""
        with self.sessions() as session:
            return session.get_one(Grading, grading_id)

    def change(self, grading_id: uuid.UUID, **values: object) -> None:
        """Store other values in a grading's row."""
        with self.sessions.begin() as session:
            grading = session.get_one(Grading, grading_id)
            for name, value in values.items():
                setattr(grading, name, value)

    def claim(self, settings: Settings | None = None, slot: str = "slot 1") -> Job:
        """Claim the next grading; there must be one."""
        job = gradings.claim_next(self.sessions, settings or self.settings, slot)
        assert job is not None
        return job

    def claims_none(self) -> bool:
        """Whether there is nothing to claim."""
        return gradings.claim_next(self.sessions, self.settings, "slot 1") is None

    def requeue_lost(self, seconds: float = 0) -> list[uuid.UUID]:
        """Look for lost gradings, some seconds from now."""
        return gradings.requeue_lost(self.sessions, self.settings, self.now(seconds))
