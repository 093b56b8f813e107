"""An engine whose constructor asks for more than a number."""

from __future__ import annotations

RIGHT = {"numbers": [2, 3, 3, 2]}
SET = ("self.data, self.parents, self.grad = data, parents, 0.0",)
ENGINE = """\
{head}class Value:
{init}
    def __add__(self, o):
        return Value(self.data + o.data, {plus})

    def __mul__(self, o):
        return Value(self.data * o.data, {times})

    def backward(self, g=1.0):
        if {keeps}:
            self.grad = self.grad + g
        for p, s in self.parents:
            p.backward(g * s)
"""
PLUS, TIMES = "((self, 1.0), (o, 1.0))", "((self, o.data), (o, self.data))"


def write(
    parameters: str,
    *lines: str,
    args: tuple[str, str] = (PLUS, TIMES),
    head: str = "",
    keeps: str = "True",
) -> str:
    """An engine whose constructor has these parameters and lines; `args` are those of results."""
    init = f"    def __init__(self, {parameters}):\n"
    init += "".join(f"        {line}\n" for line in lines)
    return ENGINE.format(head=head, init=init, plus=args[0], times=args[1], keeps=keeps)


def with_more(first: str, last: str = "") -> tuple[str, str]:
    """The arguments of results, with others before and after."""
    return f"{first}{PLUS}{last}", f"{first}{TIMES}{last}"
