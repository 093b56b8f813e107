"""Grade a submission again."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.submissions.hand_in import Enqueue, _wake
from service.submissions.models import Grading, Status, Submission


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


def _already_grading() -> Conflict:
    return Conflict(
        "This submission is being graded just now. Wait for the result first.",
        code="already_grading",
    )
