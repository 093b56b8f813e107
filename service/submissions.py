"""Handing in: take a submission, find it again, regrade it."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from service.admission import admit, history_of
from service.auth import is_staff
from service.errors import Conflict, Invalid, NotFound, Unavailable
from service.models import (
    Account,
    Assignment,
    Course,
    Enrolment,
    Grading,
    Status,
    Submission,
    now,
)
from service.uploads import clean_filename, decode_source

log = logging.getLogger(__name__)

Enqueue = Callable[[uuid.UUID], None]

MAX_KEY = 200  # characters of an idempotency key
SHOWN = 50  # submissions in a list, unless asked for more
LISTED_BY = (Submission.submitted_at, Submission.attempt, Submission.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that may be taken: `sha256` is of the bytes as they came, `source` their text."""

    filename: str
    source: str
    sha256: str
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Submissions, the newest first; `last` is where older ones go on, None at the end."""

    submissions: list[Submission]
    last: str | None


def submit(
    session: Session,
    enqueue: Enqueue,
    *,
    assignment: Assignment,
    student: Account,
    filename: str,
    content: bytes,
    idempotency_key: str | None,
    per_minute: int,
) -> Submission:
    """Take a submission: validate, commit, then wake a worker. Raises a ServiceError otherwise.

    The same idempotency key with the same bytes gives the same submission again.
    """
    upload = Upload(
        filename=clean_filename(filename),
        source=decode_source(content, filename),
        sha256=hashlib.sha256(content).hexdigest(),
        idempotency_key=_checked_key(idempotency_key),
    )
    _wait_for_turn(session, student)
    known = _find_by_key(session, assignment, student, upload)
    if known is not None:
        return known
    submission = _add(session, assignment, student, upload, per_minute)
    session.commit()
    _wake(enqueue, submission.grading)
    return submission


def find_assignment(session: Session, viewer: Account, slug: str) -> Assignment:
    """An assignment of a course that the viewer has a place in; else NotFound."""
    query = (
        select(Assignment)
        .join(Enrolment, Enrolment.course_id == Assignment.course_id)
        .where(Assignment.slug == slug, Enrolment.account_id == viewer.id)
        .options(joinedload(Assignment.course), selectinload(Assignment.suites))
    )
    assignment = session.scalar(query)
    if assignment is None:
        raise NotFound("There is no such assignment, or you are not enrolled in its course.")
    return assignment


def find_course(session: Session, viewer: Account, slug: str) -> Course:
    """A course that the viewer has a place in; else NotFound."""
    query = (
        select(Course)
        .join(Enrolment)
        .where(Course.slug == slug, Enrolment.account_id == viewer.id)
        .options(selectinload(Course.assignments).selectinload(Assignment.suites))
    )
    course = session.scalar(query)
    if course is None:
        raise NotFound("There is no such course, or you are not enrolled in it.")
    return course


def list_enrolments(session: Session, viewer: Account) -> list[Enrolment]:
    """The viewer's places in courses, by the course's title."""
    query = (
        select(Enrolment)
        .join(Course)
        .where(Enrolment.account_id == viewer.id)
        .options(joinedload(Enrolment.course).selectinload(Course.assignments))
        .order_by(Course.title, Course.slug)
    )
    return list(session.scalars(query))


def find_submission(session: Session, viewer: Account, submission_id: uuid.UUID) -> Submission:
    """A submission of the viewer's own, or of a course whose staff they are; else NotFound."""
    query = (
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.student),
            joinedload(Submission.assignment).options(
                joinedload(Assignment.course), selectinload(Assignment.suites)
            ),
            selectinload(Submission.gradings),
        )
    )
    submission = session.scalar(query)
    if submission is not None and _may_see(session, viewer, submission):
        return submission
    raise NotFound("There is no such submission, or it is not yours to see.")


def list_submissions(
    session: Session,
    assignment: Assignment,
    student: Account | None,
    *,
    limit: int = SHOWN,
    before: str | None = None,
) -> Listed:
    """A student's submissions to an assignment, or with None everybody's, the newest first.

    They go on after the one that `before` names; Invalid where that is none of them.
    """
    mine = Submission.assignment_id == assignment.id
    if student is not None:
        mine = and_(mine, Submission.student_id == student.id)
    query = (
        select(Submission)
        .where(mine)
        .options(
            defer(Submission.source),
            joinedload(Submission.student),
            selectinload(Submission.gradings),
        )
        .order_by(*(column.desc() for column in LISTED_BY))
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(tuple_(*LISTED_BY) < _find_place(session, mine, before))
    found = list(session.scalars(query))
    more = len(found) > limit
    return Listed(found[:limit], str(found[limit - 1].id) if more else None)


def attempts_left(session: Session, assignment: Assignment, student: Account) -> int | None:
    """How often the student may still hand in; None without a limit. Our faults spend nothing."""
    if assignment.attempt_limit is None:
        return None
    return max(0, assignment.attempt_limit - history_of(session, assignment, student).spent)


def queue_position(session: Session, grading: Grading) -> int | None:
    """How manieth a grading is in the queue, 1 is the next; None unless it is queued."""
    if grading.status is not Status.QUEUED:
        return None
    earlier: ColumnElement[bool] = or_(
        Grading.queued_at < grading.queued_at,
        and_(Grading.queued_at == grading.queued_at, Grading.id < grading.id),
    )
    query = select(func.count(Grading.id)).where(Grading.status == Status.QUEUED, earlier)
    return session.scalars(query).one() + 1


def regrade(session: Session, enqueue: Enqueue, submission: Submission) -> Grading:
    """A new grading of a submission; the old ones stay. Conflict while one is under way."""
    newest = submission.grading
    if not newest.status.ended:
        raise _already_grading()
    grading = Grading(
        submission=submission,
        ordinal=newest.ordinal + 1,
        seed=submission.gradings[0].seed,  # the same graphs: what changes is not the luck
        status=Status.QUEUED,
    )
    session.add(grading)
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise _already_grading() from None
    _wake(enqueue, grading)
    return grading


def _wait_for_turn(session: Session, student: Account) -> None:
    """One student's submissions are taken one after another, up to the end of the transaction.

    Attempts, their limit and the pace are counted before a row is added; whoever collided there and
    tried anew could lose to the others for ever. SQLite has a single writer anyhow.
    """
    turn = select(Account.id).where(Account.id == student.id).with_for_update(key_share=True)
    session.execute(turn)


def _add(
    session: Session, assignment: Assignment, student: Account, upload: Upload, per_minute: int
) -> Submission:
    moment = now()
    submission = Submission(
        assignment=assignment,
        student=student,
        attempt=admit(session, assignment, student, moment, per_minute),
        filename=upload.filename,
        source=upload.source,
        sha256=upload.sha256,
        idempotency_key=upload.idempotency_key,
        submitted_at=moment,
        gradings=[
            Grading(
                ordinal=1,
                status=Status.QUEUED,
                seed=assignment.seed_of(student),
                queued_at=moment,
                enqueued_at=moment,
            )
        ],
    )
    session.add(submission)
    return submission


def _checked_key(key: str | None) -> str | None:
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        message = f"An idempotency key has 1 to {MAX_KEY} printable ASCII characters."
        raise Invalid(message, fields={"Idempotency-Key": message})
    return key


def _find_by_key(
    session: Session, assignment: Assignment, student: Account, upload: Upload
) -> Submission | None:
    if upload.idempotency_key is None:
        return None
    known = session.scalar(
        select(Submission)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.student_id == student.id,
            Submission.idempotency_key == upload.idempotency_key,
        )
        .options(defer(Submission.source))
    )
    if known is not None and known.sha256 != upload.sha256:
        message = "This idempotency key was used for another file. Draw a new key for a new file."
        raise Invalid(message, code="idempotency_mismatch", fields={"Idempotency-Key": message})
    return known


def _wake(enqueue: Enqueue, grading: Grading) -> None:
    try:
        enqueue(grading.id)
    except Unavailable as error:
        # Nothing is lost: the reaper finds what nobody has picked up.
        log.warning("grading %s waits for the reaper: %s", grading.id, error.message)
    except Exception:
        # It is in the books: a broker with some other trouble must not make it look refused.
        log.exception("grading %s waits for the reaper", grading.id)


def _may_see(session: Session, viewer: Account, submission: Submission) -> bool:
    if submission.student_id == viewer.id:
        return True
    return is_staff(session, viewer, submission.assignment.course_id)


def _find_place(
    session: Session, mine: ColumnElement[bool], before: str
) -> tuple[datetime, int, uuid.UUID]:
    """Where a listing goes on: the last submission's values of what it is sorted by."""
    place = None
    with contextlib.suppress(ValueError):
        last = uuid.UUID(before)
        place = session.execute(select(*LISTED_BY).where(mine, Submission.id == last)).first()
    if place is None:
        message = "`before` is not where a list of these submissions goes on."
        raise Invalid(message, fields={"before": message})
    return (place[0], place[1], place[2])


def _already_grading() -> Conflict:
    return Conflict(
        "This submission is being graded just now. Wait for the result first.",
        code="already_grading",
    )
