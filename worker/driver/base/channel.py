"""Reads requests from one pipe and writes answers to another.

Source files and answers are JSON. There are many large questions, so those are marshalled.
"""

from __future__ import annotations

import json
import marshal
import os
from collections.abc import Callable
from typing import Any

from worker.driver.base.protocol import LENGTH, Answer

# Bound here, so that student code that replaces it in its module changes nothing.
_parse: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]
read_question: Callable[[bytes | memoryview], Any] = marshal.loads
_quote: Callable[[str], str] = json.encoder.encode_basestring_ascii
_spell = float.__repr__
_read, _write, _exit = os.read, os.write, os._exit
_pack, _unpack = LENGTH.pack, LENGTH.unpack


def receive(descriptor: int) -> Any:
    """The next request. Ends the process if there is none."""
    return _parse(_read_frame(descriptor).decode(), 0)[0]


def receive_question(descriptor: int) -> tuple[int, dict[str, Any]]:
    """The next question with its number. Ends the process if there is none."""
    frame = memoryview(_read_frame(descriptor))
    return _unpack(frame[: LENGTH.size])[0], read_question(frame[LENGTH.size :])


def _read_frame(descriptor: int) -> bytes:
    (length,) = _unpack(_read_exactly(descriptor, LENGTH.size))
    return _read_exactly(descriptor, length)


def _read_exactly(descriptor: int, length: int) -> bytes:
    parts = []
    while length:
        part = _read(descriptor, length)
        if not part:
            end(0)
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def end(status: int) -> None:
    """Ends the process at once. No more of the student's code runs."""
    _exit(status)


def send(descriptor: int, answer: Answer, streams: tuple[Any, ...] = ()) -> None:
    """Flushes the streams that the student printed to, then writes the answer."""
    for stream in streams:
        try:
            stream.flush()
        except BaseException:  # the student closed it, or filled it with text that can't be written
            continue
    body = encode(answer).encode()
    frame = _pack(len(body)) + body
    while frame:
        frame = frame[_write(descriptor, frame) :]


def encode(value: Any) -> str:
    """The value as JSON. Non-finite numbers become the strings "nan", "inf" and "-inf"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, float):
        text = _spell(value)
        return text if value - value == 0 else f'"{text}"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(k)}:{encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):  # most items are finite floats, which need no call
        parts = [_spell(v) if type(v) is float and v - v == 0 else encode(v) for v in value]
        return "[" + ",".join(parts) + "]"
    return int.__repr__(value)
