"""The machine's own clock, put back after the driver has replaced it."""

from __future__ import annotations

import queue
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OF_TIME = (
    *("time", "monotonic", "perf_counter", "sleep"),
    *("time_ns", "monotonic_ns", "perf_counter_ns"),
)
PLACES: tuple[tuple[Any, str], ...] = (
    *((time, name) for name in OF_TIME),
    (threading, "_time"),
    (threading.Condition, "wait"),
    (queue, "time"),
    (select, "select"),
)


@contextmanager
def clock_put_back() -> Iterator[None]:
    """Restores all ways to read the time, to sleep and to wait for a thread."""
    before = [(owner, name, getattr(owner, name)) for owner, name in PLACES]
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)
