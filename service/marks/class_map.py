"""What a class has understood: how scores are spread, and which cases fail."""

from __future__ import annotations

import re
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.marks.gradebook import Mark
from service.submissions.models import Grading
from worker.report.tally import Tally, make_tally

BUCKETS = 10
POINT = re.compile(r", at \w+ = .*")
NUMBER = re.compile(r"\b\d+(?:\.\d+)?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """How many students have from `low` up to `high` percent (the last one includes 100)."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFailures:
    """Cases that ask the same of an engine: how many students fail one, of those whom one counts
    for. It does not count for those in whose engine a rule that it needs is broken.
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


def failing_cases(session: Session, found: Iterable[Mark]) -> list[CaseFailures]:
    """The cases of suites with points that somebody fails in the submission that counts, those that
    ask the same together, the worst first.
    """
    counting = [mark.grading_id for mark in found if mark.grading_id and mark.score is not None]
    tallies = list(_tallies(session, counting))
    groups: defaultdict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(dict)
    for tally in tallies:
        for suite, cases in tally.items():
            for case_id, title in cases.items():
                if title is not None:
                    titles = groups[suite, _find_subject(title)]
                    titles.setdefault(case_id, Counter())[title] += 1
    failures = [_count(suite, titles, tallies) for (suite, _), titles in groups.items()]
    return sorted(failures, key=lambda case: -case.failed)


def _count(
    suite: str, titles: Mapping[str, Counter[str]], tallies: Sequence[Tally]
) -> CaseFailures:
    """Over all students; `titles` are those of the group's failing cases, by the case's id."""
    counted = [tally[suite].keys() & titles for tally in tallies if suite in tally]
    failed = [
        tally for tally in tallies if any(tally.get(suite, {}).get(case_id) for case_id in titles)
    ]
    return CaseFailures(
        suite=suite,
        case_ids=tuple(titles),
        title=_name(sum(titles.values(), Counter())),
        failed=len(failed),
        of=sum(map(bool, counted)),
    )


def _name(titles: Counter[str]) -> str:
    """What the cases of a group have in common: the graph, or else what is asked."""
    graphs = Counter(_find_graph(title) for title in titles.elements())
    if len(graphs) > 1:
        graphs = Counter(graph.partition(":")[0] for graph in graphs.elements())
    return common_title(graphs)


def _find_graph(title: str) -> str:
    """A title without the point: `Used twice: L = x + x` of `Used twice: L = x + x, at x = 3`."""
    return POINT.sub("", title)


def _find_subject(title: str) -> str:
    """What a title says is asked, whatever the graph: `Used twice`; numbers aside."""
    return NUMBER.sub("0", _find_graph(title).partition(":")[0])


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
