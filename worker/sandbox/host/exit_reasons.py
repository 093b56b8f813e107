"""What a child's end says about the student's code."""

from __future__ import annotations

import os
import signal

from worker.driver.base.protocol import EXIT_OUT_OF_MEMORY
from worker.report.model import Verdict
from worker.sandbox.host.outcome import Failure, Limits
from worker.sandbox.host.zygote_process import Exit

CPU_SLACK_SECONDS = 0.1

FORBIDDEN = "It made a system call that is forbidden"
CRASHES: dict[int, str] = {
    signal.SIGSYS: FORBIDDEN,
    signal.SIGSEGV: "It used memory that is not its own, or its stack overflowed",
}


def explain(end: Exit, limits: Limits) -> Failure:
    """The verdict for a child that ended, by its wait status, before it gave an answer."""
    if os.WIFEXITED(end.status):
        return _explain_exit(os.WEXITSTATUS(end.status))
    number = os.WTERMSIG(end.status)
    if number in (signal.SIGKILL, signal.SIGXCPU):
        if end.cpu_seconds >= limits.session_cpu_seconds - CPU_SLACK_SECONDS:
            message = f"The whole run took more than {limits.session_cpu_seconds:g} s of CPU."
            return Failure(verdict=Verdict.TIMEOUT, message=message)
        # No student can send this signal: the machine's memory ran out, or a person sent it.
        return Failure(
            verdict=Verdict.MEMORY_LIMIT,
            message="The system stopped it: memory had run out.",
            doubtful=True,
        )
    reason = CRASHES.get(number, "It ended itself")
    message = f"The program crashed. {reason} ({_spell_signal(number)})."
    return Failure(verdict=Verdict.CRASHED, message=message)


def _spell_signal(number: int) -> str:
    """Its name; of those for real time most have none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _explain_exit(code: int) -> Failure:
    if code == EXIT_OUT_OF_MEMORY:
        return Failure(
            verdict=Verdict.MEMORY_LIMIT, message="The code used more memory than it may."
        )
    message = f"The program ended (exit status {code}) before it gave an answer."
    return Failure(verdict=Verdict.INVALID_OUTPUT, message=message)
