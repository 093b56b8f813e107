"""One process that is kept running, and how soon it is started again after it has ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
SUPERVISOR = "CHAINRULE_SUPERVISOR"  # has its process id, for the processes that it starts
LAST_LINES = 12  # of a log, shown when a process is given up

Report = Callable[[str], None]  # gets a sentence for the operator


class GaveUp(Exception):  # noqa: N818 - it says what happened
    """A process ended too often in a row. The message says which and how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A `chainrule` command. Without a log file, it writes where its parent does.

    `keep` are descriptors that it inherits.
    """

    name: str
    arguments: tuple[str, ...]
    log: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """Pauses before a restart double from the first to the longest one.

    The longest is short: what piles up during a pause keeps others waiting after it, too. A process
    that has lived for `healthy_seconds` starts with the first pause again. One that ends sooner
    `limit` times in a row is given up.
    """

    first_pause: float = 0.5
    longest_pause: float = 3.0
    healthy_seconds: float = 10.0
    limit: int = 40

    def pause(self, crashes: int) -> float:
        """Seconds to wait after this many crashes in a row, which is at least one."""
        return min(self.longest_pause, self.first_pause * 2.0 ** (crashes - 1))


class Watched:
    """Keeps one command running. Its owner calls `look` when `pidfd` is readable, or is due."""

    def __init__(
        self, command: Command, report: Report, policy: RestartPolicy | None = None
    ) -> None:
        self.command = command
        self.pidfd: int | None = None
        self.restart_at: float | None = None
        self._report = report
        self._policy = policy or RestartPolicy()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._crashes = 0

    @property
    def pid(self) -> int | None:
        """The process id; None while it pauses before a restart."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process. A machine without room for it counts as a crash."""
        self.restart_at = None
        self._started_at = time.monotonic()
        try:
            self._process = _spawn(self.command)
        except OSError as error:
            self._plan_restart(f"couldn't be started ({error.strerror})")
            return
        self.pidfd = os.pidfd_open(self._process.pid)

    def look(self) -> None:
        """Start the process again if that is due. Raises GaveUp at the limit."""
        if self._process is not None and self._has_ended():
            self._plan_restart(self._bury())
        if self.restart_at is not None and time.monotonic() >= self.restart_at:
            self.start()

    def require_alive(self) -> None:
        """Raise GaveUp if the process has ended: something is wrong that a restart won't change."""
        if self._process is not None and self._has_ended():
            raise GaveUp(f"{self.command.name} {self._bury()}.{self._last_lines()}")

    def terminate(self) -> None:
        """Ask the process to stop, and don't start it again."""
        self.restart_at = None
        if self._process is not None:
            self._process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the process to end; kill it after some seconds. Its group ends with it."""
        if self._process is None:
            return
        deadline = time.monotonic() + seconds
        while not self._has_ended():
            if time.monotonic() > deadline:
                self._process.kill()
            time.sleep(0.02)
        self._bury()

    def _has_ended(self) -> bool:
        """Whether it has ended. It isn't reaped, so that its id still names its group."""
        assert self.pidfd is not None
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PIDFD, self.pidfd, options) is not None

    def _bury(self) -> str:
        """Reap the ended process and kill what is left of its group. Returns how it ended."""
        assert self._process is not None
        assert self.pidfd is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        status = self._process.wait()
        os.close(self.pidfd)
        self._process = self.pidfd = None
        if status < 0:
            return f"was killed by {signal.Signals(-status).name}"
        return f"ended with exit code {status}"

    def _plan_restart(self, how: str) -> None:
        lived = time.monotonic() - self._started_at
        policy = self._policy
        self._crashes = 1 if lived >= policy.healthy_seconds else self._crashes + 1
        if self._crashes >= policy.limit:
            raise GaveUp(
                f"{self.command.name} has failed {self._crashes} times in a row and is not started "
                f"again: it {how}.{self._last_lines()}"
            )
        pause = policy.pause(self._crashes)
        self.restart_at = time.monotonic() + pause
        self._report(
            f"{self.command.name} {how}. It starts again in {pause:g} s "
            f"(failure {self._crashes} in a row, given up after {policy.limit})."
        )

    def _last_lines(self) -> str:
        """The end of its log, for a message; empty if it has none of its own."""
        if self.command.log is None:
            return ""
        text = self.command.log.read_text(encoding="utf-8", errors="replace")
        lines = "\n    ".join(text.splitlines()[-LAST_LINES:])
        return f" The end of {self.command.log}:\n    {lines}"


def end_with_parent() -> None:
    """Let the kernel stop this process when its supervisor ends, even if that is killed.

    Does nothing in a process that no supervisor started.
    """
    supervisor = os.environ.get(SUPERVISOR)
    if supervisor is None:
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(supervisor):  # it has ended already
        sys.exit(1)


def _spawn(command: Command) -> subprocess.Popen[bytes]:
    """Start a command in its own session, so that Ctrl-C doesn't reach it."""
    with contextlib.ExitStack() as closing:
        log = command.log
        output = None if log is None else closing.enter_context(log.open("ab"))
        return subprocess.Popen(
            [sys.executable, "-m", "service.cli", *command.arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            env={**os.environ, **command.environ, SUPERVISOR: str(os.getpid())},
            pass_fds=command.keep,
            start_new_session=True,
        )
