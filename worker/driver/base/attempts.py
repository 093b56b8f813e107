"""Calls of a student's code that may fail or print, made to find out what it can do."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from worker.driver.base.errors import MissingModuleError, OvertimeError

FAILED = object()
Result = TypeVar("Result")


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the call gives; FAILED where it raises.

    Raises MissingModuleError where a number of a module that is not here was wanted, and what
    ends the search: OvertimeError and MemoryError.
    """
    try:
        return function(*arguments)
    except (MissingModuleError, OvertimeError, MemoryError):
        raise
    except BaseException:
        return FAILED


class _Sink(io.TextIOBase):
    """A stream that keeps nothing, and can be asked whatever a stream is asked."""

    def write(self, text: str) -> int:
        return len(text)


def call_silently(function: Callable[..., Result], *arguments: Any) -> Result:
    """What the call gives; what it prints is not shown, since the student did not ask for it."""
    before = {name: getattr(sys, name, None) for name in ("stdout", "stderr")}
    for name in before:
        setattr(sys, name, _Sink())
    try:
        return function(*arguments)
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)
