"""What a class has understood: its mistakes, how scores are spread, and which cases fail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.models import Assignment
from service.courses.students import Person
from service.marks.counted import Outcome, read_counted
from service.marks.gradebook import Mark, marks
from service.marks.mistakes import (
    Mistake,
    Problems,
    SameNumbers,
    find_mistakes,
    find_problems,
    find_same_numbers,
)
from service.marks.over_time import (
    EqualFiles,
    History,
    Timeline,
    find_equal_files,
    read_histories,
    read_timeline,
)
from service.people.actors import Actor
from service.store.base import now
from worker.report.numbers import show
from worker.report.tally import Failure

BUCKETS = 10

Group = tuple[str, str]  # a suite and a topic


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleCase:
    """A case that somebody fails, and of how many students it counts. See `CaseFailures`."""

    suite: str
    case: str
    title: str
    failed: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """What an assignment's submissions that count show about the class.

    `graded` is how many students have a graded submission. `tested` are the outcomes of files
    without a problem, for `list_cases` and `group_cases`. `same_numbers` are unnamed mistakes.
    """

    marks: Sequence[Mark]
    graded: int
    mistakes: Sequence[Mistake]
    same_numbers: Sequence[SameNumbers]
    problems: Sequence[Problems]
    tested: Sequence[Outcome]
    scores: Sequence[Bucket]
    without_submission: Sequence[Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """How an assignment went over time: all submissions, not only those that count."""

    timeline: Timeline
    histories: Mapping[str, History]
    equal_files: Sequence[EqualFiles]


def read_insights(session: Session, actor: Actor, assignment: Assignment) -> Insights:
    """What the class hasn't understood, in a fixed number of queries. For staff."""
    require_staff(session, actor, assignment.course_id)
    found = marks(session, actor, assignment)
    counted = read_counted(session, found)
    tested = [each.outcome for each in counted if not each.outcome.problem]
    return Insights(
        marks=found,
        graded=len(counted),
        mistakes=find_mistakes(session, counted),
        same_numbers=find_same_numbers(counted),
        problems=find_problems(counted),
        tested=tested,
        scores=score_distribution(found),
        without_submission=[mark.student for mark in found if not mark.attempts],
    )


def read_development(
    session: Session, actor: Actor, assignment: Assignment, students: Sequence[Person]
) -> Development:
    """How an assignment went over time, in a fixed number of queries. For staff."""
    require_staff(session, actor, assignment.course_id)
    timeline = read_timeline(session, assignment, now())
    return Development(
        timeline=timeline,
        histories=read_histories(session, assignment, timeline),
        equal_files=find_equal_files(session, assignment, students),
    )


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


def list_cases(tested: Sequence[Outcome]) -> list[SingleCase]:
    """Each case that somebody fails by itself, the worst first."""
    failures: defaultdict[tuple[str, str], list[Failure]] = defaultdict(list)
    for outcome in tested:
        for suite, case_id, failure in outcome.failures:
            failures[suite, case_id].append(failure)
    of: Counter[tuple[str, str]] = Counter()
    for cases, students in Counter(outcome.cases for outcome in tested).items():
        for suite, ids in cases:
            for case_id in ids:
                of[suite, case_id] += students
    found = [
        SingleCase(
            suite=suite,
            case=case_id,
            title=_title(failed[0].topic, failed),
            failed=len(failed),
            of=of[suite, case_id],
        )
        for (suite, case_id), failed in failures.items()
    ]
    return sorted(found, key=lambda case: -case.failed)


def group_cases(tested: Sequence[Outcome]) -> list[CaseFailures]:
    """Cases of a suite that ask the same, by their topic, the worst first."""
    groups: defaultdict[Group, dict[str, list[Failure]]] = defaultdict(dict)
    failed: Counter[Group] = Counter()
    for outcome in tested:
        own = set()
        for suite, case_id, failure in outcome.failures:
            group = suite, failure.topic
            groups[group].setdefault(case_id, []).append(failure)
            own.add(group)
        failed.update(own)
    counted = _count_students(groups, tested)
    found = [
        CaseFailures(
            suite=suite,
            case_ids=tuple(cases),
            title=_title(topic, [failure for each in cases.values() for failure in each]),
            failed=failed[suite, topic],
            of=counted[suite, topic],
        )
        for (suite, topic), cases in groups.items()
    ]
    return sorted(found, key=lambda case: -case.failed)


def _count_students(
    groups: Mapping[Group, Mapping[str, object]], tested: Sequence[Outcome]
) -> Counter[Group]:
    """For how many students at least one case of each group counts."""
    index: defaultdict[tuple[str, str], set[Group]] = defaultdict(set)
    for group, cases in groups.items():
        for case_id in cases:
            index[group[0], case_id].add(group)
    counted: Counter[Group] = Counter()
    for suites, students in Counter(outcome.cases for outcome in tested).items():
        for suite, ids in suites:
            for group in set[Group]().union(*(index.get((suite, each), ()) for each in ids)):
                counted[group] += students
    return counted


def _title(topic: str, failures: Sequence[Failure]) -> str:
    """The graph that fails most, and how many others do. Random graphs have a topic and sizes."""
    titles = Counter(failure.graph_title for failure in failures)
    sizes = [failure.size for failure in failures if failure.size is not None]
    if sizes and len(titles) > 1:
        return f"{topic} of {show(min(sizes))} to {show(max(sizes))} nodes"
    ((most, _),) = titles.most_common(1)
    return most if len(titles) == 1 else f"{most} (and {len(titles) - 1} more)"
