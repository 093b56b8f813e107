"""A complete engine, and slips: what stands in it, and what a student wrote there instead.

Two slips can be combined if they don't touch the same text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping

Slip = list[tuple[str, str]]  # texts and what is there instead
Edit = tuple[int, int, str]  # from, to, and what is there instead

RIGHT = '''\
import math


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data, kids=()):
        self.data = data
        self.grad = 0.0
        self.kids = kids
        self.push = lambda: None

    def __add__(self, o):
        o = lift(o)
        out = Value(self.data + o.data, (self, o))
        def push():
            self.grad += out.grad
            o.grad += out.grad
        out.push = push
        return out

    def __mul__(self, o):
        o = lift(o)
        out = Value(self.data * o.data, (self, o))
        def push():
            self.grad += o.data * out.grad
            o.grad += self.data * out.grad
        out.push = push
        return out

    def __pow__(self, n):
        out = Value(self.data ** n, (self,))
        def push():
            self.grad += n * self.data ** (n - 1) * out.grad
        out.push = push
        return out

    def __rpow__(self, base):
        out = Value(base ** self.data, (self,))
        def push():
            self.grad += math.log(base) * out.data * out.grad
        out.push = push
        return out

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, o):
        return self + -lift(o)

    def __rsub__(self, o):
        return lift(o) + -self

    def __truediv__(self, o):
        return self * lift(o) ** -1

    def __rtruediv__(self, o):
        return lift(o) * self ** -1

    def _unary(self, value, slope):
        out = Value(value, (self,))
        def push():
            self.grad += slope * out.grad
        out.push = push
        return out

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, 1 - t * t)

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, e)

    def log(self):
        return self._unary(math.log(self.data), 1 / self.data)

    def relu(self):
        return self._unary(max(self.data, 0), 1.0 if self.data > 0 else 0.0)

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self._unary(s, s * (1 - s))

    def sin(self):
        return self._unary(math.sin(self.data), math.cos(self.data))

    def cos(self):
        return self._unary(math.cos(self.data), -math.sin(self.data))

    def sqrt(self):
        return self ** 0.5

    def __abs__(self):
        return self._unary(abs(self.data), 1.0 if self.data > 0 else -1.0)

    def backward(self):
        order, seen = [], set()
        def visit(v):
            if v not in seen:
                seen.add(v)
                for k in v.kids:
                    visit(k)
                order.append(v)
        visit(self)
        self.grad = 1.0
        for v in reversed(order):
            v.push()
'''
BACKWARD = RIGHT[RIGHT.index("    def backward") :]

# A text stands in the engine once. Only ASSIGN has several places.
ASSIGN = [("grad += ", "grad = ")]
SLIPS: dict[str, Slip] = {
    "assigns everywhere": ASSIGN,
    "assigns in +": [
        ("self.grad += out.grad", "self.grad = out.grad"),
        ("o.grad += out.grad", "o.grad = out.grad"),
    ],
    "assigns in *": [
        ("self.grad += o.data * out.grad", "self.grad = o.data * out.grad"),
        ("o.grad += self.data * out.grad", "o.grad = self.data * out.grad"),
    ],
    "assigns in the power": [("self.grad += n * self.data", "self.grad = n * self.data")],
    "assigns in all functions": [("self.grad += slope", "self.grad = slope")],
    "* gives own data": [
        ("self.grad += o.data * out.grad", "self.grad += self.data * out.grad"),
        ("o.grad += self.data * out.grad", "o.grad += o.data * out.grad"),
    ],
    "* without closure": [
        (
            "            o.grad += self.data * out.grad\n        out.push = push\n",
            "            o.grad += self.data * out.grad\n",
        )
    ],
    "+ drops the second operand": [
        ("            self.grad += out.grad\n            o.grad += out.grad\n", "            self.grad += out.grad\n")
    ],
    "the power forgets n": [("+= n * self.data", "+= self.data")],
    "the power forgets upstream": [("(n - 1) * out.grad", "(n - 1)")],
    "functions forget upstream": [("slope * out.grad", "slope")],
    "1 - x swapped": [("lift(o) + -self", "self - o")],
    "1 / x swapped": [("lift(o) * self ** -1", "self / o")],
    "tanh with 1 - t": [("1 - t * t)", "1 - t)")],
    "exp with x * e": [("(e, e)", "(e, self.data * e)")],
    "relu with 1": [("1.0 if self.data > 0 else 0.0)", "1.0)")],
    "sigmoid with 1 - s": [("s * (1 - s))", "(1 - s))")],
    "log of x + 1e-8": [
        ("math.log(self.data), 1 / self.data)", "math.log(self.data + 1e-8), 1 / (self.data + 1e-8))")
    ],
    "never seeded": [("        self.grad = 1.0\n", "")],
    "order never built": [("        visit(self)\n", "")],
    "naive recursion": [
        (
            BACKWARD,
            """\
    def backward(self):
        self.grad = 1.0
        def walk(v):
            v.push()
            for k in v.kids:
                walk(k)
        walk(self)
""",
        )
    ],
    "breadth-first once": [
        (
            BACKWARD,
            """\
    def backward(self):
        self.grad = 1.0
        queue, seen = [self], {self}
        for v in queue:
            v.push()
            for k in v.kids:
                if k not in seen:
                    seen.add(k)
                    queue.append(k)
""",
        )
    ],
    "equal numbers are one node": [
        (
            "    def __add__",
            "    def __eq__(self, o):\n        return self.data == o.data\n\n"
            "    def __hash__(self):\n        return hash(self.data)\n\n    def __add__",
        )
    ],
    "order not reversed": [("reversed(order)", "order")],
    "append outside the guard": [("                order.append(v)", "            order.append(v)")],
    "-x is a number": [("return self * -1", "return -self.data")],
    "a - b gives +1 to both": [
        (
            "return self + -lift(o)",
            "o = lift(o)\n        out = Value(self.data - o.data, (self, o))\n        def push():\n"
            "            self.grad += out.grad\n            o.grad += out.grad\n"
            "        out.push = push\n        return out",
        )
    ],
    "backward uses a global": [("visit(self)", "visit(o)")],
    "no backward": [(BACKWARD, "")],
    "single precision": [
        (
            "self.data = data\n",
            'import struct\n        self.data = struct.unpack("f", struct.pack("f", data))[0]\n',
        )
    ],
    "tanh without return": [("return self._unary(t, ", "self._unary(t, ")],
    "a / b with the sign lost": [
        (
            "return self * lift(o) ** -1",
            "o = lift(o)\n        out = Value(self.data / o.data, (self, o))\n        def push():\n"
            "            self.grad += out.grad / o.data\n"
            "            o.grad += self.data / o.data ** 2 * out.grad\n"
            "        out.push = push\n        return out",
        )
    ],
}



def one_slip(slips: Mapping[str, Slip] = SLIPS) -> dict[str, str]:
    """The right engine and each engine with one slip, by name."""
    return {"right": RIGHT} | {name: _apply(_find_edits(slip)) for name, slip in slips.items()}


def two_slips(slips: Mapping[str, Slip] = SLIPS) -> Iterator[tuple[str, str, str]]:
    """Each two slips that touch different parts of the engine, and the engine with both."""
    for one, other in itertools.combinations(slips, 2):
        edits = sorted(_find_edits(slips[one]) + _find_edits(slips[other]))
        if all(end <= start for (_, end, _), (start, _, _) in itertools.pairwise(edits)):
            yield one, other, _apply(edits)


def _find_edits(slip: Slip) -> list[Edit]:
    """What a slip changes, without the text that both have at the beginning and at the end."""
    edits = []
    for old, new in slip:
        places = [found.start() for found in re.finditer(re.escape(old), RIGHT)]
        assert len(places) == 1 or slip is ASSIGN, (old, len(places))
        head = _count_equal(old, new)
        tail = _count_equal(old[head:][::-1], new[head:][::-1])
        edits += [
            (place + head, place + len(old) - tail, new[head : len(new) - tail]) for place in places
        ]
    return edits


def _count_equal(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _apply(edits: list[Edit]) -> str:
    text = RIGHT
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
