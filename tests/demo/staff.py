"""What staff did: extensions, comments, and marks that were set by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.marks.comments import add_comment
from service.marks.extensions import Grant, set_extension
from service.marks.overrides import set_override
from service.people.models import Account
from service.submissions.models import Submission
from tests.demo.history import Attempt


def act_as_staff(
    session: Session,
    teacher: Account,
    assignment: Assignment,
    rng: random.Random,
    attempts: Mapping[Account, list[Attempt]],
) -> None:
    """A few extensions, comments and marks in an assignment."""
    busy = [student for student, found in attempts.items() if len(found) > 1]
    for student in rng.sample(busy, 3):
        assert assignment.deadline is not None
        grant = Grant(deadline=assignment.deadline + timedelta(days=3), reason="Was ill.")
        set_extension(session, teacher, assignment, student, grant)
    for student in rng.sample(busy, 4):
        text = "Try this rule on paper, with x = 2 and y = 3. What do you get?"
        line = rng.randint(5, 20)
        add_comment(session, teacher, _last_of(session, assignment, student), line=line, text=text)
    for student in rng.sample(busy, 2):
        submission = _last_of(session, assignment, student)
        score = round(assignment.max_score * 0.9, 1)
        reason = "Explained the mistake in the oral exam."
        set_override(session, teacher, submission, score=score, reason=reason)


def _last_of(session: Session, assignment: Assignment, student: Account) -> Submission:
    found = (
        session.query(Submission)
        .filter_by(assignment_id=assignment.id, student_id=student.id)
        .order_by(Submission.attempt.desc())
        .first()
    )
    assert found is not None
    return found
