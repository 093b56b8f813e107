"""Turns the way a child ended into a verdict."""

from __future__ import annotations

import os
import signal

from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY
from worker.report.model import Verdict
from worker.sandbox.host.outcome import USED_UP, Failure, Limits
from worker.sandbox.host.zygote_process import Exit

CPU_SLACK_SECONDS = 0.1  # a process may be killed this long before its limit

FORBIDDEN = "It made a system call that is forbidden"
CRASHES: dict[int, str] = {
    signal.SIGSYS: FORBIDDEN,
    signal.SIGSEGV: "It used memory that is not its own, or its stack overflowed",
}


def explain(end: Exit, limits: Limits) -> Failure:
    """Returns the failure of a child that ended before it answered."""
    if os.WIFEXITED(end.status):
        code = os.WEXITSTATUS(end.status)
        if code == EXIT_OUT_OF_MEMORY:
            message = "The code used more memory than it may."
            return Failure(verdict=Verdict.MEMORY_LIMIT, message=message)
        message = f"The program ended (exit status {code}) before it gave an answer."
        return Failure(verdict=Verdict.INVALID_OUTPUT, message=message)
    number = os.WTERMSIG(end.status)
    if number in (signal.SIGKILL, signal.SIGXCPU):
        if end.cpu_seconds >= limits.grading_cpu_seconds - CPU_SLACK_SECONDS:
            return Failure(verdict=Verdict.TIMEOUT, message=USED_UP)
        # A student can't send this signal. Memory ran out, or an administrator sent it.
        return Failure(
            verdict=Verdict.MEMORY_LIMIT,
            message="The system stopped it: memory had run out.",
            doubtful=True,
        )
    reason = CRASHES.get(number, "It ended itself")
    message = f"The program crashed. {reason} ({name_signal(number)})."
    return Failure(verdict=Verdict.CRASHED, message=message)


def name_signal(number: int) -> str:
    """Returns the name of a signal, or `signal 40` for a real-time signal without a name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
