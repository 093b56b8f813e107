"""A grading that is only a preview counts nowhere until its regrade is applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.marks.class_map import group_cases, read_insights
from service.marks.gradebook import marks
from service.marks.models import Regrade, RegradeEntry, RegradeStatus, Which
from service.marks.overrides import set_override
from service.marks.regrades import regrade
from service.settings import Settings
from service.store.base import now
from service.store.database import make_readers, make_sessions
from service.submissions import pruning
from service.submissions.find import attempts_left
from service.submissions.gradings import queue_regrade
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.notices import Listener
from service.submissions.waiting import Waits
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Problem, ProblemKind, Verdict

BAD = make_report(make_suite("rules", make_case("sum", Verdict.WRONG_GRADIENT), points=80.0))
GOOD = make_report(make_suite("rules", make_case("sum"), points=80.0))


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    """A submission that scored nothing, and a preview in which it scores everything."""
    submission = factories.make_graded(session, members.assignment, members.ada, BAD)
    factories.preview(session, submission, GOOD)
    session.commit()
    session.expire_all()
    return submission


def test_no_mark_and_no_class_map_counts_a_preview(
    session: Session, members: Class, done: Submission
) -> None:
    found = marks(session, members.teacher, members.assignment)
    assert [mark.score for mark in found] == [0.0, None]
    tested = read_insights(session, members.teacher, members.assignment).tested
    assert [case.failed for case in group_cases(tested)] == [1]
    assert done.counting.score == 0.0


def test_a_preview_spends_no_attempt(session: Session, members: Class) -> None:
    members.assignment.attempt_limit = 2
    unloadable = make_report(
        make_suite("rules", make_case("sum", Verdict.WRONG_GRADIENT)),
        problem=Problem(kind=ProblemKind.NO_CLASS, message="There is no class."),
    )
    made = factories.make_graded(session, members.assignment, members.ada, unloadable)
    factories.preview(session, made, GOOD)
    session.commit()
    assert attempts_left(session, members.ada, members.assignment, members.ada) == 2


def test_a_student_sees_the_result_while_a_preview_is_queued(
    client: FlaskClient, session: Session, members: Class
) -> None:
    factories.preview(session, add_second(session, members))
    session.commit()
    for row in session.scalars(select(Submission)):
        answer = client.get(f"/api/v1/submissions/{row.id}", headers=members.bearer(members.ada))
        assert answer.json is not None
        assert (answer.json["status"], answer.json["score"]) == ("done", 0.0)


def add_second(session: Session, members: Class) -> Submission:
    """A second attempt."""
    return factories.make_graded(session, members.assignment, members.ada, BAD, attempt=2)


def test_a_single_regrade_gets_the_ordinal_after_a_preview(
    session: Session, members: Class, done: Submission
) -> None:
    assert queue_regrade(session, done).ordinal == 3
    session.rollback()
    factories.preview(session, add_second(session, members))
    session.commit()
    regrade(session, members.teacher, done, lambda _: None)  # though the preview is still queued
    assert [each.ordinal for each in done.gradings] == [1, 3]


def test_a_request_that_waits_is_woken_though_a_preview_is_queued(
    engine: Engine, session: Session, members: Class
) -> None:
    made = factories.make_graded(session, members.assignment, members.ada, BAD)
    factories.preview(session, made)
    session.commit()
    waits = Waits()
    wait = waits.join(made.id, members.ada.id)
    assert wait is not None
    Listener(engine, make_readers(engine), waits)._look()
    assert wait.stored.done()


@pytest.mark.parametrize("status", RegradeStatus)
def test_reports_of_previews_go_once_nobody_can_apply_them(
    engine: Engine,
    session: Session,
    settings: Settings,
    members: Class,
    done: Submission,
    status: RegradeStatus,
) -> None:
    preview = session.scalars(select(Grading).where(Grading.preview)).one()
    preview.preview = status is not RegradeStatus.APPLIED
    made = Regrade(assignment_id=members.assignment.id, which=Which.ALL, status=status)
    made.entries.append(RegradeEntry(grading_id=preview.id, before_id=done.grading.id))
    session.add(made)
    session.commit()
    gone = status in {RegradeStatus.CANCELLED, RegradeStatus.UNDONE}
    assert pruning.prune_reports(make_sessions(engine), settings, now()) == gone
    kept = set(session.scalars(select(StoredReport.grading_id)))
    assert (preview.id in kept) is not gone
    assert preview.score == 80.0
    assert preview.status is Status.DONE


def test_a_mark_for_somebody_without_a_submission_stops_no_pruning(
    engine: Engine, session: Session, settings: Settings, members: Class, done: Submission
) -> None:
    later = now() + timedelta(days=99)
    override = set_override(session, members.teacher, done, score=5, reason="Oral exam")
    override.submission_id = None
    for attempt in (2, 3):
        factories.make_graded(session, members.assignment, members.ada, BAD, attempt=attempt)
    session.commit()
    keep = replace(settings, keep_reports_days=30)
    assert pruning.prune_reports(make_sessions(engine), keep, later) == 2
