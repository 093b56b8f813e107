"""What a class has understood: how scores are spread, and which cases fail."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.gradebook import Mark
from service.models import Grading
from worker.tally import Tally, make_tally

BUCKETS = 10
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many students have from `low` up to `high` percent (the last one includes 100)."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailures:
    """How many of the students for whom a case counts fail it.

    It does not count for those in whose engine a rule that it needs is broken.
    """

    suite: str
    case_id: str
    title: str
    failed: int
    of: int


def score_distribution(found: Iterable[Mark]) -> list[Bucket]:
    """Ten buckets of percent over those who have a mark."""
    counts = Counter(
        min(BUCKETS - 1, int(BUCKETS * mark.effective / mark.max_score))
        for mark in found
        if mark.effective is not None and mark.max_score > 0
    )
    width = 100 // BUCKETS
    return [
        Bucket(low=number * width, high=(number + 1) * width, count=counts[number])
        for number in range(BUCKETS)
    ]


def failing_cases(session: Session, found: Iterable[Mark]) -> list[CaseFailures]:
    """The cases of suites with points that somebody fails in the submission that counts, the worst
    first.
    """
    counting = [mark.grading_id for mark in found if mark.grading_id and mark.score is not None]
    of: Counter[tuple[str, str]] = Counter()
    titles: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for tally in _tallies(session, counting):
        for suite, cases in tally.items():
            for case_id, title in cases.items():
                of[suite, case_id] += 1
                if title is not None:
                    titles[suite, case_id][title] += 1
    failures = [
        CaseFailures(
            suite=key[0],
            case_id=key[1],
            title=common_title(titles[key]),
            failed=titles[key].total(),
            of=count,
        )
        for key, count in of.items()
        if key in titles
    ]
    return sorted(failures, key=lambda case: -case.failed)


def common_title(titles: Counter[str]) -> str:
    """What a case is called that may be another graph for each student.

    Titles that differ in numbers alone become one that spans them, such as `A random graph of 12 to
    15 nodes`; of others the most frequent stands for all.
    """
    if len({NUMBER.sub("0", title) for title in titles}) > 1:
        return max(sorted(titles), key=titles.__getitem__)
    numbers = zip(*(NUMBER.findall(title) for title in titles), strict=True)
    spans = map(_span, numbers)
    return NUMBER.sub(lambda _: next(spans), next(iter(titles)))


def _span(numbers: Collection[str]) -> str:
    low, high = min(numbers, key=float), max(numbers, key=float)
    return low if float(low) == float(high) else f"{low} to {high}"


def _tallies(session: Session, gradings: Collection[uuid.UUID]) -> Iterator[Tally]:
    """The gradings' tallies in their order; one that a worker of before left out is made here."""
    query = select(Grading.id, Grading.tally).where(Grading.id.in_(gradings))
    kept = {row.id: row.tally for row in session.execute(query)}
    for grading_id in gradings:
        tally: Tally | None = kept[grading_id]
        if tally is None:
            query = select(Grading.report).where(Grading.id == grading_id)
            tally = make_tally(session.scalars(query).one())
        yield tally
