"""What is tried on the frame reader: any bytes, in any pieces, must end in a value."""

from __future__ import annotations

import random
from typing import Any

from worker.report.model import Problem
from worker.sandbox import Failure, Loaded, Observation
from worker.sandbox.host.answers import Malformed, read_loaded, read_observation
from worker.sandbox.host.frames import FrameReader, encode

CAP = 2**10
COUNT = 3
LENGTH = 4  # of a frame's length
READ = (Observation, Loaded, Problem, Failure, Malformed)
INTERFACE: dict[str, Any] = {
    "class": None,
    "data": "é",
    "grad": "g",
    "backward": "b()",
    "seed": None,
    "leaf": None,
    "adapt": "",
    "functions": {},
    "taken": [],
    "unseeded": False,
    "warning": "",
    "notes": ["left out"],
}
PROBLEM = {"kind": "load_error", "message": "é", "line": 1, "column": None, "source_line": "x"}
SEEDS = [
    encode({"id": 1, **rest})
    for rest in (
        {"numbers": [1.5, None, "nan"]},
        {"numbers": [-1e300, 7, "-inf"]},
        {"interface": INTERFACE, "work": 9},
        {"problem": PROBLEM},
        {"failure": {"verdict": "error", "message": "ZeroDivisionError \U0001f642"}},
        {"layers": {"seccomp": "on"}},
    )
]
TOKENS = [b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\u", b"NaN", b"Infinity", b"1e999", b"null"]
TOKENS += [b"true", b"-0", b"\\ud800", b"\0", b"\xff", b'"id":1', b"9" * 5000, b"[" * 2000]


def swallow(data: bytes, piece: int) -> int:
    """Reads the bytes as a child's answer, so many at once. Returns the most bytes ever held."""
    reader, most = FrameReader(CAP), 0
    for start in range(0, len(data), piece):
        reader.feed(data[start : start + piece])
        most = max(most, len(reader._buffer))
        if reader.is_complete():
            body = reader.take()
            assert isinstance(read_loaded(body, 1), READ)
            assert isinstance(read_observation(body, 1, COUNT), READ)
    return most


def mutate(chance: random.Random) -> bytes:
    """An answer with a few accidents, usually still with its right length; or mere bytes."""
    body = bytearray(chance.choice(SEEDS)[LENGTH:])
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(body) + 1)
        accident = chance.randrange(4)
        if accident == 0:
            body[place:place] = chance.choice(TOKENS)
        elif accident == 1:
            del body[place : place + chance.randrange(8)]
        elif accident == 2:
            body[place : place + 1] = chance.randbytes(1)
        else:
            body += chance.choice(SEEDS)[LENGTH:]
    length = len(body) if chance.random() < 0.8 else chance.getrandbits(32)
    return length.to_bytes(LENGTH, "big") + bytes(body) if chance.random() < 0.95 else bytes(body)
