"""Grade submissions again: one at once, or many as a preview that a teacher applies or not.

A regrade of an assignment is `running` until the last of its gradings has ended, and then `ready`.
Until it is applied, its gradings are previews and count nowhere. When it is undone they are
previews again, so that the gradings from before count, exactly as they did.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from service.audit.log import record
from service.courses.access import require_enrolled, require_staff, require_teacher
from service.courses.models import Assignment, Enrolment, Role
from service.errors import Conflict, NotFound
from service.marks.gradebook import marks
from service.marks.models import Regrade, RegradeEntry, RegradeStatus, Which
from service.people.actors import Actor, id_of
from service.store.base import now
from service.submissions.gradings import queue_regrade
from service.submissions.jobs import Enqueue, wake_worker
from service.submissions.models import Grading, Status, Submission
from service.submissions.previews import queue_previews, remove_queued, set_preview

WOKEN = 16  # workers; a slot that is awake grades until nothing is queued
OPEN = (RegradeStatus.RUNNING, RegradeStatus.READY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A regrade, how far it is, and how many of its gradings failed on our side.

    `status` is that of the regrade, with `ready` as soon as all of its gradings have ended.
    """

    regrade: Regrade
    assignment: Assignment
    status: RegradeStatus
    done: int
    of: int
    errored: int


def regrade(session: Session, actor: Actor, submission: Submission, enqueue: Enqueue) -> Grading:
    """Queue a new grading of a submission; the old ones stay. Commits. For teachers.

    Raises Conflict while the submission is being graded.
    """
    require_teacher(session, actor, submission.assignment.course_id)
    grading = queue_regrade(session, submission)
    record(
        session,
        id_of(actor),
        "submission.regraded",
        course_id=submission.assignment.course_id,
        assignment_id=submission.assignment_id,
        submission_id=submission.id,
        account_id=submission.student_id,
    )
    session.commit()
    wake_worker(enqueue, grading.id)
    return grading


def start_regrade(
    session: Session, actor: Actor, assignment: Assignment, which: Which, enqueue: Enqueue
) -> Regrade:
    """Grade submissions of an assignment again, as a preview; commits. For teachers.

    Raises Conflict while another regrade of the assignment waits to be applied or cancelled, and if
    there is nothing to grade again.
    """
    require_teacher(session, actor, assignment.course_id)
    session.execute(select(Assignment.id).where(Assignment.id == assignment.id).with_for_update())
    if find_open(session, actor, assignment) is not None:
        raise Conflict(
            "A regrade of this assignment isn't finished. Apply it or cancel it, "
            "then start another one.",
            code="regrade_underway",
        )
    previews = queue_previews(session, assignment, _choose(session, actor, assignment, which))
    if not previews:
        raise Conflict(
            "There is no submission to grade again. Submissions that are being graded now "
            "get the present tests anyway.",
            code="nothing_to_regrade",
        )
    started = Regrade(
        id=uuid.uuid4(),
        assignment_id=assignment.id,
        which=which,
        status=RegradeStatus.RUNNING,
        created_by_id=id_of(actor),
        created_at=now(),
        entries=[
            RegradeEntry(grading_id=each.grading_id, before_id=each.before_id) for each in previews
        ],
    )
    session.add(started)
    _record(session, actor, assignment, "regrade.started", which=which, submissions=len(previews))
    session.commit()
    for preview in previews[:WOKEN]:
        wake_worker(enqueue, preview.grading_id)
    return started


def find_regrade(session: Session, actor: Actor, regrade_id: uuid.UUID) -> Progress:
    """A regrade and its progress. For staff; raises NotFound for any other."""
    found = session.get(Regrade, regrade_id)
    if found is None:
        raise _not_found()
    assignment = session.get_one(
        Assignment,
        found.assignment_id,
        options=[joinedload(Assignment.course), selectinload(Assignment.suites)],
    )
    try:
        require_enrolled(session, actor, assignment.course_id)
    except NotFound:
        raise _not_found() from None
    require_staff(session, actor, assignment.course_id)
    return _progress(session, found, assignment)


def find_open(session: Session, actor: Actor, assignment: Assignment) -> Regrade | None:
    """The regrade of an assignment that is neither applied nor cancelled yet. For staff."""
    require_staff(session, actor, assignment.course_id)
    return session.scalar(
        select(Regrade).where(Regrade.assignment_id == assignment.id, Regrade.status.in_(OPEN))
    )


def list_regrades(session: Session, actor: Actor, assignment: Assignment) -> list[Regrade]:
    """The regrades of an assignment, the newest first. For staff."""
    require_staff(session, actor, assignment.course_id)
    query = select(Regrade).where(Regrade.assignment_id == assignment.id)
    return list(session.scalars(query.order_by(Regrade.created_at.desc(), Regrade.id)))


def apply_regrade(session: Session, actor: Actor, regrade_id: uuid.UUID) -> Progress:
    """Let the new gradings count; commits. For teachers.

    Raises Conflict while some are still being graded, and if the regrade has ended.
    """
    progress = _lock(session, actor, regrade_id)
    if progress.status is RegradeStatus.RUNNING:
        raise Conflict(
            f"{progress.done} of {progress.of} submissions are graded again. "
            "Wait for the others, or cancel the regrade.",
            code="still_grading",
        )
    if progress.status is not RegradeStatus.READY:
        raise _ended(progress)
    set_preview(session, gradings_of(progress.regrade), False)
    return _end(session, actor, progress, RegradeStatus.APPLIED)


def undo_regrade(session: Session, actor: Actor, regrade_id: uuid.UUID) -> Progress:
    """Let the gradings from before an applied regrade count again; commits. For teachers.

    Raises Conflict if it isn't applied, or if a later one is.
    """
    progress = _lock(session, actor, regrade_id)
    if progress.status is not RegradeStatus.APPLIED:
        raise Conflict("This regrade isn't applied, so there is nothing to undo.", code="ended")
    later = select(Regrade.id).where(
        Regrade.assignment_id == progress.assignment.id,
        Regrade.status == RegradeStatus.APPLIED,
        Regrade.created_at > progress.regrade.created_at,
    )
    if session.scalar(later.limit(1)) is not None:
        raise Conflict("A later regrade is applied. Undo that one first.", code="later_regrade")
    set_preview(session, gradings_of(progress.regrade), True)
    return _end(session, actor, progress, RegradeStatus.UNDONE)


def cancel_regrade(session: Session, actor: Actor, regrade_id: uuid.UUID) -> Progress:
    """Drop a regrade that isn't applied; commits. For teachers.

    What is queued is removed. What is being graded runs to its end and counts nowhere. Raises
    Conflict if the regrade has ended.
    """
    progress = _lock(session, actor, regrade_id)
    if progress.status not in OPEN:
        raise _ended(progress)
    remove_queued(session, gradings_of(progress.regrade))
    return _end(session, actor, progress, RegradeStatus.CANCELLED)


def gradings_of(found: Regrade) -> Select[uuid.UUID]:
    """A query for the ids of a regrade's own gradings."""
    return select(RegradeEntry.grading_id).where(RegradeEntry.regrade_id == found.id)


def _choose(
    session: Session, actor: Actor, assignment: Assignment, which: Which
) -> list[uuid.UUID]:
    """The submissions of the course's students to grade again. Staff only try things out."""
    if which is Which.COUNTING:
        found = marks(session, actor, assignment)
        return [mark.submission_id for mark in found if mark.submission_id is not None]
    attempts = (
        select(Submission.id, Submission.student_id, Submission.attempt)
        .join(Enrolment, Enrolment.account_id == Submission.student_id)
        .where(
            Submission.assignment_id == assignment.id,
            Enrolment.course_id == assignment.course_id,
            Enrolment.role == Role.STUDENT,
        )
        .order_by(Submission.attempt)
    )
    rows = session.execute(attempts).all()
    if which is Which.LATEST:
        return list({row.student_id: row.id for row in rows}.values())
    return [row.id for row in rows]


def _progress(session: Session, found: Regrade, assignment: Assignment) -> Progress:
    counts = (
        select(Grading.status, func.count())
        .where(Grading.id.in_(gradings_of(found)))
        .group_by(Grading.status)
    )
    by_status = dict(iter(session.execute(counts)))
    of = sum(by_status.values())
    done = sum(count for status, count in by_status.items() if status.ended)
    is_ready = found.status in OPEN and done == of
    return Progress(
        regrade=found,
        assignment=assignment,
        status=RegradeStatus.READY if is_ready else found.status,
        done=done,
        of=of,
        errored=by_status.get(Status.ERRORED, 0),
    )


def _lock(session: Session, actor: Actor, regrade_id: uuid.UUID) -> Progress:
    """A regrade whose row stays locked until the commit. For teachers."""
    progress = find_regrade(session, actor, regrade_id)
    require_teacher(session, actor, progress.assignment.course_id)
    session.refresh(progress.regrade, with_for_update=True)
    return _progress(session, progress.regrade, progress.assignment)


def _end(session: Session, actor: Actor, progress: Progress, status: RegradeStatus) -> Progress:
    progress.regrade.status = status
    progress.regrade.ended_at = now()
    _record(
        session, actor, progress.assignment, f"regrade.{status.value}", submissions=progress.done
    )
    session.commit()
    return _progress(session, progress.regrade, progress.assignment)


def _record(
    session: Session, actor: Actor, assignment: Assignment, action: str, **after: object
) -> None:
    record(
        session,
        id_of(actor),
        action,
        course_id=assignment.course_id,
        assignment_id=assignment.id,
        after=after,
    )


def _ended(progress: Progress) -> Conflict:
    status = progress.status.value
    return Conflict(f"This regrade is {status} already. Start a new one.", code="ended")


def _not_found() -> NotFound:
    return NotFound("There is no such regrade, or you may not see it.")
