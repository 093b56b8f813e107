"""The `time.sleep` of student code. It takes no time, since nothing happens meanwhile.

A program that sleeps would keep a worker from grading others, and costs no CPU time. So sleeping is
counted instead, for each test and for loading the file.
"""

from __future__ import annotations

from typing import SupportsIndex

from worker.driver.base.errors import OvertimeError

MOST_SECONDS = 1.0
SLEPT = f"The code sleeps for more than {MOST_SECONDS:g} s. Remove time.sleep()"


class _Count:
    """How long the code may still sleep."""

    left = MOST_SECONDS


def allow_sleep(seconds: float = MOST_SECONDS) -> None:
    """Begins to count from 0, for another test."""
    _Count.left = seconds


def sleep(seconds: SupportsIndex | float, /) -> None:
    """Counts the seconds and returns at once. Raises OvertimeError after too many."""
    if not isinstance(seconds, (int, float)):
        name = type(seconds).__name__
        raise TypeError(f"'{name}' object cannot be interpreted as an integer or a float")
    if not seconds >= 0:
        raise ValueError("sleep length must be non-negative")
    _Count.left -= seconds
    if _Count.left < 0:
        raise OvertimeError(SLEPT)
