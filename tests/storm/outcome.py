"""What must be true after a storm, read from the database."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, selectinload, undefer

from service.courses.models import Assignment
from service.marks.gradebook import marks
from service.people.actors import LocalOperator
from service.store.database import make_readers
from service.submissions.models import Grading, Status, StoredReport, Submission
from tests.storm.installations import Outage
from tests.storm.sources import Expected
from tests.storm.traffic import ASSIGNMENT, Sent, Try

MOST_BEYOND = 10.0  # seconds that others may wait beyond outages
REFUSING = {"web", "postgres"}  # while one of these is down, a request may be refused or cut
RETURN_SECONDS = 5.0  # after it works again, until requests do


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a submission waited for its result, with and without outages, in seconds."""

    key: str
    seconds: float
    beyond: float


def count_open(engine: Engine) -> int:
    """How many gradings have not ended."""
    statement = select(func.count(Grading.id)).where(
        Grading.status.in_([Status.QUEUED, Status.RUNNING])
    )
    with make_readers(engine)() as session:
        return session.scalars(statement).one()


def find_complaints(
    engine: Engine,
    sent: Sequence[Sent],
    expected: dict[str, Expected],
    outages: Sequence[Outage],
) -> list[str]:
    """Everything that isn't as it must be; empty after a storm that did no harm."""
    with make_readers(engine)() as session:
        return [
            *_check_answers(sent, outages),
            *_check_submissions(session, sent, expected),
            *_check_attempts(sent),
            *_check_marks(session, sent, expected),
        ]


def _check_answers(sent: Sequence[Sent], outages: Sequence[Outage]) -> list[str]:
    never = [each.key for each in sent if each.accepted_at is None]
    answers = {each.key: [one.status for one in each.tries] for each in sent}
    odd = {key: statuses for key, statuses in answers.items() if set(statuses) - {0, 202, 503}}
    refused = [
        f"{each.key} ({one.status})"
        for each in sent
        for one in each.tries
        if one.status in {0, 503} and not _may_refuse(outages, one)
    ]
    ids = {each.submission_id for each in sent if each.submission_id}
    shared = len([each for each in sent if each.submission_id]) - len(ids)
    return [
        *([f"{len(never)} files were never accepted: {never[:5]}"] if never else []),
        *([f"unexpected answers: {dict(list(odd.items())[:5])}"] if odd else []),
        *([f"{len(refused)} refused or cut with nothing down: {refused[:5]}"] if refused else []),
        *([f"{shared} files share a submission"] if shared else []),
    ]


def _may_refuse(outages: Sequence[Outage], request: Try) -> bool:
    """Whether something that requests need was down meanwhile, or had just returned."""
    return any(
        outage.since <= request.end
        and (outage.until is None or request.begin <= outage.until + RETURN_SECONDS)
        for outage in outages
        if outage.kind in REFUSING
    )


def _check_submissions(
    session: Session, sent: Sequence[Sent], expected: dict[str, Expected]
) -> list[str]:
    by_id = {uuid.UUID(each.submission_id): each for each in sent if each.submission_id}
    found = read_submissions(session)
    reports = set(session.scalars(select(StoredReport.grading_id)))
    complaints = [
        f"{each.key} got 202 but is not stored" for i, each in by_id.items() if i not in found
    ]
    complaints += [f"a submission without a 202: {i}" for i in found if i not in by_id]
    for submission_id, each in by_id.items():
        if submission_id not in found:
            continue
        gradings = found[submission_id].gradings
        if len(gradings) != 1:
            complaints.append(f"{each.key} has {len(gradings)} gradings")
        grading = gradings[0]
        if grading.status is not Status.DONE or grading.lease_until is not None:
            complaints.append(
                f"{each.key} is {grading.status} after {grading.tries} tries: {grading.fault}"
            )
            continue
        wanted = expected[each.source]
        outcome = Expected(
            grading.score or 0.0, grading.problem, (grading.tally or {}).get("suites", {})
        )
        if outcome != wanted:
            complaints.append(f"{each.key} ({each.source}) got {outcome}, not {wanted}")
        if grading.id not in reports:
            complaints.append(f"{each.key} has no report")
    return complaints


def _check_attempts(sent: Sequence[Sent]) -> list[str]:
    by_student = defaultdict(list)
    for each in sent:
        if each.submission_id:
            by_student[each.student].append(each.attempt)
    return [
        f"{student} has the attempts {sorted(attempts)}"
        for student, attempts in by_student.items()
        if sorted(attempts) != list(range(1, len(attempts) + 1))
    ]


def _check_marks(
    session: Session, sent: Sequence[Sent], expected: dict[str, Expected]
) -> list[str]:
    best: dict[str, float] = {}
    for each in sent:
        if each.submission_id:
            score = expected[each.source].score
            best[each.student] = max(best.get(each.student, 0.0), score)
    assignment = session.scalars(select(Assignment).where(Assignment.slug == ASSIGNMENT)).one()
    return [
        f"{mark.student.email} has {mark.score} points, not {best[mark.student.email]}"
        for mark in marks(session, LocalOperator(), assignment)
        if mark.student.email in best and mark.score != best[mark.student.email]
    ]


def read_submissions(session: Session) -> dict[uuid.UUID, Submission]:
    """The submissions of the storm's assignment with their gradings."""
    statement = (
        select(Submission)
        .join(Submission.assignment)
        .where(Assignment.slug == ASSIGNMENT)
        .options(selectinload(Submission.gradings).options(undefer(Grading.tally)))
    )
    return {submission.id: submission for submission in session.scalars(statement)}


def measure_waits(engine: Engine, sent: Sequence[Sent], outages: Sequence[Outage]) -> list[Wait]:
    """How long everybody but the flooding student waited for a result, the longest first.

    From the first try: a file that is refused waits as well.
    """
    with make_readers(engine)() as session:
        found = read_submissions(session)
    waits = []
    for each in sent:
        submission = found.get(uuid.UUID(each.submission_id)) if each.submission_id else None
        if each.flood or submission is None or submission.gradings[0].finished_at is None:
            continue
        assert each.first_tried_at is not None
        begin = each.first_tried_at
        end = submission.gradings[0].finished_at.timestamp()
        waits.append(Wait(each.key, end - begin, end - begin - _down(outages, begin, end)))
    return sorted(waits, key=lambda wait: -wait.beyond)


def find_late(waits: Sequence[Wait]) -> list[str]:
    """A complaint if somebody waited too long beyond the outages."""
    late = [wait for wait in waits if wait.beyond > MOST_BEYOND]
    return [f"{len(late)} waited over {MOST_BEYOND:g} s beyond the outages"] if late else []


def _down(outages: Sequence[Outage], begin: float, end: float) -> float:
    """How many seconds of a span some component was down."""
    total, reached = 0.0, begin
    for outage in sorted(outages, key=lambda outage: outage.since):
        since = max(outage.since, reached)
        until = min(end, end if outage.until is None else outage.until)
        if until > since:
            total, reached = total + until - since, until
    return total
