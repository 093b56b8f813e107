"""More slips in the engine of `one_slip`, for the pairs that `make strength` tries."""

from __future__ import annotations

from tests.students.one_slip import Slip


def _method(head: str, value: str, kids: str, step: str) -> str:
    """A method with a closure of its own."""
    return (
        f"    def {head}:\n        out = Value({value}, {kids})\n        def push():\n"
        f"            {step}\n        out.push = push\n        return out\n\n"
    )


def _insert(method: str) -> Slip:
    """A method more."""
    return [("    def __neg__", f"{method}    def __neg__")]


MORE_SLIPS: dict[str, Slip] = {
    "assigns in x += 2": _insert(
        "    def __iadd__(self, o):\n        return self + o if isinstance(o, Value) else self.moved(o)\n\n"
        + _method("moved(self, n)", "self.data + n", "(self,)", "self.grad = out.grad")
    ),
    "assigns in x *= y": _insert(
        "    def __imul__(self, o):\n        return self.times(lift(o))\n\n"
        + _method(
            "times(self, o)",
            "self.data * o.data",
            "(self, o)",
            "self.grad, o.grad = o.data * out.grad, self.data * out.grad",
        )
    ),
    "assigns in x **= n": _insert(
        _method(
            "__ipow__(self, n)",
            "self.data ** n",
            "(self,)",
            "self.grad = n * self.data ** (n - 1) * out.grad",
        )
    ),
    "x -= y swapped": _insert("    def __isub__(self, o):\n        return lift(o) - self\n\n"),
    "x /= y forgets y": _insert(
        "    def __itruediv__(self, o):\n        return self * (1 / lift(o).data)\n\n"
    ),
    "+ takes the sibling's gradient": [
        ("            o.grad += out.grad\n        out.push", "            o.grad += self.grad\n        out.push")
    ],
    "+ forgets its operands": [
        ("out = Value(self.data + o.data, (self, o))", "out = Value(self.data + o.data)")
    ],
    "* forgets its operands": [
        ("out = Value(self.data * o.data, (self, o))", "out = Value(self.data * o.data)")
    ],
    "the power forgets its operand": [
        ("out = Value(self.data ** n, (self,))", "out = Value(self.data ** n)")
    ],
    "functions forget their operand": [("out = Value(value, (self,))", "out = Value(value)")],
    "2 ** x forgets its operand": [
        ("out = Value(base ** self.data, (self,))", "out = Value(base ** self.data)")
    ],
    "2 ** x without the logarithm": [("+= math.log(base) * out.data", "+= out.data")],
    "x ** 0 wipes": [
        (
            "            self.grad += n * self.data ** (n - 1) * out.grad\n",
            "            self.grad = self.grad + n * self.data ** (n - 1) * out.grad if n else 0.0\n",
        )
    ],
    "functions that are flat wipe": [
        (
            "            self.grad += slope * out.grad\n",
            "            self.grad = self.grad + slope * out.grad if slope else 0.0\n",
        )
    ],
    "-x drops the sign of the gradient": [
        (
            "    def __neg__(self):\n        return self * -1\n",
            _method("__neg__(self)", "-self.data", "(self,)", "self.grad += out.grad").rstrip("\n")
            + "\n",
        )
    ],
    "log of the result": [("1 / self.data)\n\n    def relu", "1 / math.log(self.data))\n\n    def relu")],
    "sin with the sign of cos": [("math.sin(self.data), math.cos(self.data))", "math.sin(self.data), -math.cos(self.data))")],
    "cos without its sign": [("-math.sin(self.data))", "math.sin(self.data))")],
    "sqrt is missing": [("    def sqrt(self):\n        return self ** 0.5\n\n", "")],
    "abs with slope 1": [("1.0 if self.data > 0 else -1.0)", "1.0)")],
    "relu is missing": [
        (
            "    def relu(self):\n"
            "        return self._unary(max(self.data, 0), 1.0 if self.data > 0 else 0.0)\n\n",
            "",
        )
    ],
    "no number on the left of +": [("    __radd__ = __add__\n", "")],
    "no number on the left of *": [("    __rmul__ = __mul__\n", "")],
    "two levels only": [
        (
            "        for v in reversed(order):\n            v.push()\n",
            "        for v in (self, *self.kids):\n            v.push()\n",
        )
    ],
    "the seed is the output's number": [("        self.grad = 1.0\n", "        self.grad = self.data\n")],
    "only the first operand is kept": [("        self.kids = kids\n", "        self.kids = kids[:1]\n")],
}
