"""Has the classes of `datetime` read the clock of student code.

They are written in C, and Python doesn't let us set their methods. Classes derived from them would
surprise students: what Python's own functions return would be of another class. So this changes the
dictionaries of the classes themselves. Everything else about them stays as it was.
"""

from __future__ import annotations

import ctypes
import gc
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from worker.driver.base.clock import clock

_from_timestamp = vars(datetime)["fromtimestamp"].__get__  # a derived class may have its own


def now(cls: type[datetime], tz: tzinfo | None = None) -> Any:
    """This moment, in a time zone or without one."""
    return _from_timestamp(None, cls)(clock.time(), tz)


def utcnow(cls: type[datetime]) -> Any:
    """This moment in UTC, but without a time zone."""
    return now(cls, UTC).replace(tzinfo=None)


def today(cls: type[date]) -> Any:
    """This day, or this moment if the class has a time too."""
    return cls.fromtimestamp(clock.time())


# The class, the name of a method, and what replaces it.
DATES: tuple[tuple[type, str, object], ...] = (
    (datetime, "now", classmethod(now)),
    (datetime, "utcnow", classmethod(utcnow)),
    (date, "today", classmethod(today)),
)


def replace_method(kind: type, name: str, method: object) -> None:
    """Sets a method of a class that is written in C."""
    (methods,) = gc.get_referents(vars(kind))
    methods[name] = method
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))  # forgets what was looked up before
