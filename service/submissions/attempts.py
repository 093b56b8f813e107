"""The attempt before a submission, to compare them."""

from __future__ import annotations

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, selectinload

from service.courses.access import require_self_or_staff
from service.people.actors import Actor
from service.submissions.models import Grading, Status, Submission


def find_attempt_before(
    session: Session, actor: Actor, submission: Submission
) -> Submission | None:
    """The student's newest earlier attempt whose file could be tested, or else the newest earlier.

    None for a first attempt. For the student and staff.
    """
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
    tested = and_(Grading.status == Status.DONE, Grading.problem.is_(None), ~Grading.preview)
    query = (
        select(Submission)
        .join(Grading)
        .where(
            Submission.assignment_id == submission.assignment_id,
            Submission.student_id == submission.student_id,
            Submission.attempt < submission.attempt,
        )
        .group_by(Submission.id)
        .order_by(func.max(case((tested, 1), else_=0)).desc(), Submission.attempt.desc())
        .limit(1)
        .options(selectinload(Submission.gradings))
    )
    return session.scalar(query)
