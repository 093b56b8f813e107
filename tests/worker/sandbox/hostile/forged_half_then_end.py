# what: gives half an answer and ends
# expect: invalid_output
import json
import os
import sys

TRUE = {"data": (3, 4, 12, 5, 17, 2, 34), "grad": (8, 6, 2, 2, 2, 17, 1)}
NAMES = ("x1", "x2", "x3", "x4", "x5", "x6", "L")


def answer(message):
    body = json.dumps(message).encode()
    os.write(4, len(body).to_bytes(4, "big") + body)
    os._exit(0)


def asked():
    """What the driver wants to read, found in its frame."""
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["request"]["reads"]


def backward(self):
    os.write(4, b"\0\0\0\x20{")
    os._exit(0)


Value.backward = backward
