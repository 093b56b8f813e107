"""A clock for student code on which sleeping takes no time, since nothing happens meanwhile.

A program that sleeps would keep a worker from grading others, and costs no CPU time. So sleeping
moves this clock ahead and returns at once. It's counted, for each test and for loading the file.

There is one thread. So waiting for another one, with a time, is sleeping. Waiting without a time
would never end, so it's stopped at once.
"""

from __future__ import annotations

import queue
import select
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn, SupportsIndex

from worker.driver.base.errors import OvertimeError

MOST_SECONDS = 1.0
LONGEST = 2**63 / 1e9  # seconds; Python counts them in nanoseconds of 64 bits
SLEPT = f"The code sleeps for more than {MOST_SECONDS:g} s in all. Remove time.sleep()"
WAITED = "The code waits for another thread, and there is none"
_select = select.select


class _Count:
    """How long the code may still sleep, and how long it has slept."""

    left = MOST_SECONDS
    slept = 0  # nanoseconds, since the process was started


def allow_sleep(seconds: float = MOST_SECONDS) -> None:
    """Begins to count from 0, for another test."""
    _Count.left = seconds


def install() -> None:
    """Puts this clock in the place of the machine's, for the rest of the process."""
    for name in ("time", "monotonic", "perf_counter"):
        setattr(time, name, _shift(getattr(time, name)))
        setattr(time, f"{name}_ns", _shift_ns(getattr(time, f"{name}_ns")))
    # These modules took their names from `time` before.
    for module in (threading, queue):
        for name, value in list(vars(module).items()):
            if value is _monotonic:
                setattr(module, name, time.monotonic)
    time.sleep = sleep
    select.select = _wait_for_nothing
    setattr(threading.Condition, "wait", _wait)  # noqa: B010 - events and semaphores use it


_monotonic = time.monotonic


def _shift(read: Callable[[], float]) -> Callable[[], float]:
    return lambda: read() + _Count.slept / 1e9


def _shift_ns(read: Callable[[], int]) -> Callable[[], int]:
    return lambda: read() + _Count.slept


def sleep(seconds: SupportsIndex | float, /) -> None:
    """Counts the seconds and returns at once. Raises OvertimeError after too many."""
    if not isinstance(seconds, (int, float)):
        name = type(seconds).__name__
        raise TypeError(f"'{name}' object cannot be interpreted as an integer or a float")
    if not seconds >= 0:
        raise ValueError("sleep length must be non-negative")
    if seconds > LONGEST:
        raise OverflowError("timestamp out of range for platform time_t")
    _Count.left -= seconds
    if _Count.left < 0:
        raise OvertimeError(SLEPT)
    _Count.slept += round(seconds * 1e9)


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
