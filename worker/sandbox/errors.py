"""What goes wrong on our side. A student's failure is never one of these."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox itself failed: a sentence that says what, and what to do about it."""


class LayerNotHeldError(SandboxError):
    """A required layer is not there. `held` are those that are; `missing` surely are not."""

    def __init__(self, message: str, held: dict[str, str], missing: frozenset[str]) -> None:
        super().__init__(message)
        self.held, self.missing = held, missing
