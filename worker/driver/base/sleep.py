"""Sleeping takes student code no time, since nothing happens meanwhile.

A program that sleeps would keep a worker from grading others, and costs no CPU time. So sleeping
moves its clock ahead and returns at once. It's counted, for each test and for loading the file. A
loop that reads the clock until a moment has come doesn't sleep: it works, and its work is counted.

There is one thread. So waiting for another one, with a time, is sleeping. Waiting without a time
would never end, so it's stopped at once.
"""

from __future__ import annotations

import select
import threading
import time
from typing import Any, NoReturn, SupportsIndex

from worker.driver.base.clock import REPLACED, clock
from worker.driver.base.dates import DATES, replace_method
from worker.driver.base.errors import OvertimeError

MOST_SECONDS = 1.0
LONGEST = 2**63 / 1e9  # seconds; Python counts them in nanoseconds of 64 bits
SLEPT = f"The code sleeps for more than {MOST_SECONDS:g} s in all. Remove time.sleep()"
WAITED = "The code waits for another thread, and there is none"
_select = select.select


class _Count:
    """How long the code may still sleep."""

    left = MOST_SECONDS

    @classmethod  # so that it may be an attribute of a class, as Python's own
    def sleep(cls, seconds: SupportsIndex | float, /) -> None:
        """Counts the seconds and returns at once. Raises OvertimeError after too many."""
        if not isinstance(seconds, (int, float)):
            name = type(seconds).__name__
            raise TypeError(f"'{name}' object cannot be interpreted as an integer or a float")
        if not seconds >= 0:
            raise ValueError("sleep length must be non-negative")
        if seconds > LONGEST:
            raise OverflowError("timestamp out of range for platform time_t")
        cls.left -= seconds
        if cls.left < 0:
            raise OvertimeError(SLEPT)
        clock.skip(round(seconds * 1e9))


sleep = _Count.sleep


def allow_sleep(seconds: float = MOST_SECONDS) -> None:
    """Begins to count from 0, for another test."""
    _Count.left = seconds


def install() -> None:
    """Puts the clock of student code in the place of the machine's, and this way to sleep."""
    for owner, name, value in REPLACED:
        setattr(owner, name, value)
    for kind, name, method in DATES:
        replace_method(kind, name, method)
    time.sleep = sleep
    select.select = _wait_for_nothing
    setattr(threading.Condition, "wait", _wait)  # noqa: B010 - events and semaphores use it


def _wait(condition: threading.Condition, timeout: float | None = None) -> bool:
    """Replaces threading.Condition.wait(). Nobody can notify the condition."""
    if not condition._is_owned():  # type: ignore[attr-defined]
        raise RuntimeError("cannot wait on un-acquired lock")
    if timeout is None:
        _never()
    if timeout > 0:
        sleep(timeout)
    return False


def _wait_for_nothing(
    read: Any, write: Any, other: Any, timeout: float | None = None, /
) -> tuple[list[Any], list[Any], list[Any]]:
    """Replaces select.select(), which is another way to sleep if it gets nothing to wait for."""
    if read or write or other:
        return _select(read, write, other, timeout)
    if timeout is None:
        _never()
    sleep(timeout)
    return [], [], []


def _never() -> NoReturn:
    raise OvertimeError(WAITED)
