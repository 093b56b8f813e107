"""What a class has understood: how scores are spread, and which cases fail."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.findings import counts, has_passed, is_marked
from service.gradebook import Mark, marks
from service.models import Assignment, Grading

BUCKETS = 10


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


def failing_cases(session: Session, assignment: Assignment) -> list[CaseFailures]:
    """Every case that gives points with its failures over the students' counting submissions, the
    worst first."""
    counting = [mark.grading_id for mark in marks(session, assignment) if mark.score is not None]
    seen: dict[tuple[str, str], str] = {}
    failed: Counter[tuple[str, str]] = Counter()
    of: Counter[tuple[str, str]] = Counter()
    for report in _reports(session, counting):
        for suite in filter(is_marked, report["suites"]):
            for case in suite["cases"]:
                if not counts(case):
                    continue
                key = (suite["name"], case["id"])
                seen[key] = case["title"]
                of[key] += 1
                failed[key] += not has_passed(case)
    found = [
        CaseFailures(suite=key[0], case_id=key[1], title=title, failed=failed[key], of=of[key])
        for key, title in seen.items()
    ]
    return sorted(found, key=lambda case: -case.failed)


def _reports(session: Session, gradings: list[uuid.UUID | None]) -> Iterable[dict[str, Any]]:
    query = select(Grading.report).where(Grading.id.in_(gradings), Grading.report.is_not(None))
    return (report for report in session.scalars(query) if report is not None)
