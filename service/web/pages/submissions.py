"""The pages of a submission: its report for the student, its review for staff."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as BaseResponse

from service.courses.access import is_staff, role_in
from service.courses.models import Assignment
from service.errors import NotFound
from service.feedback.levels import Level, OutcomeReport
from service.feedback.wording import (
    attempts_left,
    describe_scheme,
    describe_sight,
    describe_to_staff,
    points_of,
)
from service.marks import comments
from service.marks.gradebook import mark_of
from service.marks.results import find_sight, read_result, require_level, sights_of_students
from service.marks.since import read_since
from service.store.base import now
from service.submissions import find
from service.submissions.models import Grading, Status, Submission
from service.submissions.runnable import About, Loader
from service.web.download import source_file
from service.web.found import submission_of_page
from service.web.request import db_session, require_account, services
from service.web.view.cases import Case, ShownCase, check_command, draw_case, show_case
from service.web.view.comments import place_comments
from service.web.view.counterexample import draw_counterexample
from service.web.view.drawing import Drawing
from service.web.view.due_dates import why_closed
from service.web.view.graph_svg import paint
from service.web.view.highlight import list_source
from service.web.view.limited import (
    LimitedCase,
    draw_limited_case,
    show_limited,
    show_limited_case,
)
from service.web.view.report import draw_first, show, summarise
from service.web.view.times import local
from worker.report.model import Report, Summary

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions/<uuid:submission_id>")


@blueprint.get("")
def show_submission(submission_id: uuid.UUID) -> str:
    """A submission, its report and its source."""
    submission = _find(submission_id)
    assignment, account = submission.assignment, require_account()
    listing = list_source(submission.source)
    found = comments.list_comments(db_session(), account, submission)
    if account.id == submission.student_id and any(each.read_at is None for each in found):
        with services().writers() as writer:  # this request only reads otherwise
            comments.note_read(writer, account, submission)
    return render_template(
        "submission.html",
        receipt_text=services().receipts.sign(submission),
        listing=listing,
        comments=place_comments(listing, found),
        mark=mark_of(db_session(), require_account(), assignment, submission.student),
        may_submit=_may_submit(submission),
        **report_values(submission),
    )


@blueprint.get("/report")
def show_report(submission_id: uuid.UUID) -> str:
    """The report alone, for the page that waits for it."""
    submission = _find(submission_id)
    return render_template(
        "_report.html", may_submit=_may_submit(submission), **report_values(submission)
    )


@blueprint.get("/cases/<suite>/<case_id>")
def show_one_case(submission_id: uuid.UUID, suite: str, case_id: str) -> str:
    """One case of the report that counts: its program and every check."""
    submission = _find(submission_id)
    counting, viewer = submission.counting, require_account()
    result = read_result(db_session(), viewer, counting, details=True)
    require_level(result.sight, submission.assignment.course, Level.FULL, Level.TESTS)
    report = result.report
    shown: ShownCase[Case] | ShownCase[LimitedCase] | None = None
    drawing: Drawing | None = None
    if isinstance(report, OutcomeReport) and (own := show_limited_case(report, suite, case_id)):
        shown, drawing = own, draw_limited_case(report, own.case, counting.seed)
    elif isinstance(report, Report) and (whole := show_case(report, suite, case_id)):
        theirs = submission.student_id != viewer.id
        shown = whole
        drawing = draw_case(report, whole.case, counting.seed, theirs=theirs)
    if shown is None:
        raise NotFound("This submission's report has no such test.")
    return render_template(
        "case.html",
        submission=submission,
        loader=Loader.of(submission.filename, submission.source),
        shown=shown,
        limited=isinstance(report, OutcomeReport),
        notice=describe_sight(result.sight, local),
        command=check_command(submission, suite, case_id),
        drawing=drawing,
        picture=drawing and paint(drawing),
    )


@blueprint.get("/source")
def download_source(submission_id: uuid.UUID) -> BaseResponse:
    """The file as it was submitted."""
    submission = _find(submission_id)
    return source_file(submission.source, submission.filename)


def _find(submission_id: uuid.UUID) -> Submission:
    return submission_of_page(require_account(), submission_id)


def _may_submit(submission: Submission) -> bool:
    """Whether the viewer could submit again now."""
    viewer, assignment = require_account(), submission.assignment
    is_theirs = submission.student_id == viewer.id
    if not is_theirs or role_in(db_session(), viewer, assignment.course_id) is None:
        return False
    return not why_closed(_standing(submission), now())


def _standing(submission: Submission) -> find.Standing:
    return find.standing(
        db_session(), require_account(), submission.assignment, submission.student, now()
    )


def report_values(submission: Submission) -> dict[str, Any]:
    """The values of `_report.html`."""
    grading, counting = submission.grading, submission.counting
    position = find.queue_position(db_session(), require_account(), grading)
    has_report = counting.status is Status.DONE
    viewer, assignment = require_account(), submission.assignment
    result = read_result(db_session(), viewer, counting) if grading.status.ended else None
    report = result.report if result else None
    shown = limited = None
    if result and report is not None:
        if isinstance(report, Summary):
            shown = show(report, points=result.sight.points)
        else:
            limited = show_limited(report, result.sight)
    staff = is_staff(db_session(), viewer, assignment.course_id)
    drawing, theirs = None, submission.student_id != viewer.id
    if shown and isinstance(report, Summary):
        drawing = (
            draw_counterexample(report.counterexample, theirs=theirs)
            if report.counterexample
            else draw_first(report, shown, counting.seed, theirs=theirs)
        )
    marking = report.provenance.marking if isinstance(report, (Summary, OutcomeReport)) else None
    return {
        "first_drawing": drawing,
        "first_picture": drawing and paint(drawing),
        "submission": submission,
        "loader": Loader.of(submission.filename, submission.source),
        "about_graph": About.SMALL_GRAPH,
        "grading": grading,
        "graded_before": _earlier_results(submission) if result and result.sight.points else [],
        "earlier": has_report and counting is not grading,
        "score_text": _describe_score(submission) if has_report else "",
        "position": position,
        "attempts_text": _describe_attempts(submission),
        "scheme_text": describe_scheme(marking, again=counting.ordinal > 1) if marking else "",
        "shown": shown,
        "since": read_since(
            db_session(), viewer, submission, report=report if isinstance(report, Summary) else None
        )
        if grading.status.ended
        else None,
        "limited": limited,
        "folds_source": grading.status.ended and getattr(shown or limited, "problem", None) is None,
        "result": result,
        "removed": has_report and grading.status.ended and report is None,
        "staff": staff,
        "students_see": _describe_to_staff(assignment) if staff else "",
        "summary": limited.summary if limited else summarise(grading, shown, position),
    }


def _describe_score(submission: Submission) -> str:
    """The score that counts in words, such as `60 of 100`; empty while points aren't shown."""
    sight = find_sight(db_session(), require_account(), submission.assignment)
    score, max_score = submission.counting.score, submission.counting.max_score
    return points_of(score, max_score) if sight.points and score is not None and max_score else ""


def _earlier_results(submission: Submission) -> list[Grading]:
    """The results from before the one that counts, the oldest first."""
    counting = submission.counting
    if counting.status is not Status.DONE:
        return []
    older = (each for each in submission.gradings if each.ordinal < counting.ordinal)
    return [each for each in older if each.status is Status.DONE]


def _describe_to_staff(assignment: Assignment) -> str:
    """What students don't see of a report that staff see; empty if they see all of it."""
    sight = sights_of_students(db_session(), [assignment])[assignment.id]
    return "" if sight.whole else describe_to_staff(sight, local)


def _describe_attempts(submission: Submission) -> str:
    """How many attempts are left; empty if the assignment has no limit."""
    standing = _standing(submission)
    left, limit = standing.attempts_left, standing.terms.attempt_limit
    if left is None or limit is None:
        return ""
    errored = submission.counting.status is Status.ERRORED
    return attempts_left(left, limit, spent=submission.spends_attempt, errored=errored)
