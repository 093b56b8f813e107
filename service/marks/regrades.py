"""Grade a submission again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.audit.log import record
from service.courses.access import require_staff
from service.people.actors import Actor, id_of
from service.submissions.gradings import queue_regrade
from service.submissions.jobs import Enqueue, wake_worker
from service.submissions.models import Grading, Submission


def regrade(session: Session, actor: Actor, submission: Submission, enqueue: Enqueue) -> Grading:
    """Queue a new grading of a submission; the old ones stay. Commits. For staff.

    Raises Conflict while the submission is being graded.
    """
    require_staff(session, actor, submission.assignment.course_id)
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
