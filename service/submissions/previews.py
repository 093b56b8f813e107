"""Gradings that count nowhere until their regrade is applied.

They join the queue as regrades. `service.submissions.gradings` has everything that happens next.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.errors import Conflict
from service.people.models import Account
from service.store.database import read_clock
from service.submissions.models import Grading, Status, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A new grading that is only a preview, and the one that counted before it."""

    grading_id: uuid.UUID
    before_id: uuid.UUID


def queue_previews(
    session: Session, assignment: Assignment, submissions: Iterable[uuid.UUID]
) -> list[Preview]:
    """Add a grading of each submission that counts nowhere yet; the caller commits.

    Submissions that are being graded are left out: their result will be new anyway. Those of
    deleted accounts are left out too: their files are gone. Raises Conflict if one is graded again
    at the same moment.
    """
    _wait_for_deletions(session, assignment)
    moment = read_clock(session)
    previews = []
    for gradings in _list_gradings(session, assignment, set(submissions)):
        own = [each for each in gradings if not each.preview]
        if not own[-1].status.ended:
            continue
        before = next((each for each in reversed(own) if each.status is Status.DONE), own[-1])
        grading = Grading(
            id=uuid.uuid4(),
            submission_id=before.submission_id,
            student_id=before.student_id,
            course_id=assignment.course_id,
            ordinal=gradings[-1].ordinal + 1,
            seed=own[0].seed,
            status=Status.QUEUED,
            queued_at=moment,
            enqueued_at=moment,
            preview=True,
        )
        session.add(grading)
        previews.append(Preview(grading_id=grading.id, before_id=before.id))
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise Conflict(
            "Somebody had one of these submissions graded again at the same moment. Try again.",
            code="already_grading",
        ) from None
    return previews


def _list_gradings(
    session: Session, assignment: Assignment, wanted: Collection[uuid.UUID]
) -> list[list[Any]]:
    """The gradings of each wanted submission by their ordinal, without their reports."""
    query = (
        select(
            Grading.submission_id,
            Grading.student_id,
            Grading.id,
            Grading.ordinal,
            Grading.status,
            Grading.seed,
            Grading.preview,
        )
        .join(Submission)
        .join(Account, Account.id == Submission.student_id)
        .where(Submission.assignment_id == assignment.id, Account.deleted_at.is_(None))
        .order_by(Submission.submitted_at, Submission.id, Grading.ordinal)
    )
    found: dict[uuid.UUID, list[Any]] = {}
    for row in session.execute(query):
        if row.submission_id in wanted:
            found.setdefault(row.submission_id, []).append(row)
    return list(found.values())


def _wait_for_deletions(session: Session, assignment: Assignment) -> None:
    """Lock the rows of the students, so that none is deleted until the previews are stored."""
    students = select(Submission.student_id).where(Submission.assignment_id == assignment.id)
    turns = select(Account.id).where(Account.id.in_(students)).order_by(Account.id)
    session.execute(turns.with_for_update(key_share=True))


def remove_queued(session: Session, ids: Select[uuid.UUID]) -> int:
    """Delete those of these gradings that no worker has started; returns how many."""
    queued = delete(Grading).where(Grading.id.in_(ids), Grading.status == Status.QUEUED)
    result = session.execute(queued.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def set_preview(session: Session, ids: Select[uuid.UUID], preview: bool) -> None:
    """Let the finished ones of these gradings count, or make them previews again."""
    done = update(Grading).where(Grading.id.in_(ids), Grading.status == Status.DONE)
    session.execute(done.values(preview=preview).execution_options(synchronize_session=False))
