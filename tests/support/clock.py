"""The machine's own clock, put back after the driver has replaced it."""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from worker.driver.base.clock import REPLACED
from worker.driver.base.dates import DATES, replace_method

PLACES: tuple[tuple[Any, str], ...] = (
    *((owner, name) for owner, name, _ in REPLACED),
    (time, "sleep"),
    (threading.Condition, "wait"),
    (select, "select"),
    (logging, "_startTime"),
)


@contextmanager
def clock_put_back() -> Iterator[None]:
    """Restores all ways to read the time, to sleep and to wait for a thread."""
    before = [(owner, name, getattr(owner, name)) for owner, name in PLACES]
    dates = [(kind, name, vars(kind)[name]) for kind, name, _ in DATES]
    try:
        yield
    finally:
        for owner, name, value in before:
            setattr(owner, name, value)
        for kind, name, method in dates:
            if vars(kind)[name] is not method:
                replace_method(kind, name, method)
