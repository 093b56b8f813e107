"""Reads requests from one pipe and writes answers to another.

Source files and answers are JSON. There are many questions, so those are marshalled, and most
answers to them are packed.
"""

from __future__ import annotations

import json
import marshal
import os
from collections.abc import Callable
from typing import Any

from worker.driver.base.protocol import LENGTH, PACKED, Answer, packed

# Bound here, so that student code that replaces it in its module changes nothing.
_parse: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]
read_question: Callable[[bytes | memoryview], Any] = marshal.loads
_quote: Callable[[str], str] = json.encoder.encode_basestring_ascii
_spell = float.__repr__
_read, _write, _exit = os.read, os.write, os._exit
_pack, _unpack, _unpack_from = LENGTH.pack, LENGTH.unpack, LENGTH.unpack_from

_FLOAT = frozenset({float})


def receive(descriptor: int) -> Any:
    """The next request. Ends the process if there is none."""
    return _parse(_read_frame(descriptor).decode(), 0)[0]


def receive_question(descriptor: int) -> tuple[int, dict[str, Any]]:
    """The next question with its number. Ends the process if there is none."""
    frame = _read_frame(descriptor)
    return _unpack_from(frame)[0], read_question(memoryview(frame)[LENGTH.size :])


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
    _flush(streams)
    _write_frame(descriptor, encode(answer).encode())


def send_numbers(
    descriptor: int, question: int, answer: Answer, streams: tuple[Any, ...] = ()
) -> None:
    """Sends the answer to a question, packed if it has nothing but floats."""
    numbers: list[Any] = answer.get("numbers", [])
    may_vary = answer.get("may_vary", False)
    is_short = "numbers" in answer and len(answer) == 1 + may_vary
    if not is_short or not _FLOAT.issuperset(map(type, numbers)):
        send(descriptor, {"id": question, **answer}, streams)
        return
    _flush(streams)
    form = packed(len(numbers))
    _write_frame(descriptor, form.pack(PACKED, question, may_vary, *numbers))


def _flush(streams: tuple[Any, ...]) -> None:
    for stream in streams:
        try:
            stream.flush()
        except BaseException:  # the student closed it, or filled it with text that can't be written
            continue


def _write_frame(descriptor: int, body: bytes) -> None:
    frame = _pack(len(body)) + body
    while frame:
        frame = frame[_write(descriptor, frame) :]


def encode(value: Any) -> str:
    """The value as JSON. Non-finite numbers become the strings "nan", "inf" and "-inf"."""
    if type(value) is dict:
        return "{" + ",".join([f"{_quote(k)}:{encode(v)}" for k, v in value.items()]) + "}"
    if type(value) is list:  # most items are finite floats, which need no call
        parts = [_spell(v) if type(v) is float and v - v == 0 else encode(v) for v in value]
        return "[" + ",".join(parts) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, float):
        text = _spell(value)
        return text if value - value == 0 else f'"{text}"'
    return int.__repr__(value)
