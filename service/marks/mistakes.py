"""The mistakes of a class: by diagnosis, by equal numbers, and files that couldn't be tested."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.marks.counted import Counted
from service.marks.gradebook import Mark
from service.submissions.stored_reports import Mistakes, read_mistakes
from worker.report.model import Counterexample, Diagnosis

DRAWN = 5  # mistakes whose diagnosis and counterexample are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A diagnosis, and whose submissions have it. `share` is their part of all graded students.

    `typical` is the student with the least else wrong. `diagnosis` and `counterexample` are from
    that student's report, for the commonest mistakes only.
    """

    misconception: str
    title: str
    marks: tuple[Mark, ...]
    share: float
    typical: Mark
    diagnosis: Diagnosis | None = None
    counterexample: Counterexample | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameNumbers:
    """Students whose engines give the same wrong numbers, which no known mistake explains."""

    signature: str
    marks: tuple[Mark, ...]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Problems:
    """Students whose files couldn't be tested, by the kind of problem."""

    kind: str
    marks: tuple[Mark, ...]


def find_mistakes(session: Session, counted: Sequence[Counted]) -> list[Mistake]:
    """The diagnosed mistakes, the commonest first. Reads at most a few reports, in one query.

    A mistake's title may name an operation. If it differs, it's the commonest one.
    """
    having: defaultdict[str, list[Counted]] = defaultdict(list)
    titles: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in counted:
        outcome = each.outcome
        for place, key in enumerate(outcome.diagnoses):
            having[key].append(each)
            if place < len(outcome.titles):
                titles[key][outcome.titles[place]] += 1
    typical = {key: min(each, key=_rank) for key, each in having.items()}
    order = sorted(having, key=lambda key: (-len(having[key]), key))
    # Earlier workers stored no titles.
    wanted = [key for place, key in enumerate(order) if place < DRAWN or not titles[key]]
    ids = {typical[key].grading_id for key in wanted}
    reports = read_mistakes(session, ids) if ids else {}
    return [
        _describe(key, having[key], typical[key], titles[key], reports, len(counted))
        for key in order
    ]


def find_same_numbers(counted: Sequence[Counted]) -> list[SameNumbers]:
    """The unnamed mistakes, the commonest first."""
    having: defaultdict[str, list[Mark]] = defaultdict(list)
    for each in counted:
        if each.outcome.signature and not each.outcome.problem:
            having[each.outcome.signature].append(each.mark)
    groups = [
        SameNumbers(signature=signature, marks=tuple(marks), share=len(marks) / len(counted))
        for signature, marks in having.items()
    ]
    return sorted(groups, key=lambda group: (-len(group.marks), group.signature))


def find_problems(counted: Sequence[Counted]) -> list[Problems]:
    """The files that couldn't be tested, the commonest kind of problem first."""
    having: defaultdict[str, list[Mark]] = defaultdict(list)
    for each in counted:
        if each.outcome.problem:
            having[each.outcome.problem].append(each.mark)
    groups = [Problems(kind=kind, marks=tuple(marks)) for kind, marks in having.items()]
    return sorted(groups, key=lambda group: (-len(group.marks), group.kind))


def _rank(each: Counted) -> tuple[int, float, str]:
    """A student with one mistake and many points shows it best."""
    return (len(each.outcome.diagnoses), -(each.mark.score or 0.0), each.mark.student.email)


def _describe(
    key: str,
    having: Sequence[Counted],
    typical: Counted,
    titles: Counter[str],
    reports: Mapping[uuid.UUID, Mistakes],
    graded: int,
) -> Mistake:
    report = reports.get(typical.grading_id)
    diagnosis = (
        next((one for one in report.diagnoses if one.misconception == key), None)
        if report
        else None
    )
    is_first = diagnosis is not None and report is not None and report.diagnoses[0] is diagnosis
    return Mistake(
        misconception=key,
        title=_title(key, titles, diagnosis),
        marks=tuple(each.mark for each in having),
        share=len(having) / graded,
        typical=typical.mark,
        diagnosis=diagnosis,
        # A counterexample is about the first diagnosis of its report.
        counterexample=report.counterexample if report and is_first else None,
    )


def _title(key: str, titles: Counter[str], diagnosis: Diagnosis | None) -> str:
    if not titles:
        return diagnosis.title if diagnosis else key.replace("-", " ").capitalize()
    most = min(titles, key=lambda title: (-titles[title], title))
    return most if len(titles) == 1 else f"{most} (and {len(titles) - 1} more)"
