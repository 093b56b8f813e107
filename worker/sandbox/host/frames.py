"""Frames on the pipes: a length of four bytes, big-endian, then a body of that length.

A body is JSON, a question or packed numbers; `worker.driver.base.protocol` says more.

What a child writes may be hostile. So nothing here raises an exception because of it, and nothing
reads more of it than the cap.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, NoReturn

from worker.driver.base.protocol import LENGTH


class FrameReader:
    """Collects the expected frames. Extra bytes and frames above the cap are malformed.

    Complete frames before the malformed part can still be taken.
    """

    def __init__(self, cap: int, due: int = 1) -> None:
        self._cap = cap
        self.due = due  # frames that are still expected
        self._lengths: deque[int] = deque()  # of the bodies of complete frames
        self._buffer = bytearray()
        self._whole = 0  # bytes of the buffer that are complete frames
        self._received = 0  # bytes since the last frame was taken
        self.malformed: str | None = None

    def expect(self, frames: int) -> None:
        """Expects more frames."""
        self.due += frames

    @property
    def sated(self) -> bool:
        """Whether more than the cap has come. Then read no more until a frame is taken."""
        return self._received > self._cap + LENGTH.size

    @property
    def flooded(self) -> bool:
        """Whether more than the cap has come without a complete frame."""
        return self.sated and not self.is_complete()

    def is_complete(self) -> bool:
        """Whether a frame can be taken."""
        return bool(self._lengths)

    def feed(self, data: bytes) -> None:
        """Adds bytes. After something malformed, bytes are only counted."""
        self._received += len(data)
        if self.malformed is None:
            self._buffer += data
            self._find_frames()

    def take(self) -> bytes:
        """Removes the first complete frame and returns its body."""
        end = LENGTH.size + self._lengths.popleft()
        body = bytes(memoryview(self._buffer)[LENGTH.size : end])
        del self._buffer[:end]
        self._whole -= end
        self._received = len(self._buffer)
        return body

    def _find_frames(self) -> None:
        """Finds frames that are complete now. Rejects bytes that belong to no expected frame."""
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
            if self._lengths:  # which of the last two is the answer is unknown
                self._whole -= LENGTH.size + self._lengths.pop()
            self._reject("more came than the answers that were asked for")

    def _reject(self, reason: str) -> None:
        self.malformed = reason
        del self._buffer[self._whole :]


def encode(message: dict[str, Any]) -> bytes:
    """Returns a message of ours as a frame."""
    return frame(to_body(message))


def to_body(message: dict[str, Any]) -> bytes:
    """Returns a message of ours as JSON."""
    return _ENCODER.encode(message).encode()


def frame(body: bytes) -> bytes:
    """Returns a body as a frame."""
    return LENGTH.pack(len(body)) + body


def number_question(number: int, body: bytes) -> bytes:
    """Returns a question's body with the id that its answer must have."""
    return LENGTH.pack(number) + body


def decode(body: bytes) -> dict[str, Any] | None:
    """Returns the JSON object in a frame's body; None for anything else."""
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
