"""A sandbox that counts its sessions."""

from __future__ import annotations

from worker.sandbox import Limits, Names, Sandbox, Session


class Counting(Sandbox):
    """Counts the sessions of each order."""

    usual = reversed = 0

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, reverse: bool = False
    ) -> Session:
        self.reversed += reverse
        self.usual += not reverse
        return super().session(source, limits, names=names, reverse=reverse)
