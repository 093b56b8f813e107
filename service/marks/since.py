"""What changed since a student's earlier attempt, as much of it as somebody may see."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.courses.access import require_self_or_staff
from service.feedback.levels import Level
from service.feedback.since import Since, compare_reports
from service.marks.results import find_sight
from service.people.actors import Actor
from service.submissions.attempts import find_attempt_before
from service.submissions.models import Submission
from service.submissions.stored_reports import read_summary
from worker.report.model import Summary


def read_since(
    session: Session, actor: Actor, submission: Submission, *, report: Summary | None = None
) -> Since | None:
    """What changed from the newest earlier attempt that could be tested. For the student and staff.

    None if there is nothing to compare, or if no tests are shown. Mistakes aren't named unless
    whole reports are shown. `report` is the whole summary that counts, if it was read already.
    """
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
    sight = find_sight(session, actor, submission.assignment)
    if sight.level not in {Level.FULL, Level.TESTS} or submission.counting.score is None:
        return None
    earlier = find_attempt_before(session, actor, submission)
    if earlier is None or earlier.counting.score is None:
        return None
    before = read_summary(session, earlier.counting.id)
    after = report or read_summary(session, submission.counting.id)
    if before is None or after is None:
        return None
    return compare_reports(before, after, attempt=earlier.attempt, causes=sight.level is Level.FULL)
