"""What the students do: when each hands in which file."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.demo.programs import RIGHT, UNGRADABLE, WRONG

MISSING = 0.06  # of the students hand nothing in
UNREADABLE = 0.08  # of first attempts are a file that can't be graded
RIGHT_AT_ONCE = 0.2
SOLVED = 0.3  # of later attempts are right
GIVES_UP = 0.35  # after each later attempt
MOST_ATTEMPTS = 5
LATE = 0.1  # of the students


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A file that a student hands in at a moment."""

    program: str
    at: datetime


def draw_attempts(
    rng: random.Random, begin: datetime, deadline: datetime, until: datetime
) -> list[Attempt]:
    """One student's attempts at an assignment. Those after `until` have not happened yet."""
    if rng.random() < MISSING:
        return []
    attempts = []
    at = begin + (deadline - begin) * rng.betavariate(3, 1.3)
    if rng.random() < LATE:
        at = deadline + timedelta(hours=rng.expovariate(1 / 20))
    mistake, *others = _draw_mistakes(rng)
    program = mistake
    if rng.random() < UNREADABLE:
        program = rng.choice(list(UNGRADABLE))
    elif rng.random() < RIGHT_AT_ONCE:
        program = rng.choice(RIGHT)
    while True:
        attempts.append(Attempt(program=program, at=at))
        if program in RIGHT or len(attempts) == MOST_ATTEMPTS:
            break
        if len(attempts) > 1 and rng.random() < GIVES_UP:
            break
        at += timedelta(minutes=rng.lognormvariate(3.4, 1.1))
        if program in UNGRADABLE:
            program = mistake
        elif rng.random() < SOLVED:
            program = rng.choice(RIGHT)
        elif others:
            program = others.pop()
    return [attempt for attempt in attempts if attempt.at <= until]


def _draw_mistakes(rng: random.Random) -> list[str]:
    """Mistakes that a student makes one after the other."""
    return rng.choices(list(WRONG), list(WRONG.values()), k=3)
