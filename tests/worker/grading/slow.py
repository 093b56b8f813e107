"""A sandbox on which loading a file seems to take longer, as on a slow or busy machine."""

from __future__ import annotations

from worker.report.model import Problem
from worker.sandbox import Failure, Limits, Loaded, Names, Sandbox, Session


class SlowSession(Session):
    """A real session whose measured time has that of loading several times."""

    times = 1.0
    _more = 0.0

    @property
    def cpu_seconds(self) -> float:
        """What was measured, and what a slow machine would have needed in addition."""
        return super().cpu_seconds + self._more

    def load(self) -> Loaded | Problem | Failure:
        """Loads the file, and seems to take longer for it."""
        outcome = super().load()
        self._more = (self.times - 1) * super().cpu_seconds
        return outcome


class Slow(Sandbox):
    """Loading takes so many `times` as long as it does."""

    times = 3.0

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, reverse: bool = False
    ) -> Session:
        session = super().session(source, limits, names=names, reverse=reverse)
        session.__class__ = SlowSession
        assert isinstance(session, SlowSession)
        session.times = self.times
        return session
