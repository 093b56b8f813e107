"""Questions are repeated with reversed sets, which shows what depends on their order."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import undisturbed
from tests.worker.sandbox.programs import reads
from worker.driver import repeats
from worker.driver.base.channel import read_question
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load
from worker.driver.ordering.namespace import arrange
from worker.driver.ordering.sets import OrderedSet
from worker.driver.repeats import Repeats
from worker.graph import Question, parse

CLOSURES = engine("right/closures")
DIFFERENCE = "a = Value(5)\nb = Value(3)\nL = a - b\nL.backward()"
SUM = "a = Value(5)\nb = Value(3)\nL = a + b\nL.backward()"
# The operand that comes first in a set is the one that is subtracted from.
SWAPS = CLOSURES + (
    "\ndef subtract(self, other):\n"
    "    first, second = {self, other}\n"
    "    return first + second * -1\n"
    "Value.__sub__ = subtract\n"
)


def repeat(source: str, *programs: str, numbers: set[int] | None = None) -> list[list[Any]] | None:
    """What differs when the graphs are repeated. Their numbers count from 2, as in a session."""
    with undisturbed():
        arrange(source, reverse=False)
        loaded = load(source, ModuleType(MODULE))
        assert isinstance(loaded, Engine), loaded
        kept = Repeats(loaded)
        for number, program in enumerate(programs, 2):
            graph = parse(program)
            body = Question(graph=graph, reads=reads(graph, "aL")).body
            question = read_question(body)
            kept.note(number, question, observe(question, loaded))
        differing = kept.compare({2, 3, 4} if numbers is None else numbers)
        assert list(OrderedSet([1, 2])) == [1, 2]  # sets have their usual order again
        return differing


def test_nothing_differs_where_the_order_does_not_matter() -> None:
    assert repeat(CLOSURES, DIFFERENCE, SUM) == []


def test_what_differs_comes_with_its_question_and_its_new_numbers() -> None:
    assert repeat(SWAPS, SUM, DIFFERENCE) == [[3, [5.0, -2.0, -1.0, 1.0]]]


def test_only_the_questions_that_are_asked_for_are_repeated() -> None:
    assert repeat(SWAPS, DIFFERENCE, DIFFERENCE, numbers={3}) == [[3, [5.0, -2.0, -1.0, 1.0]]]


def test_nan_is_the_same_number_again() -> None:
    nan = CLOSURES + "\nValue.__sub__ = lambda a, b: a + float('nan')\n"
    assert repeat(nan, DIFFERENCE) == []


def test_a_failure_that_stays_the_same_is_no_difference() -> None:
    fails = CLOSURES + "\ndef subtract(a, b): raise KeyError(3)\nValue.__sub__ = subtract\n"
    assert repeat(fails, SUM, DIFFERENCE) == []


def test_it_says_nothing_if_a_graph_fails_in_one_order_only() -> None:
    fails = SWAPS.replace("return first", "assert first is self\n    return first")
    assert repeat(fails, DIFFERENCE) is None


@pytest.mark.parametrize(
    "also",
    ["import random", "for x in {1, 2}: pass", "x = sorted([Value(1), Value(2)], key=id)"],
    ids=["chance", "a set that is walked", "identities"],
)
def test_it_says_nothing_if_loading_the_file_depended_on_more(also: str) -> None:
    assert repeat(f"{CLOSURES}\n{also}\n", SUM) is None


# The set says once and for all which operand is subtracted from.
KEEPS = CLOSURES + (
    "\nsides = {'left', 'right'}\nkept = []\n"
    "def first():\n    if not kept: kept.extend(sides)\n    return kept[0]\n"
    "def subtract(self, other):\n"
    "    return self + other * -1 if first() == 'left' else other + self * -1\n"
    "Value.__sub__ = subtract\n"
)

CACHES = CLOSURES + (
    "\nimport functools\n@functools.cache\ndef order(*numbers): return list({*numbers})\n"
    "def subtract(self, other):\n"
    "    return self + other * (-1 if order(self.data, other.data)[0] == self.data else 1)\n"
    "Value.__sub__ = subtract\n"
)


@pytest.mark.parametrize(
    "source",
    [KEEPS, KEEPS.replace("_prev = set(", "_prev = tuple("), CACHES],
    ids=["a table", "a table, and no other set is walked", "a cache"],
)
def test_it_says_nothing_if_an_engine_has_kept_what_a_set_decided(source: str) -> None:
    assert repeat(source, SUM, DIFFERENCE) is None


def test_it_says_nothing_if_identities_were_used_as_numbers() -> None:
    uses = CLOSURES + (
        "\nplain = Value.__add__\ndef add(a, b):\n    nodes = {id(n): n for n in (a, b)}\n"
        "    max(nodes)\n    return plain(a, b)\nValue.__add__ = add\n"
    )
    assert repeat(uses, SUM) is None


def test_a_graph_that_is_too_large_to_keep_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "MOST_STEPS", 4)
    assert repeat(CLOSURES, SUM, SUM + "\nL.backward()", numbers={2}) == []
    assert repeat(CLOSURES, SUM, SUM + "\nL.backward()") is None
