"""A budget of CPU time for a file's demos and plots, and for the search for its engine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, TypeVar

from worker.driver.base.errors import OvertimeError
from worker.driver.base.messages import FILE

Result = TypeVar("Result")
Watch = Callable[[FrameType, str, object], Any]

BUDGET_SECONDS = 0.4  # for all of a file; a session loads it once
EVENTS_BETWEEN_LOOKS = 512  # calls and returns: about 0.1 ms of Python

_cpu_seconds: Callable[[], float] = time.process_time
_get_profile, _set_profile = sys.getprofile, sys.setprofile
_get_trace, _set_trace = sys.gettrace, sys.settrace


class Guard:
    """Stops code when its budget is used up. It only sees calls, so it costs little."""

    def __init__(self, seconds: float = BUDGET_SECONDS) -> None:
        self._end = _cpu_seconds() + seconds
        self._events = 0

    def run(self, code: CodeType, namespace: dict[str, Any]) -> None:
        """Runs the code. Raises OvertimeError, or what the code raises."""
        self.call(exec, code, namespace)

    def call(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The function's result. Raises OvertimeError, or what the function raises."""
        before = _get_profile()
        self._events = 0
        _set_profile(self.look)
        try:
            return function(*arguments)
        finally:
            _set_profile(before)

    def call_closely(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """Like `call`, but also sees loops in the student's file that call nothing.

        The file's code takes longer then, so this is only for calls that run a few lines.
        """
        if _get_trace() is not None:  # the file itself uses it, or a debugger
            return self.call(function, *arguments)
        self._events = 0
        _set_trace(self._watch)
        try:
            return function(*arguments)
        finally:
            _set_trace(None)

    def _watch(self, frame: FrameType, event: str, argument: object) -> Watch | None:
        """Called for each call, and for each step in the student's file."""
        self.look(frame, event, argument)
        if frame.f_code.co_filename != FILE:
            return None
        frame.f_trace_opcodes = True  # Python 3.11 reports no new line for a loop in one line
        return self._watch

    def look(self, _frame: FrameType, _event: str, _argument: object) -> None:
        """Called for each call and return; looks at the clock now and then."""
        self._events += 1
        if self._events >= EVENTS_BETWEEN_LOOKS:
            self._events = 0
            if _cpu_seconds() > self._end:
                raise OvertimeError
