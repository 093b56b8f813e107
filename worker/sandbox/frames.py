"""Frames on the pipes: a length of four bytes, big-endian, then that much JSON.

What the child writes is hostile until it is shown to be an answer: nothing here raises on it, and
nothing holds more of it than the cap.
"""

from __future__ import annotations

import json
import struct
from typing import Any, NoReturn

_LENGTH = struct.Struct(">I")


class FrameReader:
    """Collects the one frame that was asked for. More than it, or a longer one, is malformed."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._buffer = bytearray()
        self._received = 0
        self.malformed: str | None = None

    @property
    def flooded(self) -> bool:
        """Whether more than the cap has come."""
        return self._received > self._cap + _LENGTH.size

    def is_complete(self) -> bool:
        """Whether the frame is here, and nothing after it."""
        return self.malformed is None and len(self._buffer) == self._whole

    def feed(self, data: bytes) -> None:
        """Takes more bytes. Once malformed, they are counted and dropped."""
        self._received += len(data)
        if self.malformed is None:
            self._buffer += data
            self._inspect()

    def take(self) -> bytes:
        """The complete frame's body; the reader is then ready for the next."""
        body = bytes(self._buffer[_LENGTH.size :])
        self._buffer.clear()
        self._received = 0
        return body

    @property
    def _whole(self) -> int | None:
        """How long the frame is with its length; None until that is known."""
        if len(self._buffer) < _LENGTH.size:
            return None
        length: int = _LENGTH.unpack_from(self._buffer)[0]
        return _LENGTH.size + length

    def _inspect(self) -> None:
        whole = self._whole
        if whole is None:
            return
        if whole > self._cap + _LENGTH.size:
            self.malformed = f"an answer of {whole - _LENGTH.size} bytes was announced"
        elif len(self._buffer) > whole:
            self.malformed = "more than one answer came"
        if self.malformed is not None:
            self._buffer.clear()


def encode(message: dict[str, Any]) -> bytes:
    """A message of ours as a frame."""
    body = json.dumps(message, allow_nan=False).encode()
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a frame's body, or None where it is not one."""
    try:
        message = json.loads(body.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
