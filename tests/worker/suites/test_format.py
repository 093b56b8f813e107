"""Whatever stands in a suite's file, it is read or refused by SuiteError, and never falls over."""

from __future__ import annotations

import random

import pytest

from worker.suites.cases import SuiteError
from worker.suites.catalogue import FOLDER, names
from worker.suites.format.reader import read_outline, read_suite

MUTANTS = 150  # of a file
SLOW = ("n=2000", "n=5000", "range(300)", "range(20)")  # with which a test would take minutes
TEXTS = {name: (FOLDER / f"{name}.suite").read_text(encoding="utf-8") for name in names()}
LINES = [line for text in TEXTS.values() for line in text.splitlines()]
PIECES = (
    *("0", "-1", "1e400", "1e308", "nan", "inf", "9" * 400, "9" * 5000, "1j", "True", "1_0"),
    *("Value", "x.grad", "L", "**", "/", "()", "(", "\\", "'", "\t", "λ", "\0", "\u2028", "\f"),
    *("#", "|", "=", "@", ",", "->", "None", "range(0)", "# random: 3 graphs of 3 to 9 nodes"),
    *("# kind: gradient-check", "# kind: convention", "# kind: growth", "# check: inner"),
    *("# check: outputs", "# rule: reuse", "# order: 3", "# weight: -1", "# case:"),
    *("# forms: functions", "# forms: operators, in place", "# positive: x=1", "# equal: yes"),
    *("y = FORM(x)", "y = FORM(a, b)", "FORM(x)", "y = Value(x.data - 0.1 * x.grad)"),
)


def shorten(text: str, chance: random.Random) -> list[str]:
    """The lines of a file's head and of two of its cases."""
    head, *cases = text.split("# case:")
    quick = [case for case in cases if not any(slow in case for slow in SLOW)]
    return "# case:".join([head, *chance.sample(quick, min(len(quick), 2))]).splitlines()


def mutate(lines: list[str], chance: random.Random) -> None:
    """Damage one line, or put another in."""
    place = chance.randrange(len(lines))
    line = lines[place]
    cut = chance.randint(0, len(line))
    lines[place : place + 1] = chance.choice(
        [
            [],
            [line, chance.choice(LINES)],
            [line, chance.choice(PIECES)],
            [chance.choice(LINES)],
            [line[:cut] + chance.choice(PIECES) + line[cut:]],
            [line[:cut] + line[cut + 1 :]],
            [line.replace(chance.choice(line.split() or [" "]), chance.choice(PIECES))],
        ]
    )


@pytest.mark.parametrize("name", names())
def test_a_damaged_file_is_read_or_rejected_with_an_existing_line(name: str) -> None:
    chance = random.Random(name)
    read = 0
    refused: list[tuple[SuiteError, str]] = []
    for _ in range(MUTANTS):
        lines = shorten(TEXTS[name], chance)
        for _ in range(chance.randint(1, 3)):
            mutate(lines, chance)
        text = "\n".join(lines)
        try:
            cases = len(read_suite(text, "mutant.suite", verify=False).cases)
            assert read_outline(text, "mutant.suite").cases == cases
            read += 1
        except SuiteError as error:
            refused.append((error, text))
    assert min(read, len(refused)) > MUTANTS / 20
    for refusal, text in refused:
        assert 1 <= refusal.line <= len(text.splitlines()) + 1
        assert str(refusal).startswith("mutant.suite, ")
