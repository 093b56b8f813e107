"""Moves bytes between the parent and a child on all pipes at once, so that neither blocks."""

from __future__ import annotations

import math
import os
import select

from worker.sandbox.host.answers import clean, mask_addresses
from worker.sandbox.host.frames import FrameReader
from worker.sandbox.host.outcome import Limits
from worker.sandbox.host.zygote_process import Child

CHUNK = 2**16


class Capture:
    """The beginning of what a student printed on one stream. Each case may print up to the cap."""

    def __init__(self, name: str, cap: int, kept: int) -> None:
        self.name, self.cap, self._kept = name, cap, kept
        self._held = bytearray()
        self._since = 0

    @property
    def overflowed(self) -> bool:
        """Whether more than the cap was printed since the last `allow`."""
        return self._since > self.cap

    def allow(self) -> None:
        """Lets the next case print up to the cap. The total that is kept stays the same."""
        self._since = 0

    def feed(self, data: bytes) -> None:
        """Adds output and keeps what fits."""
        self._since += len(data)
        self._held += data[: self._kept - len(self._held)]

    @property
    def text(self) -> str:
        """The output as text that databases and pages can store."""
        return mask_addresses(clean(self._held.decode(errors="replace")))


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
        self.idle = False  # nothing was ready in the last `pump`
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
        """The stream on which too much was printed."""
        if self.stdout.overflowed:
            return self.stdout
        return self.stderr if self.stderr.overflowed else None

    def allow_output(self) -> None:
        """Lets the next case print up to the cap."""
        self.stdout.allow()
        self.stderr.allow()

    @property
    def answers_closed(self) -> bool:
        """Whether the child has closed its answers."""
        return self._child.answers not in self._sinks

    def send(self, frame: bytes) -> None:
        """Begins to send a frame. `pump` sends the rest if the pipe is full."""
        self._outgoing = memoryview(frame)
        self._poll.register(self._child.requests, select.POLLOUT)
        self._sending = True
        self._write()

    def end_requests(self) -> None:
        """Closes the requests, so that a driver that still reads them ends."""
        self._stop_sending()
        self._child.close_requests()

    def pump(self, seconds: float) -> None:
        """Moves bytes. Waits at most `seconds` until it can."""
        self.idle = True
        self._move(math.ceil(seconds * 1000))
        if self.ended or self.reader.is_complete():  # get all that was printed before
            self.drain()

    def drain(self) -> None:
        """Reads what is in the pipes now, without waiting."""
        while self._move(0) and not (self.overflowed or self.reader.sated):
            pass

    def _move(self, milliseconds: int) -> bool:
        """Moves a chunk through each pipe that is ready. Returns whether any could be read."""
        can_read = False
        for descriptor, _ in self._poll.poll(milliseconds):
            self.idle = False
            if descriptor == self._child.requests:
                self._write()
            elif descriptor == self._child.pidfd:
                self.ended = True
            else:
                self._read(descriptor)
                can_read = True
        return can_read

    def _read(self, descriptor: int) -> None:
        """Reads a chunk from a pipe, or removes the pipe at its end."""
        try:
            data = os.read(descriptor, CHUNK)
        except BlockingIOError:  # poll may report a pipe that is empty
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
        except BrokenPipeError:  # the child has ended or closed its end
            self._outgoing = memoryview(b"")
        if not self._outgoing:
            self._stop_sending()

    def _stop_sending(self) -> None:
        self._outgoing = memoryview(b"")
        if self._sending:
            self._sending = False
            self._poll.unregister(self._child.requests)
