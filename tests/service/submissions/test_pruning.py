"""Old reports are removed, but what counts and the newest attempt keep theirs."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from service.courses.models import AttemptThatCounts
from service.marks.class_map import group_cases, read_insights
from service.marks.gradebook import marks
from service.marks.models import Regrade, RegradeEntry, RegradeStatus, Which
from service.marks.overrides import set_override
from service.settings import Settings
from service.store.base import now
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.pruning import prune_reports
from service.submissions.stored_reports import read_report
from tests.service.conftest import Class, make_class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json
from worker.report.model import Problem, ProblemKind, Verdict
from worker.report.tally import Tally

DAYS = 30
GOOD = make_report(make_suite("rules", make_case(), points=80.0))
HALF = make_report(
    make_suite("rules", make_case(), make_case("product", Verdict.WRONG_GRADIENT), points=80.0)
)
BAD = make_report(make_suite("rules", make_case("sum", Verdict.WRONG_GRADIENT), points=80.0))
UNLOADABLE = replace(BAD, problem=Problem(kind=ProblemKind.NO_CLASS, message="There is no class."))


@pytest.fixture
def pruning(settings: Settings) -> Settings:
    """The settings of an installation that keeps reports for a month."""
    return replace(settings, keep_reports_days=DAYS)


@pytest.fixture
def sessions(settings: Settings) -> Iterator[Sessions]:
    """Sessions of the scheduler."""
    engine = make_engine(settings)
    yield make_sessions(engine)
    engine.dispose()


def with_report(session: Session) -> set[uuid.UUID]:
    """The gradings that have a report, stored in either form."""
    session.rollback()
    with session.begin():  # and no longer: it is the one writer meanwhile
        kept = set(session.scalars(select(StoredReport.grading_id)))
        return kept | set(session.scalars(select(Grading.id).where(Grading.report.is_not(None))))


def later() -> datetime:
    """A moment at which today's reports are old."""
    return now() + timedelta(days=DAYS + 1)


def test_the_attempt_that_counts_and_the_newest_keep_their_reports(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    attempts = [
        factories.make_graded(session, members.assignment, members.ada, report, attempt=attempt)
        for attempt, report in enumerate((BAD, GOOD, HALF, BAD), 1)
    ]
    other = factories.make_graded(session, members.assignment, members.blaise, BAD)
    session.commit()
    ids = [submission.grading.id for submission in attempts]
    others = other.grading.id
    scores = session.execute(select(Grading.id, Grading.score)).all()
    session.commit()
    assert prune_reports(sessions, pruning, later()) == 2
    assert with_report(session) == {ids[1], ids[3], others}
    assert session.execute(select(Grading.id, Grading.score)).all() == scores
    assert prune_reports(sessions, pruning, later()) == 0


def test_nothing_is_removed_before_its_time_or_without_the_setting(
    session: Session, members: Class, sessions: Sessions, pruning: Settings, settings: Settings
) -> None:
    for attempt in (1, 2, 3):
        factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=attempt)
    session.commit()
    before = with_report(session)
    assert prune_reports(sessions, settings, now() + timedelta(days=9999)) == 0
    assert prune_reports(sessions, pruning, now() + timedelta(days=DAYS - 1)) == 0
    assert with_report(session) == before
    assert prune_reports(sessions, pruning, later()) == 1


def test_an_older_grading_of_a_regraded_submission_loses_its_report(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, GOOD)
    first = submission.grading.id
    again = factories.regrade(session, submission)
    session.commit()
    assert prune_reports(sessions, pruning, later()) == 0  # the new grading has no result yet
    factories.finish(again, BAD)
    session.commit()
    assert prune_reports(sessions, pruning, later()) == 1
    assert with_report(session) == {again.id} != {first}


def test_the_search_does_not_wait_for_a_writer(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    factories.make_graded(session, members.assignment, members.ada, GOOD)
    session.commit()
    assert session.scalars(select(Grading)).all()  # and its transaction is the only writer
    assert prune_reports(sessions, pruning, later()) == 0


def test_a_submission_that_staff_marked_keeps_its_report(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    first = factories.make_graded(session, members.assignment, members.ada, BAD)
    for attempt in (2, 3):
        factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=attempt)
    session.commit()
    set_override(session, members.teacher, first, score=50.0, reason="A good start")
    assert prune_reports(sessions, pruning, later()) == 0
    assert first.grading.id in with_report(session)


def test_reports_of_earlier_versions_are_removed_too_and_leave_a_tally(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    old = factories.make_graded(session, members.assignment, members.ada, HALF).grading
    session.delete(session.get_one(StoredReport, old.id))
    session.execute(
        update(Grading).where(Grading.id == old.id).values(report=to_json(HALF), tally=None)
    )
    factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=2)
    session.commit()
    assert prune_reports(sessions, pruning, later()) == 1
    assert old.id not in with_report(session)
    session.expire_all()
    found = session.get_one(Grading, old.id, options=[undefer(Grading.tally)])
    assert found.tally == Tally.of(HALF).to_json()
    insights = read_insights(session, members.teacher, members.assignment)
    assert insights.graded == 1
    assert group_cases(insights.tested) == []


def test_a_damaged_report_does_not_keep_others_from_being_removed(
    session: Session,
    members: Class,
    sessions: Sessions,
    pruning: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = [
        factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=attempt)
        for attempt in (1, 2, 3, 4)
    ]
    damaged = made[1].grading
    session.get_one(StoredReport, damaged.id).summary = b"damaged"
    damaged.tally = None
    session.commit()
    ids = [submission.grading.id for submission in made]
    assert prune_reports(sessions, pruning, later()) == 2
    assert with_report(session) == {ids[0], ids[3]}
    assert f"the report of grading {ids[1]} can't be read and is removed" in caplog.text


def test_reports_are_removed_in_batches_up_to_a_limit(
    session: Session,
    members: Class,
    sessions: Sessions,
    pruning: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.submissions.pruning.BATCH", 2)
    for attempt in range(1, 8):
        factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=attempt)
    session.commit()
    seen: list[int] = []
    assert prune_reports(sessions, pruning, later(), limit=3, on_removed=seen.append) == 3
    assert seen == [2, 3]
    assert len(with_report(session)) == 4
    assert prune_reports(sessions, pruning, later()) == 2


def test_where_the_latest_attempt_counts_it_keeps_its_report(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    members.assignment.attempt_that_counts = AttemptThatCounts.LATEST
    attempts = [
        factories.make_graded(
            session,
            members.assignment,
            members.ada,
            report,
            attempt=attempt,
            submitted_at=now() - timedelta(days=days),
        )
        for attempt, (report, days) in enumerate(((GOOD, 3), (BAD, 1), (UNLOADABLE, 2)), 1)
    ]
    session.commit()
    ids = [each.grading.id for each in attempts]
    (ada, _) = marks(session, members.teacher, members.assignment)
    assert ada.grading_id == ids[1]
    session.commit()
    prune_reports(sessions, pruning, later())
    assert with_report(session) == set(ids[1:])


def test_what_counts_once_lateness_is_deducted_keeps_its_report(
    session: Session, members: Class, sessions: Sessions, pruning: Settings
) -> None:
    deadline = now() - timedelta(days=5)
    members.assignment.deadline, members.assignment.late_percent = deadline, 40.0
    attempts = [
        factories.make_graded(
            session,
            members.assignment,
            members.ada,
            report,
            attempt=attempt,
            submitted_at=deadline + timedelta(days=days),
        )
        for attempt, (report, days) in enumerate(((BAD, -2), (HALF, -1), (GOOD, 3), (BAD, 4)), 1)
    ]
    session.commit()
    ids = [each.grading.id for each in attempts]
    (ada, _) = marks(session, members.teacher, members.assignment)
    assert ada.grading_id == ids[1]
    session.commit()
    prune_reports(sessions, pruning, later())
    assert set(ids[1:]) <= with_report(session)


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (RegradeStatus.READY, {"before", "after"}),
        (RegradeStatus.APPLIED, {"before", "after"}),
        (RegradeStatus.UNDONE, {"before"}),
    ],
)
def test_what_a_regrade_replaces_keeps_its_report_while_it_may_count_again(
    session: Session,
    members: Class,
    sessions: Sessions,
    pruning: Settings,
    status: RegradeStatus,
    kept: set[str],
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, GOOD)
    before = submission.grading
    after = factories.regrade(session, submission)
    factories.finish(after, HALF)
    after.preview = status is not RegradeStatus.APPLIED
    session.add(
        Regrade(
            assignment_id=members.assignment.id,
            which=Which.ALL,
            status=status,
            created_by_id=members.teacher.id,
            entries=[RegradeEntry(grading_id=after.id, before_id=before.id)],
        )
    )
    session.commit()
    names = {before.id: "before", after.id: "after"}
    session.commit()
    prune_reports(sessions, pruning, later())
    assert {names[each] for each in with_report(session)} == kept


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_counts_keeps_its_report(request: pytest.FixtureRequest, database: str) -> None:
    name = "settings" if database == "sqlite" else "on_postgres"
    chosen = replace(request.getfixturevalue(name), keep_reports_days=DAYS)
    engine = make_engine(chosen)
    generator = random.Random(7)
    with make_sessions(engine)() as session:
        members = make_class(session)
        for student in (members.ada, members.blaise):
            for attempt in range(1, 9):
                submission = factories.make_submission(
                    session, members.assignment, student, attempt=attempt
                )
                for ordinal in range(generator.randint(1, 3)):
                    grading = (
                        factories.regrade(session, submission) if ordinal else submission.grading
                    )
                    report = generator.choice((GOOD, HALF, BAD, UNLOADABLE, None))
                    if report is None:
                        factories.give_up(grading)
                    else:
                        factories.finish(grading, report)
        session.commit()
        counting = {
            mark.grading_id
            for mark in marks(session, members.teacher, members.assignment)
            if mark.status is Status.DONE
        }
        before = len(with_report(session))
        removed = prune_reports(make_sessions(engine), chosen, later())
        kept = with_report(session)
        assert removed == before - len(kept) > 0
        assert counting <= kept
        newest = session.scalars(select(Submission).where(Submission.attempt == 8))
        assert {each.counting.id for each in newest if each.counting.status is Status.DONE} <= kept
        assert len(kept) <= 4
        assert session.scalars(select(func.count(Grading.id))).one() > len(kept)
    engine.dispose()


def test_the_page_and_the_api_say_that_a_report_was_removed(
    app: Flask,
    client: FlaskClient,
    session: Session,
    members: Class,
    sessions: Sessions,
    pruning: Settings,
) -> None:
    old = factories.make_graded(session, members.assignment, members.ada, HALF)
    factories.make_graded(session, members.assignment, members.ada, GOOD, attempt=2)
    session.commit()
    prune_reports(sessions, pruning, later())
    assert read_report(session, old.grading.id) is None
    page = signed_in(app, members.ada).get(f"/submissions/{old.id}")
    assert page.status_code == 200
    assert "The details of this report were removed because it is old." in page.text
    assert "40.00 <small>of 80" in page.text or "40 <small>of 80" in page.text
    assert "grade it again" not in page.text
    review = signed_in(app, members.teacher).get(f"/submissions/{old.id}/review")
    assert "To get the details back, grade it again." in review.text
    case = signed_in(app, members.ada).get(f"/submissions/{old.id}/cases/rules/product")
    assert case.status_code == 404
    headers = members.bearer(members.ada)
    body = client.get(f"/api/v1/submissions/{old.id}", headers=headers).json
    assert body is not None
    assert (body["status"], body["score"], body["report"]) == ("done", 40.0, None)
    results = client.get(f"/api/v1/submissions/{old.id}/results.json", headers=headers)
    assert results.status_code == 409
    assert results.json is not None
    assert results.json["error"]["code"] == "report_removed"
