"""The clock of student code. It depends only on what the code does, so it's the same each time.

It starts at a fixed moment. Each reading moves it ahead by a fixed step, and so does sleeping. So
two readings always differ, and a loop that waits for a moment ends.

A reversed session has another moment and a longer step, so that an engine that computes with the
time shows it.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
import timeit
import uuid
from time import struct_time
from typing import Any, NamedTuple, Self


class Moment(NamedTuple):
    """Where clocks start, in nanoseconds, and how far each reading moves them."""

    date: int  # since 1970
    steady: int  # of the clocks that nobody sets
    cpu: int
    step: int


# With this step, waiting for a second in a loop takes 10,000 readings: a few ms of CPU time, and a
# tenth of a demo's budget. The steps have no common factor with units of time, and the moments
# differ in every part of a date, so that programs that use any part of it show it.
USUAL = Moment(1_767_607_200_123_456_789, 5_000_246_813_579, 200_135_791, 101_009)
REVERSED = Moment(1_813_527_105_678_901_234, 7_001_753_086_420, 300_864_208, 303_017)
NODE = 0x030000000001  # of uuid1(); the first bits say that it's no machine's own
_DATE_CLOCKS = {time.CLOCK_REALTIME, time.CLOCK_TAI, 5, 8}  # and the coarse one, and alarms
_CPU_CLOCKS = {time.CLOCK_PROCESS_CPUTIME_ID, time.CLOCK_THREAD_CPUTIME_ID}
_clock_gettime, _perf_counter = time.clock_gettime, time.perf_counter
_localtime, _gmtime = time.localtime, time.gmtime
_asctime, _ctime, _strftime = time.asctime, time.ctime, time.strftime


class Clock:
    """The functions of `time`. Like Python's own, they may be attributes of a class."""

    def __init__(self) -> None:
        self.begin(USUAL)

    def __deepcopy__(self, _: object) -> Self:
        return self

    def begin(self, moment: Moment) -> None:
        """Starts at a moment."""
        self._moment = moment
        self._read = 0  # nanoseconds that readings have taken
        self._slept = 0

    def skip(self, nanoseconds: int) -> None:
        """Moves ahead by what was slept, which is no CPU time."""
        self._slept += nanoseconds

    def time_ns(self) -> int:
        """The time since 1970."""
        self._read += self._moment.step
        return self._moment.date + self._read + self._slept

    def monotonic_ns(self) -> int:
        """A time that nobody sets."""
        self._read += self._moment.step
        return self._moment.steady + self._read + self._slept

    def process_time_ns(self) -> int:
        """The CPU time, to which sleeping adds nothing."""
        self._read += self._moment.step
        return self._moment.cpu + self._read

    def perf_counter_ns(self) -> int:
        """The same as monotonic_ns()."""
        return self.monotonic_ns()

    def thread_time_ns(self) -> int:
        """The same as process_time_ns()."""
        return self.process_time_ns()

    def time(self) -> float:
        """The time since 1970 in seconds."""
        return self.time_ns() / 1e9

    def monotonic(self) -> float:
        """A time in seconds that nobody sets."""
        return self.monotonic_ns() / 1e9

    def process_time(self) -> float:
        """The CPU time in seconds."""
        return self.process_time_ns() / 1e9

    def perf_counter(self) -> float:
        """The same as monotonic()."""
        return self.monotonic_ns() / 1e9

    def thread_time(self) -> float:
        """The same as process_time()."""
        return self.process_time_ns() / 1e9

    def clock_gettime_ns(self, clk_id: int, /) -> int:
        """The time of any clock of this process. The system says whether there is such a clock."""
        _clock_gettime(clk_id)
        if clk_id in _DATE_CLOCKS:
            return self.time_ns()
        is_cpu = clk_id in _CPU_CLOCKS or clk_id < 0
        return self.process_time_ns() if is_cpu else self.monotonic_ns()

    def clock_gettime(self, clk_id: int, /) -> float:
        """The time of any clock of this process in seconds."""
        return self.clock_gettime_ns(clk_id) / 1e9

    def times(self) -> os.times_result:
        """Replaces os.times()."""
        cpu, steady = self.process_time(), self.monotonic()
        return os.times_result((cpu, 0.0, 0.0, 0.0, steady))

    def localtime(self, seconds: float | None = None, /) -> struct_time:
        """A moment, or this one, as the parts of a date."""
        return _localtime(self.time() if seconds is None else seconds)

    def gmtime(self, seconds: float | None = None, /) -> struct_time:
        """The same, in UTC."""
        return _gmtime(self.time() if seconds is None else seconds)

    def ctime(self, seconds: float | None = None, /) -> str:
        """A moment, or this one, as a text."""
        return _ctime(self.time() if seconds is None else seconds)

    def asctime(self, *date: Any) -> str:
        """A date, or this one, as a text."""
        return _asctime(*(date or (self.localtime(),)))

    def strftime(self, *arguments: Any) -> str:
        """A date, or this one, as a text in a format."""
        return _strftime(*arguments, *((self.localtime(),) if len(arguments) == 1 else ()))


clock = Clock()
_NAMES = (
    *("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime"),
    *("localtime", "gmtime", "asctime", "ctime", "strftime"),
)
_NAMES_NS = tuple(f"{name}_ns" for name in _NAMES[:6])


def _use_clock(function: Any) -> tuple[Any, ...]:
    """The default arguments of a function, with this clock."""
    defaults = function.__defaults__
    return tuple(clock.perf_counter if one is _perf_counter else one for one in defaults)


# What is replaced in which module or function. Some took their names from `time` before.
REPLACED: tuple[tuple[Any, str, object], ...] = (
    *((time, name, getattr(clock, name)) for name in (*_NAMES, *_NAMES_NS)),
    (os, "times", clock.times),
    (threading, "_time", clock.monotonic),
    (queue, "time", clock.monotonic),
    (timeit, "default_timer", clock.perf_counter),
    *(
        (function, "__defaults__", _use_clock(function))
        for function in (timeit.Timer.__init__, timeit.timeit, timeit.repeat)
    ),
    (uuid, "_generate_time_safe", None),  # so that uuid1() reads this clock
    (uuid, "_node", NODE),
)


def start_clock(*, reverse: bool) -> None:
    """Starts the clock for a file."""
    clock.begin(REVERSED if reverse else USUAL)
    # What `logging` shows as the time since it was imported. Python 3.13 counts nanoseconds.
    in_nanoseconds = isinstance(logging._startTime, int)  # type: ignore[attr-defined]
    begun = clock.time_ns() if in_nanoseconds else clock.time()
    logging._startTime = begun  # type: ignore[attr-defined]
