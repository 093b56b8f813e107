"""Counts the calls of an engine's own functions, which show how its work grows with a graph.

The same graph costs the same number of calls on any machine. What happens inside a function that is
written in C isn't counted.

A small graph that takes too much of anything that Python reports is stopped as well. So an engine
that walks along every path is stopped at the same point each time, however it is written.
"""

from __future__ import annotations

import opcode
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from worker.driver.base.errors import OvertimeError
from worker.driver.base.messages import FILE
from worker.driver.base.protocol import FEW_CALLS, MOST_CALLS, SMALL_STEPS

MOST_EVENTS = 3_000_000  # calls, resumptions and returns of all functions; about 0.5 s of CPU
FEW_EVENTS = 1_000_000  # in a small graph, also turns of loops; correct engines need 260,000
TOO_MANY = "It makes more than {:,} calls, so it was stopped"
TOO_MUCH = "It makes too many calls and turns of loops, so it was stopped"
_get_profile, _set_profile = sys.getprofile, sys.setprofile
_get_trace, _set_trace = sys.gettrace, sys.settrace
# Python 3.12 computes these without a call.
_INLINED = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>"))
_START = bytes((opcode.opmap["RESUME"], 0))
_CAN_RESUME = 0x20 | 0x80 | 0x200  # generators and coroutines; Python 3.11 reports each resumption


class CallCount:
    """Counts calls while something runs.

    `calls` is None if there was too much to look at. In a small graph, that stops it.
    """

    def __init__(
        self,
        most_calls: int = MOST_CALLS,
        most_events: int = MOST_EVENTS,
        *,
        in_small_graph: bool = False,
    ) -> None:
        self.calls: int | None = 0
        self.in_small_graph = in_small_graph
        self._most_calls = self._calls_left = most_calls
        self._events_left = most_events

    @classmethod
    def for_graph(cls, steps: int) -> CallCount:
        """The count for a graph of so many steps."""
        if steps > SMALL_STEPS:
            return cls()
        return cls(FEW_CALLS, FEW_EVENTS, in_small_graph=True)

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The function's result. Raises OvertimeError after too many calls."""
        before = self._calls_left
        stop = _report(self)
        try:
            return function(*arguments)
        finally:
            stop()
            self.calls = before - self._calls_left if self._events_left else None

    def count(self, code: CodeType, _offset: int = 0) -> object:
        """Called for each call."""
        if code.co_filename != FILE:
            return DISABLE
        if not self._calls_left:
            raise OvertimeError(TOO_MANY.format(self._most_calls))
        self._calls_left -= 1
        return None

    def count_turn(self, code: CodeType, _offset: int = 0, _target: int = 0) -> object:
        """Called for each turn of a loop."""
        if code.co_filename != FILE:
            return DISABLE
        self._events_left -= 1
        if self._events_left < 1:
            raise OvertimeError(TOO_MUCH)
        return None

    def look(self, frame: FrameType, event: str, _argument: object) -> None:
        """Python 3.11 calls this for each call, resumption and return."""
        self._events_left -= 1
        if not self._events_left:
            if self.in_small_graph:
                raise OvertimeError(TOO_MUCH)
            _set_profile(None)
        elif event == "call":
            self._count_frame(frame)

    def look_at_call(self, frame: FrameType, _event: str, _argument: object) -> None:
        """Python 3.11 calls this for each call and resumption in a large graph."""
        if frame.f_code.co_filename != FILE:  # most calls are ours: leave soon
            return
        self._events_left -= 1
        if self._events_left:
            self._count_frame(frame)
        else:
            _set_trace(None)

    def _count_frame(self, frame: FrameType) -> None:
        code = frame.f_code
        if code.co_flags & _CAN_RESUME and not code.co_code.startswith(_START, frame.f_lasti):
            return
        if code.co_name not in _INLINED:
            self.count(code)


if sys.version_info >= (3, 12):
    _monitoring = sys.monitoring
    _PY_START, _JUMP = _monitoring.events.PY_START, _monitoring.events.JUMP
    _TOOL = 3
    DISABLE: object = _monitoring.DISABLE
    if _monitoring.get_tool(_TOOL) is None:
        _monitoring.use_tool_id(_TOOL, "chainrule calls")

    def _report(count: CallCount) -> Callable[[], None]:
        """Begins to report calls. Returns the call that ends it."""
        _monitoring.register_callback(_TOOL, _PY_START, count.count)
        _monitoring.register_callback(_TOOL, _JUMP, count.count_turn)
        _monitoring.set_events(_TOOL, _PY_START | _JUMP if count.in_small_graph else _PY_START)
        return lambda: _monitoring.set_events(_TOOL, 0)

else:
    DISABLE = None

    def _report(count: CallCount) -> Callable[[], None]:
        """Begins to report calls. Returns the call that ends it.

        A profiler also hears of functions written in C, a tracer doesn't. That is less work in a
        large graph, where only calls of the file's functions count.
        """
        if not count.in_small_graph and _get_trace() is None:  # no debugger, and no coverage
            _set_trace(count.look_at_call)
            return lambda: _set_trace(None)
        before = _get_profile()
        _set_profile(count.look)
        return lambda: _set_profile(before)
