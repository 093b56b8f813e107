"""Frames on the pipes: a length of four bytes, big-endian, then that much JSON, or a question.

What the child writes is hostile until it is shown to be an answer: nothing here raises on it, and
nothing goes on taking it beyond the cap.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, NoReturn

from worker.driver.base.protocol import LENGTH


class FrameReader:
    """Collects the frames that were asked for. More than those, or a longer one, is malformed.

    Frames that came whole before what is malformed can still be taken.
    """

    def __init__(self, cap: int, due: int = 1) -> None:
        self._cap = cap
        self.due = due  # frames that are not here yet
        self._lengths: deque[int] = deque()  # of the bodies that are
        self._buffer = bytearray()
        self._whole = 0  # bytes of it that are frames; what follows is not one yet
        self._received = 0  # since a frame was taken last
        self.malformed: str | None = None

    def expect(self, frames: int) -> None:
        """So many more are due."""
        self.due += frames

    @property
    def sated(self) -> bool:
        """Whether more than the cap has come, which is to be looked at before more is taken."""
        return self._received > self._cap + LENGTH.size

    @property
    def flooded(self) -> bool:
        """Whether more than the cap has come, and there is no frame to take."""
        return self.sated and not self.is_complete()

    def is_complete(self) -> bool:
        """Whether a frame is here."""
        return bool(self._lengths)

    def feed(self, data: bytes) -> None:
        """Takes more bytes. Once malformed, they are counted and dropped."""
        self._received += len(data)
        if self.malformed is None:
            self._buffer += data
            self._inspect()

    def take(self) -> bytes:
        """The first frame's body, once it is complete."""
        end = LENGTH.size + self._lengths.popleft()
        body = bytes(memoryview(self._buffer)[LENGTH.size : end])
        del self._buffer[:end]
        self._whole -= end
        self._received = len(self._buffer)
        return body

    def _inspect(self) -> None:
        """Finds the frames that are whole now, and cuts off what cannot be one that is due."""
        while self.due and len(self._buffer) - self._whole >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._buffer, self._whole)
            if length > self._cap:
                self._reject(f"an answer of {length} bytes was announced")
                return
            end = self._whole + LENGTH.size + length
            if end > len(self._buffer):
                return
            self._lengths.append(length)
            self._whole, self.due = end, self.due - 1
        if len(self._buffer) > self._whole and not self.due:
            if self._lengths:  # nobody knows which of the last two was meant
                self._whole -= LENGTH.size + self._lengths.pop()
            self._reject("more came than the answers that were asked for")

    def _reject(self, reason: str) -> None:
        self.malformed = reason
        del self._buffer[self._whole :]


def encode(message: dict[str, Any]) -> bytes:
    """A message of ours as a frame."""
    return frame(to_body(message))


def to_body(message: dict[str, Any]) -> bytes:
    """A message of ours as JSON."""
    return _ENCODER.encode(message).encode()


def frame(body: bytes) -> bytes:
    """A frame around a body."""
    return LENGTH.pack(len(body)) + body


def number_question(number: int, body: bytes) -> bytes:
    """A question's body with the number that its answer must have."""
    return LENGTH.pack(number) + body


def decode(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a frame's body, or None where it is not one."""
    try:
        text = body.decode()
        message, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and end == len(text) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_ENCODER = json.JSONEncoder(allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
