"""A budget of work for a file's demos and plots, and for the search for its engine.

Work is counted where Python reports it: calls, and turns of loops. A budget therefore ends at the
same point on a slow machine and on a busy one. Code that reports nothing, such as `9 ** 9 ** 7`, is
stopped by the CPU time of its own process, far above what the counted budget takes.

The work of all budgets together is what loading a file costs, so that this doesn't vary either.
"""

from __future__ import annotations

import opcode
import signal
import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, ClassVar, NoReturn, TypeVar

from worker.driver.base.errors import OvertimeError
from worker.driver.base.protocol import WORK_PER_SECOND

Result = TypeVar("Result")
Watch = Callable[[FrameType, str, object], Any]

BUDGET = 400_000  # calls and turns of loops: about 0.2 s of CPU on an ordinary machine
LEAST = 500  # of it are left for each later statement, such as one that sets an attribute
TICK_SECONDS = 0.1  # of CPU time
MOST_TICKS = 11  # so that 1.2 s are the most: busy machines have needed three times the usual
TICK_WORK = round(TICK_SECONDS * WORK_PER_SECOND)  # a tick of code that only CPU time stopped

_running: list[Guard] = []
_get_profile, _set_profile = sys.getprofile, sys.setprofile
_get_trace, _set_trace = sys.gettrace, sys.settrace
_LOOPS = frozenset(number for name, number in opcode.opmap.items() if "JUMP_BACKWARD" in name)


def start_ticks() -> None:
    """Makes the kernel signal this process after each tick of its own CPU time.

    A child does this before it locks itself, because student code may not set timers.
    """
    signal.signal(signal.SIGPROF, _tick)
    signal.setitimer(signal.ITIMER_PROF, TICK_SECONDS, TICK_SECONDS)


def _tick(_signal: int, frame: FrameType | None) -> None:
    """Stops what has used too much CPU time, and what has caught the end of its budget.

    Our own code isn't stopped: it may be raising the end of the budget already, and an exception in
    its place would lose the position. The next call or turn is stopped instead.
    """
    if not _running:
        return
    guard, code = _running[-1], None if frame is None else frame.f_code
    if code not in _REPORTED_TO:
        guard.left += 1  # this call was counted, too
    guard.ticks -= 1
    if guard.ticks >= 0 and guard.left >= 0:
        return
    if code not in _OURS:
        raise OvertimeError
    if guard.kept is None and guard.left >= 0:
        guard.kept, guard.left = guard.left, 0


class Guard:
    """Stops code when its budget is used up. Within its calls, another guard may count instead."""

    done: ClassVar[int] = 0  # by all guards of this process

    def __init__(self, budget: int = BUDGET, ticks: int = MOST_TICKS) -> None:
        self.left, self.ticks = budget, ticks
        self._tick_work = (ticks + 1) * TICK_WORK
        self.kept: int | None = None  # of the budget, while the next call or turn is to be stopped
        self._code: CodeType | None = None  # whose lines are traced
        self._line_before = 0

    def run(self, code: CodeType, namespace: dict[str, Any]) -> None:
        """Runs a module's code. Raises OvertimeError, or what the code raises."""
        if sys.version_info >= (3, 12) or _get_trace() is not None:  # a debugger, or coverage
            return self.call(exec, code, namespace)
        has_loop = not _LOOPS.isdisjoint(code.co_code[::2])
        return self._call_traced(code, namespace) if has_loop else self.call(exec, code, namespace)

    def call(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The function's result. Raises OvertimeError, or what the function raises."""
        before = self.left = max(self.left, LEAST)
        had_ticks = self.ticks >= 0
        _running.append(self)
        stop = _report(self)
        try:
            return function(*arguments)
        finally:
            left = self.left if self.kept is None else self.kept
            self.left, self.kept = BUDGET, None  # because the calls below are reported, too
            del _running[-1]
            stop()
            self.left = left
            # How far code gets that CPU time stops depends on the machine.
            is_stopped_by_ticks = had_ticks and self.ticks < 0
            Guard.done += self._tick_work if is_stopped_by_ticks else max(0, before - left)

    def count(self, _code: object = None, _from: object = None, _to: object = None) -> None:
        """Called for each call and each turn of a loop."""
        self.left -= 1
        if self.left < 0:
            self._stop()

    def look(self, _frame: FrameType, event: str, _argument: object) -> None:
        """Python 3.11 calls this for each call and return."""
        if event == "call" or event == "c_call":
            self.left -= 1
            if self.left < 0:
                self._stop()

    def _stop(self) -> NoReturn:
        """Raises OvertimeError. If CPU time is the reason, the counted budget stays as it was."""
        if self.kept is not None:
            self.left, self.kept = self.kept, None
        raise OvertimeError

    def _call_traced(self, code: CodeType, namespace: dict[str, Any]) -> None:
        """Runs a module's code in Python 3.11, which reports a loop's turns by its lines."""
        self._code = code
        _set_trace(self._enter)
        try:
            self.call(exec, code, namespace)
        finally:
            _set_trace(None)

    def _enter(self, frame: FrameType, _event: str, _argument: object) -> Watch | None:
        return self._line if frame.f_code is self._code else None

    def _line(self, frame: FrameType, event: str, _argument: object) -> Watch:
        if event == "line":
            if frame.f_lineno <= self._line_before:
                self.count()
            self._line_before = frame.f_lineno
        return self._line


# While Python calls these, it reports nothing.
_REPORTED_TO = frozenset(
    method.__code__ for method in (Guard.count, Guard.look, Guard._stop, Guard._enter, Guard._line)
)
_OURS = _REPORTED_TO | {method.__code__ for method in (Guard.run, Guard.call, Guard._call_traced)}

if sys.version_info >= (3, 12):
    _monitoring, _events = sys.monitoring, sys.monitoring.events
    _TOOL = 4  # debuggers, coverage and profilers have other numbers
    _COUNTED = (_events.PY_START, _events.PY_RESUME, _events.JUMP)
    if _monitoring.get_tool(_TOOL) is None:
        _monitoring.use_tool_id(_TOOL, "chainrule")

    def _report(guard: Guard) -> Callable[[], None]:
        """Begins to report work to a guard. Returns the call that ends it."""
        for event in _COUNTED:
            _monitoring.register_callback(_TOOL, event, guard.count)
        _monitoring.set_events(_TOOL, sum(_COUNTED))
        return _report_to_outer

    def _report_to_outer() -> None:
        if _running:
            _report(_running[-1])
        else:
            _monitoring.set_events(_TOOL, 0)

else:

    def _report(guard: Guard) -> Callable[[], None]:
        """Begins to report work to a guard. Returns the call that ends it."""
        before = _get_profile()
        _set_profile(guard.look)
        return lambda: _set_profile(before)
