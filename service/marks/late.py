"""What a late submission loses, and how late it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.courses.models import Assignment, LatePolicy

DAY = timedelta(days=1)
PLACES = 9  # of what is deducted and left: arithmetic in binary has no exact tenths


@dataclass(frozen=True, slots=True, kw_only=True)
class LateDeduction:
    """A late submission loses `percent` of its score for each day that begins after the deadline
    and the grace. It keeps at least `floor` percent of its score.

    >>> LateDeduction(percent=10, floor=50, grace=timedelta()).kept(2)
    0.8
    """

    percent: float
    floor: float
    grace: timedelta

    @classmethod
    def of(cls, assignment: Assignment) -> LateDeduction | None:
        """The rule of an assignment; None if being late costs nothing."""
        if assignment.late_percent is None or assignment.late_policy is LatePolicy.REFUSE:
            return None
        return cls(
            percent=assignment.late_percent,
            floor=assignment.late_floor or 0.0,
            grace=timedelta(minutes=assignment.grace_minutes or 0),
        )

    def days(self, deadline: datetime | None, submitted_at: datetime) -> int:
        """How many days have begun since the deadline and the grace; 0 if it was in time."""
        if deadline is None:
            return 0
        left = deadline - submitted_at + self.grace
        return max(0, -(left // DAY))

    def kept(self, days: int) -> float:
        """Which share of its score a submission keeps."""
        return max(self.floor, 100 - self.percent * days) / 100

    def deduct(self, score: float, days: int) -> float:
        """How many points a score loses."""
        return round(score * (1 - self.kept(days)), PLACES)

    def explain(self, days: int) -> str:
        """Why a submission loses that much: `10 % for each day late: 2 days`."""
        at_most = ""
        if 100 - self.percent * days < self.floor:
            at_most = f", {100 - self.floor:g} % at most"
        length = "1 day" if days == 1 else f"{days} days"
        return f"{self.percent:g} % for each day late: {length}{at_most}"


def left_of(score: float, deduction: float) -> float:
    """What is left of a score."""
    return round(score - deduction, PLACES) if deduction else score


def late_minutes(deadline: datetime | None, submitted_at: datetime) -> int:
    """How many minutes after the deadline, rounded up; 0 if it was in time."""
    if deadline is None or submitted_at <= deadline:
        return 0
    return math.ceil((submitted_at - deadline).total_seconds() / 60)
