"""Calls a student's code to find out what it can do. It may fail, or print."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

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
    """The result of the call. What it prints is dropped, since the student didn't ask for it.

    A class that ends the program when it is tried doesn't end the search.
    """
    names = ("stdout", "stderr", "__stdout__", "__stderr__")
    before = {name: getattr(sys, name, None) for name in names}
    for name in before:
        setattr(sys, name, _Sink())
    end, os._exit = os._exit, _exit
    try:
        return function(*arguments)
    finally:
        os._exit = end
        for name, stream in before.items():
            setattr(sys, name, stream)


def _exit(status: int = 0) -> NoReturn:
    """Replaces os._exit() during the search, where it would end more than one trial."""
    raise SystemExit(status)
