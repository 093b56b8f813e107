"""What to fix in a file, in order: the same list on pages and on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.feedback.summary import BrokenRule, SuiteCase, find_broken_rules
from worker.report.model import Counterexample, Diagnosis, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFix:
    """What to fix: the diagnoses, then rules that are broken, then those that aren't supported.

    `first` is a test that shows the first thing, and the counterexample a small graph that does.
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    counterexample: Counterexample | None = None
    first: SuiteCase | None = None
    wrong: tuple[BrokenRule, ...] = ()
    missing: tuple[BrokenRule, ...] = ()

    @property
    def explained(self) -> bool:
        """Whether diagnoses explain every number. Then broken rules follow from them."""
        return bool(self.diagnoses) and all(one.exact for one in self.diagnoses)

    @property
    def rules(self) -> tuple[BrokenRule, ...]:
        """The broken rules after the first thing to fix."""
        return self.wrong if self.diagnoses else self.wrong[1:]

    @property
    def more(self) -> int:
        """How many things there are to fix after the first."""
        return len(self.diagnoses[1:]) + (0 if self.explained else len(self.rules))


def find_to_fix(report: Summary) -> ToFix:
    """Returns what to fix in a file. Nothing if the whole file couldn't be tested."""
    if report.problem is not None:
        return ToFix()
    broken = find_broken_rules(report)
    wrong = tuple(rule for rule in broken if not rule.missing)
    return ToFix(
        diagnoses=report.diagnoses,
        counterexample=report.counterexample,
        first=_find_first(report, wrong),
        wrong=wrong,
        missing=tuple(rule for rule in broken if rule.missing),
    )


def _find_first(report: Summary, wrong: Sequence[BrokenRule]) -> SuiteCase | None:
    """The case to show with the first thing to fix: what the first diagnosis explains, if any."""
    if not report.diagnoses or not report.diagnoses[0].evidence:
        return wrong[0].cases[0] if wrong else None
    address = report.diagnoses[0].evidence[0]
    cases = (SuiteCase(suite.name, case) for suite in report.suites for case in suite.cases)
    return next((found for found in cases if found.address == address), None)
