"""What a class has understood: how scores are spread, and which cases fail."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.marks.gradebook import Mark
from service.people.actors import Actor
from service.submissions.models import Grading
from service.submissions.stored_reports import read_summary
from worker.report.model import show
from worker.report.tally import Failure, Tally

BUCKETS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many students have from `low` up to `high` percent (the last one includes 100)."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailures:
    """Cases that ask the same of an engine, and how many students fail at least one.

    `of` is how many students have at least one that counts. A case doesn't count for a student
    whose engine breaks a rule that the case needs.
    """

    suite: str
    case_ids: tuple[str, ...]
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


def failing_cases(session: Session, actor: Actor, found: Sequence[Mark]) -> list[CaseFailures]:
    """The cases with points that somebody fails in the submission that counts, the worst first.

    Cases of a suite that ask the same, by their topic, are counted together.
    """
    for course_id in {mark.assignment.course_id for mark in found}:
        require_staff(session, actor, course_id)
    counting = [mark.grading_id for mark in found if mark.grading_id and mark.score is not None]
    tallies = list(_tallies(session, counting))
    groups: defaultdict[tuple[str, str], dict[str, list[Failure]]] = defaultdict(dict)
    for tally in tallies:
        for suite, cases in tally.suites.items():
            for case_id, failure in cases.items():
                if failure is not None:
                    groups[suite, failure.topic].setdefault(case_id, []).append(failure)
    failures = [_count(suite, topic, cases, tallies) for (suite, topic), cases in groups.items()]
    return sorted(failures, key=lambda case: -case.failed)


def _count(
    suite: str, topic: str, cases: Mapping[str, list[Failure]], tallies: Sequence[Tally]
) -> CaseFailures:
    """Over all students; `cases` are the failures of the group, by the case's id."""
    counted = [tally.suites[suite].keys() & cases for tally in tallies if suite in tally.suites]
    failed = [
        tally
        for tally in tallies
        if any(tally.suites.get(suite, {}).get(case_id) for case_id in cases)
    ]
    return CaseFailures(
        suite=suite,
        case_ids=tuple(cases),
        title=_title(topic, [failure for group in cases.values() for failure in group]),
        failed=len(failed),
        of=sum(map(bool, counted)),
    )


def _title(topic: str, failures: Sequence[Failure]) -> str:
    """The graph that fails most, and how many others do. Random graphs have a topic and sizes."""
    titles = Counter(failure.graph_title for failure in failures)
    sizes = [failure.size for failure in failures if failure.size is not None]
    if sizes and len(titles) > 1:
        return f"{topic} of {show(min(sizes))} to {show(max(sizes))} nodes"
    ((most, _),) = titles.most_common(1)
    return most if len(titles) == 1 else f"{most} (and {len(titles) - 1} more)"


def _tallies(session: Session, gradings: Collection[uuid.UUID]) -> Iterator[Tally]:
    """The gradings' tallies in their order. Old workers stored none; then it is computed."""
    query = select(Grading.id, Grading.tally).where(Grading.id.in_(gradings))
    stored = {row.id: row.tally for row in session.execute(query)}
    for grading_id in gradings:
        tally = stored[grading_id]
        if tally is None:
            summary = read_summary(session, grading_id)
            assert summary is not None  # the grading has a score
            yield Tally.of(summary)
        else:
            yield Tally.from_json(tally)
