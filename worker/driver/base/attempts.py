"""Calls a student's code to find out what it can do. It may fail, or print."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from worker.driver.base.errors import OvertimeError

FAILED = object()
Result = TypeVar("Result")


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of the call, or FAILED if it raises an exception.

    Raises OvertimeError, which ends the whole search.
    """
    try:
        return function(*arguments)
    except OvertimeError:
        raise
    except BaseException:
        return FAILED


class _Sink(io.TextIOBase):
    """A stream that keeps nothing. It has all methods of a stream, such as isatty()."""

    def write(self, text: str) -> int:
        return len(text)


def call_silently(function: Callable[..., Result], *arguments: Any) -> Result:
    """The result of the call. What it prints is dropped, since the student didn't ask for it."""
    before = {name: getattr(sys, name, None) for name in ("stdout", "stderr")}
    for name in before:
        setattr(sys, name, _Sink())
    try:
        return function(*arguments)
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)
