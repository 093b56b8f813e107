"""Results are remembered for the same numbers alone, and not too many."""

from __future__ import annotations

import math

import pytest

from worker.grading.diagnosis import remembered
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.remembered import Memory, digest

ASKED = probes()[:3]
NUMBERS = {probe.id: (1.5, None, 2.5, math.inf) for probe in ASKED}


def test_what_is_known_is_not_found_again() -> None:
    memory = Memory[int]()
    assert memory.get("one", lambda: 1) == 1
    assert memory.get("one", lambda: 2) == 1
    memory.forget()
    assert memory.get("one", lambda: 2) == 2


def test_a_full_memory_forgets_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST_REMEMBERED", 2)
    memory = Memory[int]()
    for number in range(3):
        memory.get(number, lambda number=number: number)  # type: ignore[misc]
    assert len(memory) == 1


def test_a_failure_is_not_remembered() -> None:
    memory = Memory[float]()
    with pytest.raises(ZeroDivisionError):
        memory.get("one", lambda: 1 / 0)
    assert memory.get("one", lambda: 2.0) == 2.0


def test_equal_numbers_have_one_digest_and_others_another() -> None:
    again = {name: tuple(float(str(n)) if n else n for n in each) for name, each in NUMBERS.items()}
    assert digest(ASKED, NUMBERS) == digest(list(ASKED), again)
    first = ASKED[0].id
    for other in (
        NUMBERS | {first: (1.5, None, 2.5, math.nan)},
        NUMBERS | {first: (1.5, 0.0, 2.5, math.inf)},
        NUMBERS | {first: None},
    ):
        assert digest(ASKED, other) != digest(ASKED, NUMBERS)
    assert digest(ASKED[:2], NUMBERS) != digest(ASKED, NUMBERS)
    assert digest(ASKED[::-1], NUMBERS) != digest(ASKED, NUMBERS)
