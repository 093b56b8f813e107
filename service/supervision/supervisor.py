"""Watches several processes at once."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterator, Sequence

from service.supervision.watched import Watched


class Supervisor:
    """Starts processes, restarts those that end, and stops all of them."""

    def __init__(self, watched: Sequence[Watched]) -> None:
        self._watched = tuple(watched)

    def start(self) -> None:
        """Start every process."""
        for one in self._watched:
            one.start()

    def watch(self) -> None:
        """Restart what ends, until SIGINT or SIGTERM. Raises GaveUp at a limit of restarts."""
        with _stop_signals() as stopping:
            while not self._wait_for_event(stopping):
                for one in self._watched:
                    one.look()

    def stop(self, seconds: float) -> None:
        """Ask every process to stop; kill those that need longer."""
        for one in self._watched:
            one.terminate()
        deadline = time.monotonic() + seconds
        for one in self._watched:
            one.wait(max(0.0, deadline - time.monotonic()))

    def _wait_for_event(self, stopping: int) -> bool:
        """Wait until a process has ended, a restart is due, or a signal came: then True."""
        poll = select.poll()
        poll.register(stopping, select.POLLIN)
        for one in self._watched:
            if one.pidfd is not None:
                poll.register(one.pidfd, select.POLLIN)
        restarts = [one.restart_at for one in self._watched if one.restart_at is not None]
        # One more millisecond, because poll counts whole ones.
        due = max(0.0, min(restarts) - time.monotonic()) * 1000 + 1 if restarts else None
        return any(descriptor == stopping for descriptor, _ in poll.poll(due))


@contextlib.contextmanager
def _stop_signals() -> Iterator[int]:
    """A descriptor that becomes readable at SIGINT or SIGTERM.

    An exception could come between the start of a process and the moment when we know its id.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = {
        number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)
    }
    previous = signal.set_wakeup_fd(writing)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(previous)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reading)
        os.close(writing)
