"""Answers questions once more while sets are reversed, which shows whether their order mattered.

It costs much less than another process. But it can't undo what the order of sets, identities or
chance decided while the file was loaded. What an engine keeps of a set that it walks only once
stays as well, such as a table that the first graph fills. So code that walked a set must walk one
again.
"""

from __future__ import annotations

from collections.abc import Set
from types import CodeType
from typing import Any

from worker.driver.base.channel import encode
from worker.driver.base.protocol import Answer
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.ordering.dependence import dependence
from worker.driver.ordering.sets import reverse_sets

MOST_STEPS = 2_000  # of a graph that is kept; larger ones would take much of the memory


class Repeats:
    """An engine's questions and answers since an order may have mattered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._answered: list[tuple[int, dict[str, Any], Answer, set[CodeType]]] = []
        self._too_large: set[int] = set()
        self._places = dependence.take_places()  # of all questions, and of the search before them

    def note(self, number: int, question: dict[str, Any], answer: Answer) -> None:
        """Keeps a question with its number and its answer, if it may have to be repeated."""
        places = dependence.take_places()
        self._places |= places
        if not dependence.on_sets or self._engine.may_vary:
            return
        if len(question["steps"]) > MOST_STEPS:
            self._too_large.add(number)
        else:
            self._answered.append((number, question, answer, places))

    def compare(self, numbers: Set[int]) -> list[list[Any]] | None:
        """The numbers of these questions whose results differ now, with their new results.

        None if they don't say it all: one fails now, or is too large, or code doesn't walk a set
        again, or more than the order of sets may matter.
        """
        if self._engine.may_vary or not self._too_large.isdisjoint(numbers):
            return None
        differing, walked = [], set()
        reverse_sets(reverse=True)
        try:
            for number, question, answer, places in self._answered:
                if number not in numbers:
                    continue
                again = observe(question, self._engine)
                walked_now = dependence.take_places()
                if not places <= walked_now:
                    return None
                walked |= walked_now
                if not _is_same(answer, again):
                    if "numbers" not in answer or "numbers" not in again:
                        return None
                    differing.append([number, again["numbers"]])
        finally:
            reverse_sets(reverse=False)
        says_all = self._places <= walked and not dependence.on_others
        return differing if says_all else None


def _is_same(answer: Answer, again: Answer) -> bool:
    """Whether two answers have the same numbers, or the same failure."""
    numbers, others = answer.get("numbers"), again.get("numbers")
    if numbers is None or others is None:
        return answer.get("failure") == again.get("failure")
    return numbers == others or encode(numbers) == encode(others)  # nan isn't equal to itself
