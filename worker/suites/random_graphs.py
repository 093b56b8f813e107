"""Generates random graphs from a seed. The same seed always gives the same graphs."""

from __future__ import annotations

import bisect
import itertools
import math
import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

PLAN = re.compile(r"(\d{1,3}) graphs of (\d{1,3}) to (\d{1,3}) nodes$")
MOST_GRAPHS, FEWEST_NODES, MOST_NODES = 200, 3, 200
LEAVES, DECIMALS = (0.3, 2.0), 2  # the range of |leaf|, and its decimals, for short programs
MODERATE = (0.05, 8.0)  # the range of |result|: keeps tolerances small and functions steep
STEEP = 2.5  # farther out, tanh is so flat that its slope hardly shows
FRESH = 0.6  # the probability that an operand is a node that has no use yet
EXPONENTS = (2, 3, 4, -1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How many graphs to generate, and the fewest and the most nodes of a graph."""

    graphs: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class RandomProgram:
    """A program, what its case is about, and its number of nodes."""

    topic: str
    size: int
    text: str


def parse_plan(text: str) -> Plan | None:
    """Reads `12 graphs of 3 to 60 nodes`. Returns None for any other text."""
    match = PLAN.match(text)
    if match is None:
        return None
    graphs, fewest, most = (int(number) for number in match.groups())
    if not (0 < graphs <= MOST_GRAPHS and FEWEST_NODES <= fewest <= most <= MOST_NODES):
        return None
    return Plan(graphs, fewest, most)


def generate_programs(
    plan: Plan, seed: str, is_fit: Callable[[str], bool]
) -> Iterator[RandomProgram]:
    """Yields programs that grow from the fewest nodes to the most.

    If `is_fit` rejects a program, another one is generated in its place.
    """
    for index in range(plan.graphs):
        share = index / max(plan.graphs - 1, 1)
        size = round(plan.fewest * (plan.most / plan.fewest) ** share)
        programs = (
            ProgramBuilder(Choices(f"{seed}:{index}:{trial}")).build(size)
            for trial in itertools.count()
        )
        yield next(program for program in programs if is_fit(program.text))


class Choices:
    """Random choices that are the same in every version of Python.

    Python promises a stable sequence for `random()` alone, so everything else is built from it. An
    old submission may be graded again by a newer Python.
    """

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random  # from 0 up to 1

    def choose(self, options: Sequence[T]) -> T:
        """Returns one of the options; all are equally likely."""
        return options[int(self.random() * len(options))]

    def choose_weighted(self, options: Sequence[T], weights: Sequence[int]) -> T:
        """Returns one of the options, with a probability in proportion to its weight."""
        limit = self.random() * sum(weights)
        return options[bisect.bisect(list(itertools.accumulate(weights)), limit)]


@dataclass(slots=True)
class ProgramBuilder:
    """Builds one random program. Each name has a line and a number."""

    choices: Choices
    numbers: dict[str, float] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def build(self, size: int) -> RandomProgram:
        """Returns a program of about `size` nodes. Its output depends on all of them."""
        smallest, largest = LEAVES
        for number in range(1, max(2, round(size / 3)) + 1):
            magnitude = smallest + (largest - smallest) * self.choices.random()
            value = self.choices.choose((-1, 1)) * round(magnitude, DECIMALS)
            self.add(f"x{number}", f"Value({value!r})", value)
        names = (f"v{number}" for number in itertools.count(1))
        self.add_operation(next(names))
        while len(self.numbers) + len(self.unused) <= size:
            self.add_operation(next(names))
        while len(self.unused) > 1:
            left, right = self.unused[:2]
            a, b = self.numbers[left], self.numbers[right]
            sign, result = ("+", a + b) if is_moderate(a + b) else ("-", a - b)
            self.add(next(names), f"{left} {sign} {right}", result, {left, right})
        self.lines.append(f"{self.unused[0]}.backward()")
        text = "\n".join(self.lines)
        return RandomProgram(topic="A random graph", size=len(self.numbers), text=text)

    def add_operation(self, name: str) -> None:
        """Adds a random operation with a moderate result."""
        left, right = self.choose_operand(), self.choose_operand()
        a, b = self.numbers[left], self.numbers[right]
        exponent = self.choices.choose(EXPONENTS)
        options = [
            (f"{left} + {right}", a + b, {left, right}, 3),
            (f"{left} * {right}", a * b, {left, right}, 4),
            (f"{left} - {right}", a - b, {left, right}, 2),
            (f"{left} / {right}", a / b, {left, right}, 1),
            (f"{left} ** {exponent}", a**exponent, {left}, 1),
        ]
        fit = [option for option in options if is_moderate(option[1])]
        if abs(a) <= STEEP or not fit:
            fit.append((f"{left}.tanh()", math.tanh(a), {left}, 1))
        text, number, operands, _ = self.choices.choose_weighted(fit, [w for *_, w in fit])
        self.add(name, text, number, operands)

    def choose_operand(self) -> str:
        """Returns a name, often one that has no use yet."""
        is_fresh = self.choices.random() < FRESH
        return self.choices.choose(self.unused if is_fresh else list(self.numbers))

    def add(self, name: str, text: str, number: float, operands: Collection[str] = ()) -> None:
        """Adds the line `name = text`, which uses some operands and has a number as its result."""
        self.lines.append(f"{name} = {text}")
        self.numbers[name] = number
        self.unused = [other for other in self.unused if other not in operands]
        self.unused.append(name)


def is_moderate(number: float) -> bool:
    """Whether a result is neither too small nor too large to go on with."""
    smallest, largest = MODERATE
    return smallest <= abs(number) <= largest
