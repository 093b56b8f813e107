"""What a page is about: its course, assignment or submission. Its times are the course's."""

from __future__ import annotations

import uuid

from service.courses import assignments, courses
from service.courses.models import Assignment, Course
from service.people.models import Account
from service.submissions import find
from service.submissions.models import Submission
from service.web.request import db_session
from service.web.view.times import use_times_of


def course_of_page(actor: Account, slug: str) -> Course:
    """The course that a page is about; raises NotFound."""
    course = courses.find_course(db_session(), actor, slug)
    use_times_of(course)
    return course


def assignment_of_page(actor: Account, course: str, slug: str) -> Assignment:
    """The assignment that a page is about; raises NotFound."""
    assignment = assignments.find_assignment(db_session(), actor, slug, course)
    use_times_of(assignment.course)
    return assignment


def submission_of_page(actor: Account, submission_id: uuid.UUID) -> Submission:
    """The submission that a page is about; raises NotFound."""
    submission = find.find_submission(db_session(), actor, submission_id)
    use_times_of(submission.assignment.course)
    return submission
