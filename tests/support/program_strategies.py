"""Strategies that draw graph programs."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from worker.graph import FUNCTIONS, parse
from worker.reference.engine import evaluate

NUMBERS = st.one_of(
    st.integers(-9, 9).map(str),
    st.floats(-8, 8, allow_subnormal=False).map(lambda number: repr(round(number, 3))),
)
POWERS = st.sampled_from(["2", "3", "(-1)", "0.5", "1.5", "(-2)", "1", "0"])


@st.composite
def programs(draw: st.DrawFn, *, most: int = 14, tame: bool = True) -> str:
    """A program of leaves and operations, constants on both sides, reuse, and a backward.

    A tame one stays clear of overflow and undefined results, or nearly so.
    """
    leaves = draw(st.integers(1, 4))
    lines = [f"v{index} = Value({draw(NUMBERS)})" for index in range(leaves)]
    for index in range(leaves, leaves + draw(st.integers(1, most))):
        node = st.integers(0, index - 1).map("v{}".format)
        operand = st.one_of(node, node, NUMBERS)
        a, b, number = draw(node), draw(operand), draw(NUMBERS)
        binary = draw(st.sampled_from("+-*/"))
        spelled = [
            f"{a} {binary} {b}",
            f"{a}\nv{index} {binary}= {b}",
            f"({number}) {binary} {a}",
            f"-{a}",
            f"{draw(st.sampled_from(FUNCTIONS))}({a})",
            f"{a} ** {draw(POWERS)}",
            f"{draw(POWERS)} ** {a}",
            f"{a} ** {draw(node)}",
        ]
        line = f"v{index} = {draw(st.sampled_from(spelled))}"
        is_fit = not tame or _is_tame([*lines, line, f"v{index}.backward()"])
        lines.append(line if is_fit else f"v{index} = {a} + {b}")
    return "\n".join([*lines, f"v{index}.backward()"])


def _is_tame(lines: list[str]) -> bool:
    """Whether all numbers are finite, and none so large that nothing but overflow comes of it."""
    evaluation = evaluate(parse("\n".join(lines)))
    numbers = (*evaluation.data, *evaluation.grad)
    return all(math.isfinite(number) and abs(number) < 1e6 for number in numbers)
