"""What the lost points were lost for, by cause."""

from __future__ import annotations

from dataclasses import dataclass

from service.feedback.summary import find_broken_rules
from worker.report.model import LedgerLine, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a cause cost in one suite. `suite` is its title."""

    suite: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What a cause cost in all suites: how many tests, and how many points."""

    cause: str
    tests: int
    points: float
    parts: tuple[Part, ...]

    @property
    def detailed(self) -> bool:
        """Whether the parts say more than the cause, which may be the suite itself."""
        return [part.suite for part in self.parts] != [self.cause]


def find_losses(report: Summary) -> list[Loss]:
    """What each cause cost, in the order in which to fix them. Older reports have none."""
    titles = {suite.name: suite.title for suite in report.suites}
    lines: dict[str, list[LedgerLine]] = {
        rule.because: [] for rule in (find_broken_rules(report) if report.ledger else ())
    }
    for line in report.ledger or ():
        lines.setdefault(line.cause, []).append(line)
    return [
        Loss(
            cause=cause,
            tests=sum(line.tests for line in found),
            points=sum(line.points for line in found),
            parts=tuple(Part(suite=titles[line.suite], points=line.points) for line in found),
        )
        for cause, found in lines.items()
        if found
    ]
