"""Submit a file: validate it, store it, then wake a worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from service.courses.access import require_enrolled
from service.courses.models import Assignment
from service.errors import Invalid
from service.people.models import Account
from service.store.base import now
from service.submissions.admission import admit
from service.submissions.gradings import Enqueue, queue_first, wake_worker
from service.submissions.models import Submission
from service.submissions.uploads import clean_filename, decode_source

MAX_KEY = 200  # characters of an idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A valid file. `source` is its text; `sha256` is the hash of the bytes that arrived."""

    filename: str
    source: str
    sha256: str
    idempotency_key: str | None


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
) -> Submission:
    """Store the actor's submission and commit it, then wake a worker.

    Raises a ServiceError if the file can't be accepted, or not now. The same idempotency key with
    the same bytes returns the submission that exists already.
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
        return known
    submission = _add(session, assignment, actor, upload, per_minute)
    session.commit()
    wake_worker(enqueue, submission.grading.id)
    return submission


def _wait_for_turn(session: Session, student: Account) -> None:
    """Lock the student's row until the transaction ends: one submission of theirs at a time.

    Attempts, their limit and the rate are counted before the row is added. Without the lock two
    requests could count the same attempt. SQLite has a single writer, so it needs no lock.
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
        gradings=[queue_first(assignment.seed_of(student), moment)],
    )
    session.add(submission)
    return submission


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
