"""Random graphs from a seed: every operation of the language, in every form that it can be spelled.

They are as wild as a case's reader lets pass: numbers of any size, cancellation, flat and steep
places, nodes used many times, several outputs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence

from worker.graph import FUNCTIONS, Graph, parse
from worker.reference.differences import PLAIN
from worker.suites.validation import Oracle, consult, find_disagreement, find_fault

WILD = 1e6  # no number of a graph is larger
TAME = 100.0  # where no way of spelling an operation overflows
TRIES = 20  # for an operation that is defined and tame at the available numbers
LITERALS = ("2", "3", "-1", "0.5", "1.5", "-2", "10", "0.1", "-0.7", "1", "7")
OPERATORS = ("+", "-", "*", "*", "/", "**")
POWERS = ("2", "3", "-1", "0.5", "1.5", "-2", "1", "0", "4", "-0.5", "2.0")


def draw_graph(dice: random.Random, *, outputs: int = 3, most: float = WILD) -> Graph:
    """One graph of 2 to 40 nodes; most are small, and most have one output."""
    writer = _Writer(dice, outputs, most)
    return parse(writer.write(2 + int(39 * dice.random() ** 4)))


def draw_cases(seed: int, count: int, *, outputs: int = 3, most: float = WILD) -> Iterator[Oracle]:
    """Graphs that a case could be made of, until there are enough of them."""
    dice = random.Random(seed)
    while count:
        oracle = consult(draw_graph(dice, outputs=outputs, most=most))
        if find_fault(oracle) is None and find_disagreement(oracle) is None:
            count -= 1
            yield oracle


class _Writer:
    """Writes a program and keeps its numbers, so as not to leave what is defined."""

    def __init__(self, dice: random.Random, outputs: int, most: float) -> None:
        self.dice = dice
        self.most = most
        self.more_outputs = outputs - 1
        self.lines: list[str] = []
        self.numbers: list[float] = []
        self.unused: list[int] = []

    def write(self, nodes: int) -> str:
        for _ in range(max(1, min(nodes - 1, self.dice.randint(1, 2 + nodes // 6)))):
            self._add_leaf()
        while len(self.numbers) < nodes:
            self._add_operation()
            if self.more_outputs and self.dice.random() < 0.02:
                self.more_outputs -= 1
                self._add_backward(self._pick())
        self._add_backward(f"v{len(self.numbers) - 1}")
        return "\n".join(self.lines)

    def _add_backward(self, node: str) -> None:
        self.lines.append(f"{node}.backward()")

    def _add_leaf(self) -> None:
        number = self._draw_number()
        while abs(number) > self.most:
            number = self._draw_number()
        self.lines.append(f"v{len(self.numbers)} = Value({number!r})")
        self._keep(float(number))

    def _draw_number(self) -> float:
        dice = self.dice
        return dice.choice(
            (
                dice.randint(-9, 9),
                round(dice.uniform(-4, 4), 3),
                dice.uniform(-2, 2),
                dice.choice((-1, 1)) * 10 ** dice.uniform(-6, 4),
                dice.gauss(0, 1),
                self._repeat(),
            )
        )

    def _repeat(self) -> float:
        """A number that is there already, or nearly: what is made of both may cancel."""
        number = self.dice.choice(self.numbers or [1.0])
        return number + self.dice.choice((0, 0, 1e-3, -1e-5, 2**-30))

    def _pick(self) -> str:
        """A node: often one that nothing was made of yet, or a late one."""
        kind = self.dice.random()
        if kind < 0.4 and self.unused:
            return f"v{self.dice.choice(self.unused)}"
        last = len(self.numbers) - 1
        early = last - int(self.dice.expovariate(0.5))
        return f"v{self.dice.randint(0, last) if kind < 0.7 else max(0, early)}"

    def _keep(self, number: float, operands: Sequence[str] = ()) -> None:
        self.unused = [node for node in self.unused if f"v{node}" not in operands]
        self.unused.append(len(self.numbers))
        self.numbers.append(number)

    def _add_operation(self) -> None:
        for _ in range(TRIES):
            lines, operation, operands = self._draw_operation()
            number = PLAIN[operation.removesuffix("=")](*map(self._evaluate, operands))
            if math.isfinite(number) and abs(number) <= self.most:
                self.lines += lines
                self._keep(number, operands)
                return
        self._add_leaf()

    def _evaluate(self, operand: str) -> float:
        return self.numbers[int(operand[1:])] if operand.startswith("v") else float(operand)

    def _draw_operation(self) -> tuple[list[str], str, list[str]]:
        """The lines that spell the next node, its operation and its operands."""
        dice, name = self.dice, f"v{len(self.numbers)}"
        kind = dice.random()
        if kind < 0.3:
            function, node = dice.choice((*FUNCTIONS, "neg")), self._pick()
            spelled = dice.choice((f"{function}({node})", f"{node}.{function}()"))
            return [f"{name} = {'-' + node if function == 'neg' else spelled}"], function, [node]
        operation = dice.choice(OPERATORS)
        left, right = self._pick(), self._draw_operand(POWERS if operation == "**" else LITERALS)
        if kind < 0.4:
            lines = [f"{name} = {left}", f"{name} {operation}= {right}"]
            return lines, f"{operation}=", [left, right]
        if kind < 0.5:
            left, right = dice.choice(LITERALS), self._pick()
        return [f"{name} = {_wrap(left)} {operation} {_wrap(right)}"], operation, [left, right]

    def _draw_operand(self, literals: Sequence[str]) -> str:
        return self._pick() if self.dice.random() < 0.7 else self.dice.choice(literals)


def _wrap(operand: str) -> str:
    return f"({operand})" if operand.startswith("-") else operand
