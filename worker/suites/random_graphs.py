"""Graphs drawn from a seed: the same seed draws the same graphs, which nobody knows before."""

from __future__ import annotations

import bisect
import itertools
import math
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from worker.report.model import show

T = TypeVar("T")

ORDER = re.compile(r"(\d{1,3}) graphs of (\d{1,3}) to (\d{1,3}) nodes$")
MOST_GRAPHS, FEWEST_NODES, MOST_NODES = 200, 3, 200
LEAVES, DECIMALS = (0.3, 2.0), 2  # sizes of leaves, short enough to be read
MODERATE = (0.05, 8.0)  # sizes of numbers that keep tolerances tight and nothing flat
FRESH = 0.6  # how often an operand is one that nothing uses yet
EXPONENTS = (2, 3, 4, -1)


@dataclass(frozen=True, slots=True)
class Draw:
    """How many graphs, and the fewest and the most nodes of one."""

    graphs: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A program with its topic, and its size in nodes."""

    topic: str
    size: int
    program: str


def read_draw(text: str) -> Draw | None:
    """`12 graphs of 3 to 60 nodes`; None where it is not that."""
    match = ORDER.match(text)
    if match is None:
        return None
    graphs, fewest, most = (int(number) for number in match.groups())
    if not (0 < graphs <= MOST_GRAPHS and FEWEST_NODES <= fewest <= most <= MOST_NODES):
        return None
    return Draw(graphs, fewest, most)


def draw_programs(order: Draw, seed: str, is_fit: Callable[[str], bool]) -> Iterator[Drawn]:
    """Programs whose sizes grow from the fewest nodes to the most. One that is not fit to judge by
    is drawn again."""
    for index in range(order.graphs):
        share = index / max(order.graphs - 1, 1)
        size = round(order.fewest * (order.most / order.fewest) ** share)
        drawn = (
            _Drawing(_Luck(f"{seed}:{index}:{trial}")).draw(size) for trial in itertools.count()
        )
        yield next(one for one in drawn if is_fit(one.program))


class _Luck:
    """Choices by a seed, made of `random()` alone: of all else Python promises no sequence, and an
    appeal may be graded by a newer one."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random  # from 0 up to 1

    def choose(self, things: Sequence[T]) -> T:
        return things[int(self.random() * len(things))]

    def choose_weighted(self, things: Sequence[T], weights: Sequence[int]) -> T:
        place = bisect.bisect(list(itertools.accumulate(weights)), self.random() * sum(weights))
        return things[place]


@dataclass(slots=True)
class _Drawing:
    """A graph in the making: its lines, and the number that each name has."""

    luck: _Luck
    numbers: dict[str, float] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def draw(self, size: int) -> Drawn:
        """A program of about so many nodes, every one of which L depends on."""
        leaves = [f"x{number}" for number in range(1, max(2, round(size / 3)) + 1)]
        for name in leaves:
            number = self._draw_leaf()
            self._add(name, f"Value({show(number)})", number)
        inner = 0
        while len(self.numbers) + len(self.unused) <= size or inner == 0:
            inner += 1
            self._apply(f"v{inner}")
        while len(self.unused) > 1:
            inner += 1
            left, right = self.unused[:2]
            self._join(f"v{inner}", left, right)
        self.lines.append(f"{self.unused[0]}.backward()")
        return Drawn(
            topic="A random graph",
            size=len(self.numbers),
            program="\n".join(self.lines),
        )

    def _draw_leaf(self) -> float:
        least, most = LEAVES
        size = least + (most - least) * self.luck.random()
        return self.luck.choose((-1, 1)) * round(size, DECIMALS)

    def _apply(self, name: str) -> None:
        """A node of an operation whose result is moderate."""
        left, right = self._choose(), self._choose()
        a, b = self.numbers[left], self.numbers[right]
        exponent = self.luck.choose(EXPONENTS)
        options = [
            (f"{left} + {right}", a + b, {left, right}, 3),
            (f"{left} * {right}", a * b, {left, right}, 4),
            (f"{left} - {right}", a - b, {left, right}, 2),
            (f"{left} / {right}", a / b, {left, right}, 1),
            (f"{left} ** {exponent}", a**exponent, {left}, 1),
        ]
        fit = [option for option in options if _is_moderate(option[1])]
        fit.append((f"{left}.tanh()", math.tanh(a), {left}, 1))
        text, number, operands, _ = self.luck.choose_weighted(fit, [w for *_, w in fit])
        self._add(name, text, number, operands)

    def _join(self, name: str, left: str, right: str) -> None:
        total = self.numbers[left] + self.numbers[right]
        sign = "+" if _is_moderate(total) else "-"
        number = total if sign == "+" else self.numbers[left] - self.numbers[right]
        self._add(name, f"{left} {sign} {right}", number, {left, right})

    def _add(self, name: str, text: str, number: float, operands: Collection[str] = ()) -> None:
        self.lines.append(f"{name} = {text}")
        self.numbers[name] = number
        self.unused = [other for other in self.unused if other not in operands]
        self.unused.append(name)

    def _choose(self) -> str:
        if self.luck.random() < FRESH:
            return self.luck.choose(self.unused)
        return self.luck.choose(list(self.numbers))


def _is_moderate(number: float) -> bool:
    least, most = MODERATE
    return least <= abs(number) <= most
