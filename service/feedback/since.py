"""What changed in a student's engine from one report to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.feedback.wording import tests
from worker.report.model import CaseSummary, Diagnosis, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A test that was fixed or broken."""

    suite: str
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What changed since an earlier attempt.

    `gone` and `new` are titles of diagnosed mistakes. Only tests that both reports have are
    compared: suites may have changed in between.
    """

    attempt: int
    fixed: tuple[Change, ...]
    broken: tuple[Change, ...]
    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Everything in a sentence, such as `Since attempt 4: 12 tests fixed, 3 broken.`"""
        parts = []
        if self.fixed:
            parts.append(f"{tests(len(self.fixed))} fixed")
        if self.broken:
            broken = f"{len(self.broken)} broken"
            parts.append(broken if self.fixed else f"{tests(len(self.broken))} broken")
        said = ", ".join(parts) or "the same tests pass"
        return " ".join(
            [
                f"Since attempt {self.attempt}: {said}.",
                *(f"This mistake is gone: {_end(title)}" for title in self.gone),
                *(f"This mistake is new: {_end(title)}" for title in self.new),
            ]
        )


def compare_reports(
    before: Summary, after: Summary, *, attempt: int, causes: bool = True
) -> Since | None:
    """What changed from a report to a later one, or None if one of them tested nothing.

    `attempt` is the number of the earlier one. `causes` says whether mistakes may be named.
    """
    if before.problem is not None or after.problem is not None:
        return None
    earlier, later = _index(before), _index(after)
    fixed: list[Change] = []
    broken: list[Change] = []
    for (suite, case_id), case in later.items():
        was = earlier.get((suite, case_id))
        if was is None or was.title != case.title or was.passed == case.passed:
            continue  # another test may have got its id since then
        change = Change(suite=suite, id=case_id, title=case.title)
        (fixed if case.passed else broken).append(change)
    old, current = _name(before.diagnoses), _name(after.diagnoses)
    return Since(
        attempt=attempt,
        fixed=tuple(fixed),
        broken=tuple(broken),
        gone=tuple(title for key, title in old.items() if key not in current) if causes else (),
        new=tuple(title for key, title in current.items() if key not in old) if causes else (),
    )


def _index(report: Summary) -> Mapping[tuple[str, str], CaseSummary]:
    return {
        (suite.name, case.id): case for suite in report.suites_with_points for case in suite.cases
    }


def _name(diagnoses: tuple[Diagnosis, ...]) -> dict[str, str]:
    return {f"{one.misconception} {one.title}": one.title for one in diagnoses}


def _end(title: str) -> str:
    return title if title.endswith((".", "?", "!")) else f"{title}."
