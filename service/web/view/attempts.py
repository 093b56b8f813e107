"""Submissions in a list, with as much of their results as the viewer sees."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.feedback.levels import Sight
from service.submissions.models import Status, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a grading stands. The scores are None while they aren't shown."""

    status: Status
    problem: str | None
    score: float | None
    max_score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A submission in a list, with the grading that counts."""

    id: uuid.UUID
    attempt: int
    submitted_at: datetime
    counting: Outcome
    spends_attempt: bool


def list_attempts(submissions: Iterable[Submission], sight: Sight) -> list[Attempt]:
    """Returns the submissions, ready for a template."""
    return [
        Attempt(
            id=each.id,
            attempt=each.attempt,
            submitted_at=each.submitted_at,
            counting=Outcome(
                status=each.counting.status,
                problem=each.counting.problem,
                score=each.counting.score if sight.points else None,
                max_score=each.counting.max_score if sight.points else None,
            ),
            spends_attempt=each.spends_attempt,
        )
        for each in submissions
    ]
