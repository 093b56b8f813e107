"""Moves bytes between the parent and a child, all pipes at once: neither can block the other."""

from __future__ import annotations

import math
import os
import select

from worker.sandbox.host.answers import clean
from worker.sandbox.host.frames import FrameReader
from worker.sandbox.host.outcome import Limits
from worker.sandbox.host.zygote_process import Child

CHUNK = 2**16


class Capture:
    """What the student printed on one stream, the first of it; one case may print up to the cap."""

    def __init__(self, name: str, cap: int, kept: int) -> None:
        self.name, self.cap, self._kept = name, cap, kept
        self._held = bytearray()
        self._since = 0

    @property
    def overflowed(self) -> bool:
        """Whether more than the cap has come since it was allowed anew."""
        return self._since > self.cap

    def allow(self) -> None:
        """As much as the cap may come once more, though no more of it all is kept."""
        self._since = 0

    def feed(self, data: bytes) -> None:
        """Takes what fits."""
        self._since += len(data)
        self._held += data[: self._kept - len(self._held)]

    @property
    def text(self) -> str:
        """The bytes as text that can be kept and shown."""
        return clean(self._held.decode(errors="replace"))


class Pipes:
    """The parent's ends of a child's pipes."""

    def __init__(self, child: Child, limits: Limits) -> None:
        self._child = child
        self.reader = FrameReader(limits.frame_bytes)
        self.stdout = Capture("stdout", limits.output_bytes, limits.kept_bytes)
        self.stderr = Capture("stderr", limits.output_bytes, limits.kept_bytes)
        self._sinks: dict[int, FrameReader | Capture] = {
            child.answers: self.reader,
            child.stdout: self.stdout,
            child.stderr: self.stderr,
        }
        self.ended = False
        self._outgoing = memoryview(b"")
        self._sending = False
        self._poll = select.poll()
        self._poll.register(child.pidfd, select.POLLIN)
        for descriptor in self._sinks:
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)
        os.set_blocking(child.requests, False)

    @property
    def overflowed(self) -> Capture | None:
        """The stream on which more was printed than may be."""
        if self.stdout.overflowed:
            return self.stdout
        return self.stderr if self.stderr.overflowed else None

    def allow_output(self) -> None:
        """Lets as much be printed as before: what comes now is another case's."""
        self.stdout.allow()
        self.stderr.allow()

    @property
    def answers_closed(self) -> bool:
        """Whether no answer can come any more."""
        return self._child.answers not in self._sinks

    def send(self, frame: bytes) -> None:
        """Begins to send a frame; `pump` goes on with what does not fit into the pipe."""
        self._outgoing = memoryview(frame)
        self._poll.register(self._child.requests, select.POLLOUT)
        self._sending = True
        self._write()

    def end_requests(self) -> None:
        """Asks no more: a driver that still listens ends."""
        self._stop_sending()
        self._child.close_requests()

    def pump(self, seconds: float) -> None:
        """Waits until something can be moved, at most so long, and moves it."""
        self._move(math.ceil(seconds * 1000))
        if self.ended or self.reader.is_complete():  # all that was printed before is there
            self.drain()

    def drain(self) -> None:
        """Takes what is in the pipes now, without waiting."""
        while self._move(0) and not (self.overflowed or self.reader.sated):
            pass

    def _move(self, milliseconds: int) -> bool:
        """Waits, then moves a chunk through each pipe that is ready; whether any was read."""
        found = False
        for descriptor, _ in self._poll.poll(milliseconds):
            if descriptor == self._child.requests:
                self._write()
            elif descriptor == self._child.pidfd:
                self.ended = True
            else:
                self._read(descriptor)
                found = True
        return found

    def _read(self, descriptor: int) -> None:
        """Takes a chunk from a pipe that has one, or has come to its end."""
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:  # there is nothing after all: a poll promises no more than a look
            return
        if data:
            self._sinks[descriptor].feed(data)
        else:
            self._poll.unregister(descriptor)
            del self._sinks[descriptor]

    def _write(self) -> None:
        try:
            self._outgoing = self._outgoing[os.write(self._child.requests, self._outgoing) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it has ended, or has closed its end: its answer will not come
            self._outgoing = memoryview(b"")
        if not self._outgoing:
            self._stop_sending()

    def _stop_sending(self) -> None:
        self._outgoing = memoryview(b"")
        if self._sending:
            self._sending = False
            self._poll.unregister(self._child.requests)
