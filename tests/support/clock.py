"""The machine's own clock, put back after the driver has replaced it.

Meanwhile other threads keep it. A server that runs in one would otherwise compute how long to sleep
from two clocks, and sleep for hours.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from worker.driver.base.clock import REPLACED, Clock
from worker.driver.base.dates import DATES, replace_method

PLACES: tuple[tuple[Any, str], ...] = (
    *((owner, name) for owner, name, _ in REPLACED),
    (time, "sleep"),
    (threading.Condition, "wait"),
    (select, "select"),
    (logging, "_startTime"),
)
MACHINES: dict[str, Callable[[], int]] = {
    name: getattr(time, name) for name in ("time_ns", "monotonic_ns", "process_time_ns")
}  # all others call these


def _for_this_thread(name: str) -> Callable[[Clock], int]:
    """A reading that is the machine's own in any other thread."""
    replaced, machines, own = getattr(Clock, name), MACHINES[name], threading.get_ident()

    def read(clock: Clock) -> int:
        reading: int = replaced(clock) if threading.get_ident() == own else machines()
        return reading

    return read


@contextmanager
def clock_put_back() -> Iterator[None]:
    """Restores all ways to read the time, to sleep and to wait for a thread."""
    before = [(owner, name, getattr(owner, name)) for owner, name in PLACES]
    dates = [(kind, name, vars(kind)[name]) for kind, name, _ in DATES]
    try:
        with ExitStack() as replaced:
            for name in MACHINES:
                replaced.enter_context(patch.object(Clock, name, _for_this_thread(name)))
            yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)
        for kind, name, method in dates:
            if vars(kind)[name] is not method:
                replace_method(kind, name, method)
