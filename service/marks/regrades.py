"""Grade a submission again."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.submissions.gradings import Enqueue, queue_regrade, wake_worker
from service.submissions.models import Grading, Submission


def regrade(session: Session, enqueue: Enqueue, submission: Submission) -> Grading:
    """Queue a new grading of a submission; the old ones stay. Conflict while one is under way."""
    grading = queue_regrade(session, submission)
    wake_worker(enqueue, grading.id)
    return grading
