"""Hand in a file: validate it, store it, then wake a worker."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from service.courses.models import Assignment
from service.errors import Invalid, Unavailable
from service.people.models import Account
from service.store.base import now
from service.submissions.admission import admit
from service.submissions.models import Grading, Status, Submission
from service.submissions.uploads import clean_filename, decode_source

log = logging.getLogger(__name__)


Enqueue = Callable[[uuid.UUID], None]


MAX_KEY = 200  # characters of an idempotency key


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that may be taken: `sha256` is of the bytes as they came, `source` their text."""

    filename: str
    source: str
    sha256: str
    idempotency_key: str | None


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
