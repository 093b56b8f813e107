"""Submit a file: validate it, store it, then wake a worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from service.courses.access import require_enrolled
from service.courses.models import Assignment
from service.errors import Conflict, Invalid, NotFound
from service.people.models import Account
from service.store.base import now
from service.submissions.admission import admit
from service.submissions.gradings import queue_first
from service.submissions.jobs import Enqueue, wake_worker
from service.submissions.models import Status, Submission
from service.submissions.uploads import clean_filename, decode_source
from service.telemetry import logs, metrics

MAX_KEY = 200  # characters of an idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A valid file. `source` is its text; `sha256` is the hash of the bytes that arrived."""

    filename: str
    source: str
    sha256: str
    idempotency_key: str | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A stored submission, and the student's newest earlier one of the same file, if any."""

    submission: Submission
    same_as: Submission | None


class SameFile(Conflict):
    """The student submitted the same file before, as `earlier`."""

    code = "same_file"

    def __init__(self, earlier: Submission) -> None:
        super().__init__(f"This is the same file as attempt {earlier.attempt}.")
        self.earlier = earlier


def submit(
    session: Session,
    actor: Account,
    assignment: Assignment,
    enqueue: Enqueue,
    *,
    filename: str,
    content: bytes,
    idempotency_key: str | None,
    per_minute: int,
    accept_same: bool,
    arrived_at: datetime | None = None,
) -> Submitted:
    """Store the actor's submission and commit it, then wake a worker.

    Raises a ServiceError if the file can't be accepted, or not now. The same idempotency key with
    the same bytes returns the submission that exists already.

    `arrived_at` is when the whole file had arrived; deadlines and pauses are counted by it, however
    long the submission then waits for its turn.

    Unless `accept_same` is set, raises SameFile for a file that the actor submitted before, so that
    a page can ask. A file that we failed to grade is accepted again without a question.
    """
    require_enrolled(session, actor, assignment.course_id)
    upload = Upload(
        filename=clean_filename(filename),
        source=decode_source(content, filename),
        sha256=hashlib.sha256(content).hexdigest(),
        idempotency_key=_check_key(idempotency_key),
    )
    _wait_for_turn(session, actor)
    known = _find_by_key(session, assignment, actor, upload)
    if known is not None:
        same_as = _find_same(session, assignment, actor, upload, before=known.attempt)
        return Submitted(known, same_as)
    moment = arrived_at or now()
    attempt = admit(session, assignment, actor, moment, per_minute)
    same_as = _find_same(session, assignment, actor, upload, before=attempt)
    if same_as is not None and not accept_same and same_as.counting.status is not Status.ERRORED:
        raise SameFile(same_as)
    submission = Submission(
        assignment=assignment,
        student=actor,
        attempt=attempt,
        filename=upload.filename,
        source=upload.source,
        sha256=upload.sha256,
        idempotency_key=upload.idempotency_key,
        submitted_at=moment,
        gradings=[queue_first(actor, assignment, moment)],
    )
    session.add(submission)
    session.commit()
    metrics.ACCEPTED.inc()
    logs.bind(submission=submission.id, grading=submission.grading.id)
    wake_worker(enqueue, submission.grading.id)
    return Submitted(submission, same_as)


def _wait_for_turn(session: Session, student: Account) -> None:
    """Lock the student's row until the transaction ends: one submission of theirs at a time.

    Attempts, their limit and the rate are counted before the row is added. Without the lock two
    requests could count the same attempt. SQLite has a single writer, so it needs no lock.

    The account may have been deleted meanwhile. Then nothing of it may be stored again.
    """
    turn = select(Account.deleted_at).where(Account.id == student.id)
    if session.execute(turn.with_for_update(key_share=True)).scalar_one() is not None:
        raise NotFound("This account was deleted a moment ago. Nothing was stored.")


def _find_same(
    session: Session, assignment: Assignment, student: Account, upload: Upload, *, before: int
) -> Submission | None:
    """The student's newest submission of the same file, before an attempt."""
    return session.scalar(
        select(Submission)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.student_id == student.id,
            Submission.attempt < before,
            Submission.sha256 == upload.sha256,
        )
        .order_by(Submission.attempt.desc())
        .limit(1)
        .options(defer(Submission.source), selectinload(Submission.gradings))
    )


def _check_key(key: str | None) -> str | None:
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
        message = "This idempotency key was used for another file. Use a new key for a new file."
        raise Invalid(message, code="idempotency_mismatch", fields={"Idempotency-Key": message})
    return known
