"""Errors on our side. A failure of a student's code is never one of these."""

from __future__ import annotations


class SandboxError(Exception):
    """The sandbox itself failed. The message says what failed and what to do."""


class LayerNotHeldError(SandboxError):
    """A required layer is missing.

    `held` maps the layers that are in force to a detail of each. `missing` are known to be missing;
    whether the others are in force is unknown.
    """

    def __init__(self, message: str, held: dict[str, str], missing: frozenset[str]) -> None:
        super().__init__(message)
        self.held, self.missing = held, missing
