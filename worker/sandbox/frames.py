"""Frames on the pipes: a length of four bytes, big-endian, then that much JSON.

What the child writes is hostile until it is shown to be an answer: nothing here raises on it, and
nothing goes on taking it beyond the cap.
"""

from __future__ import annotations

import json
import struct
from typing import Any, NoReturn

_LENGTH = struct.Struct(">I")


class FrameReader:
    """Collects the frames that were asked for. More than those, or a longer one, is malformed.

    Frames that came whole before what is malformed can still be taken.
    """

    def __init__(self, cap: int, due: int = 1) -> None:
        self._cap = cap
        self._due = due
        self._buffer = bytearray()
        self._received = 0  # since a frame was taken last
        self.malformed: str | None = None

    def expect(self, frames: int) -> None:
        """So many more are due."""
        self._due += frames

    @property
    def sated(self) -> bool:
        """Whether more than the cap has come, which is to be looked at before more is taken."""
        return self._received > self._cap + _LENGTH.size

    @property
    def flooded(self) -> bool:
        """Whether more than the cap has come, and there is no frame to take."""
        return self.sated and not self.is_complete()

    def is_complete(self) -> bool:
        """Whether a frame is here."""
        whole = self._whole(0)
        return whole is not None and len(self._buffer) >= whole

    def feed(self, data: bytes) -> None:
        """Takes more bytes. Once malformed, they are counted and dropped."""
        self._received += len(data)
        if self.malformed is None:
            self._buffer += data
            self._inspect()

    def take(self) -> bytes:
        """The first frame's body, once it is complete."""
        whole = self._whole(0) or 0
        body = bytes(self._buffer[_LENGTH.size : whole])
        del self._buffer[:whole]
        self._due -= 1
        self._received = len(self._buffer)
        return body

    def _whole(self, start: int) -> int | None:
        """How long the frame is that starts there, with its length; None until that is known."""
        if len(self._buffer) - start < _LENGTH.size:
            return None
        length: int = _LENGTH.unpack_from(self._buffer, start)[0]
        return _LENGTH.size + length

    def _inspect(self) -> None:
        """Walks over the frames that are here, and cuts off what cannot be one that is due."""
        start = last = 0
        for _ in range(self._due):
            whole = self._whole(start)
            if whole is not None and whole > self._cap + _LENGTH.size:
                self.malformed = f"an answer of {whole - _LENGTH.size} bytes was announced"
                del self._buffer[start:]
                return
            if whole is None or start + whole > len(self._buffer):
                return
            last, start = start, start + whole
        if len(self._buffer) > start:
            self.malformed = "more came than the answers that were asked for"
            del self._buffer[last:]


def encode(message: dict[str, Any]) -> bytes:
    """A message of ours as a frame."""
    return frame(to_body(message))


def to_body(message: dict[str, Any]) -> bytes:
    """A message of ours as JSON."""
    return _ENCODER.encode(message).encode()


def frame(body: bytes) -> bytes:
    """A frame around a body."""
    return _LENGTH.pack(len(body)) + body


def decode(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a frame's body, or None where it is not one."""
    try:
        message = _DECODER.decode(body.decode())
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_ENCODER = json.JSONEncoder(allow_nan=False)
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
