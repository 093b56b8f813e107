"""Exceptions that the driver raises itself, apart from those of the student's code."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """The student's code lacks a part or returned something unusable. Holds the test's verdict."""

    def __init__(self, verdict: str, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


class AbsentError(AttributeError):
    """A node has no such number. Only our own reading code raises it."""


class MissingModuleError(ModuleNotFoundError):
    """The code needs a number from a module that isn't installed here."""


class MissingFileError(MissingModuleError):
    """The code needs something from another file of the student, which wasn't handed in.

    `placeholder` is what was used in its place.
    """

    placeholder: Any = None


MissingModuleError.__name__ = "ModuleNotFoundError"  # the name that students know
MissingFileError.__name__ = MissingModuleError.__name__


class OvertimeError(BaseException):
    """The code used up its budget of work. A student's `except Exception` can't catch it."""
