"""Which cases of a report count and passed or failed, small enough to be read for a whole class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.report.model import Verdict

Json = Mapping[str, Any]

# By the names of the suites that give points: cases in their order, by id, None where the case
# passed and else its title.
Tally = dict[str, dict[str, str | None]]


def make_tally(report: Json) -> Tally:
    """The tally of a report's JSON, of an early one too."""
    return {
        suite["name"]: {
            case["id"]: None if case["verdict"] == Verdict.PASSED else case["title"]
            for case in suite["cases"]
            if counts(case)
        }
        for suite in report["suites"]
        if suite["max_score"] > 0
    }


def counts(case: Json) -> bool:
    """Whether the case bears on the score of a suite that gives points.

    Early reports do not say so: what nothing blocks counts there.
    """
    return bool(case.get("counts", not case.get("blocked_by")))
