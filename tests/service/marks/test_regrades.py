"""An assignment's submissions are graded again as a preview, which a teacher applies or not."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.marks.gradebook import marks
from service.marks.models import Regrade, RegradeStatus, Which
from service.marks.regrade_changes import find_changes
from service.marks.regrades import (
    apply_regrade,
    cancel_regrade,
    find_regrade,
    start_regrade,
    undo_regrade,
)
from service.settings import Settings
from service.store.database import make_sessions
from service.submissions import gradings
from service.submissions.models import Grading, Status, Submission
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries
from worker.report.model import Report, Verdict

WRONG = Verdict.WRONG_GRADIENT


def report_of(*, total: Verdict, product: Verdict) -> Report:
    """A report of two tests of 40 points each."""
    cases = make_case("sum", total), make_case("product", product)
    return make_report(make_suite("rules", *cases, points=80.0))


HALF = report_of(total=Verdict.PASSED, product=WRONG)
OTHER_HALF = report_of(total=WRONG, product=Verdict.PASSED)
FULL = report_of(total=Verdict.PASSED, product=Verdict.PASSED)
NONE = report_of(total=WRONG, product=WRONG)


@pytest.fixture
def graded(session: Session, members: Class) -> list[Submission]:
    """Ada's two attempts, with 40 and 0 points, and one by Blaise with 40."""
    made = [
        factories.make_graded(session, members.assignment, student, report, attempt=attempt)
        for student, report, attempt in (
            (members.ada, HALF, 1),
            (members.ada, NONE, 2),
            (members.blaise, HALF, 1),
        )
    ]
    session.commit()
    return made


def start(session: Session, members: Class, which: Which = Which.COUNTING) -> Regrade:
    return start_regrade(session, members.teacher, members.assignment, which, lambda _: None)


def finish(session: Session, regrade: Regrade, reports: dict[uuid.UUID, Report]) -> None:
    """Grade all that is queued, by the submission's id."""
    for entry in regrade.entries:
        grading = session.get_one(Grading, entry.grading_id)
        factories.finish(grading, reports[grading.submission_id])
    session.commit()


def scores(session: Session, members: Class) -> list[float | None]:
    session.expire_all()
    return [mark.score for mark in marks(session, members.teacher, members.assignment)]


@pytest.mark.parametrize(
    ("which", "chosen"), [(Which.ALL, {0, 1, 2}), (Which.COUNTING, {0, 2}), (Which.LATEST, {1, 2})]
)
def test_a_regrade_has_a_preview_of_each_submission_that_was_asked_for(
    session: Session, members: Class, graded: list[Submission], which: Which, chosen: set[int]
) -> None:
    factories.make_graded(session, members.assignment, members.teacher, HALF)  # tries it out
    session.commit()
    regrade = start(session, members, which)
    previews = session.scalars(select(Grading).where(Grading.preview)).all()
    assert {each.submission_id for each in previews} == {graded[number].id for number in chosen}
    assert {(each.ordinal, each.status, each.seed) for each in previews} == {(2, Status.QUEUED, 7)}
    progress = find_regrade(session, members.assistant, regrade.id)
    assert (progress.status, progress.done, progress.of) == (
        RegradeStatus.RUNNING,
        0,
        len(chosen),
    )


def test_applying_lets_the_new_gradings_count_and_undoing_the_old_ones_exactly(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    before = scores(session, members)
    regrade = start(session, members)
    finish(session, regrade, {graded[0].id: FULL, graded[2].id: NONE})
    assert scores(session, members) == before == [40.0, 40.0]
    assert find_regrade(session, members.teacher, regrade.id).status is RegradeStatus.READY

    assert apply_regrade(session, members.teacher, regrade.id).status is RegradeStatus.APPLIED
    assert scores(session, members) == [80.0, 0.0]
    assert [each.score for each in graded[0].gradings] == [40.0, 80.0]

    assert undo_regrade(session, members.teacher, regrade.id).status is RegradeStatus.UNDONE
    assert scores(session, members) == before
    assert [each.score for each in graded[0].gradings] == [40.0]


def test_the_changes_say_who_rises_who_falls_and_by_which_tests(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    regrade = start(session, members)
    finish(session, regrade, {graded[0].id: FULL, graded[2].id: OTHER_HALF})
    found = find_changes(session, members.assistant, members.assignment, regrade)
    assert [
        (each.student.name, each.before, each.after, [(c.case, c.turn) for c in each.cases])
        for each in found
    ] == [("Ada", 40.0, 80.0, [("product", "passes")])]

    again = start_after_cancelling(session, members, regrade)
    finish(session, again, {graded[0].id: NONE, graded[2].id: FULL})
    changes = find_changes(session, members.teacher, members.assignment, again)
    assert [(each.student.name, each.difference) for each in changes] == [
        ("Ada", -40.0),
        ("Blaise", 40.0),
    ]
    for act in (apply_regrade, undo_regrade):  # the answer stays the same
        act(session, members.teacher, again.id)
        session.expire_all()
        assert find_changes(session, members.teacher, members.assignment, again) == changes


def start_after_cancelling(session: Session, members: Class, regrade: Regrade) -> Regrade:
    cancel_regrade(session, members.teacher, regrade.id)
    return start(session, members)


def test_a_later_submission_changes_no_answer_of_a_regrade(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    regrade = start(session, members)
    finish(session, regrade, {graded[0].id: FULL, graded[2].id: HALF})
    before = find_changes(session, members.teacher, members.assignment, regrade)
    factories.make_graded(session, members.assignment, members.ada, FULL, attempt=3)
    session.commit()
    assert find_changes(session, members.teacher, members.assignment, regrade) == before


def test_two_regrades_at_once_are_refused(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    first = start(session, members)
    with pytest.raises(Conflict, match="Apply it or cancel it") as caught:
        start(session, members, Which.ALL)
    assert caught.value.code == "regrade_underway"
    finish(session, first, {each.id: HALF for each in graded})
    with pytest.raises(Conflict, match="Apply it or cancel it"):
        start(session, members)
    apply_regrade(session, members.teacher, first.id)
    start(session, members)


def test_cancelling_removes_what_is_queued_and_ignores_what_runs(
    engine: Engine,
    session: Session,
    settings: Settings,
    members: Class,
    graded: list[Submission],
) -> None:
    regrade = start(session, members, Which.ALL)
    session.commit()
    job = gradings.claim_next(make_sessions(engine), settings, "slot 1")
    assert job is not None
    progress = cancel_regrade(session, members.teacher, regrade.id)
    assert (progress.status, progress.of) == (RegradeStatus.CANCELLED, 1)
    session.commit()
    gradings.record(make_sessions(engine), job, FULL)
    assert gradings.claim_next(make_sessions(engine), settings, "slot 1") is None
    assert scores(session, members) == [40.0, 40.0]
    assert session.scalar(select(func.count(Grading.id))) == len(graded) + 1
    for act in (apply_regrade, cancel_regrade):
        with pytest.raises(Conflict, match="cancelled already"):
            act(session, members.teacher, regrade.id)


def test_nothing_is_applied_before_all_are_graded(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    regrade = start(session, members)
    factories.finish(session.get_one(Grading, regrade.entries[0].grading_id), FULL)
    session.commit()
    with pytest.raises(Conflict, match="1 of 2 submissions"):
        apply_regrade(session, members.teacher, regrade.id)
    with pytest.raises(Conflict, match="isn't applied"):
        undo_regrade(session, members.teacher, regrade.id)
    assert scores(session, members) == [40.0, 40.0]
    assert graded


def test_a_grading_that_fails_on_our_side_changes_no_mark(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    regrade = start(session, members)
    for entry in regrade.entries:
        factories.give_up(session.get_one(Grading, entry.grading_id))
    session.commit()
    progress = apply_regrade(session, members.teacher, regrade.id)
    assert progress.errored == 2
    assert scores(session, members) == [40.0, 40.0]
    assert all(each.grading.status is Status.DONE for each in graded)


def test_only_the_newest_applied_regrade_can_be_undone(
    session: Session, members: Class, graded: list[Submission]
) -> None:
    reports = {graded[0].id: FULL, graded[2].id: FULL}
    first = start(session, members)
    finish(session, first, reports)
    apply_regrade(session, members.teacher, first.id)
    second = start(session, members)
    finish(session, second, reports)
    apply_regrade(session, members.teacher, second.id)
    with pytest.raises(Conflict, match="Undo that one first"):
        undo_regrade(session, members.teacher, first.id)
    undo_regrade(session, members.teacher, second.id)
    undo_regrade(session, members.teacher, first.id)
    assert scores(session, members) == [40.0, 40.0]


def test_what_is_being_graded_is_left_out(session: Session, members: Class) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    with pytest.raises(Conflict, match="no submission to grade again"):
        start(session, members, Which.ALL)


def test_changes_are_found_in_the_same_number_of_queries_for_any_class(
    engine: Engine, session: Session, members: Class, graded: list[Submission]
) -> None:
    def count() -> int:
        regrade = start(session, members)
        submissions = session.scalars(select(Submission)).all()
        finish(session, regrade, {each.id: FULL for each in submissions})
        session.commit()
        with make_sessions(engine)() as other, queries(engine) as seen:
            progress = find_regrade(other, members.teacher, regrade.id)
            assert find_changes(other, members.teacher, progress.assignment, progress.regrade)
        cancel_regrade(session, members.teacher, regrade.id)
        return len(seen)

    few = count()
    for _ in range(5):
        student = factories.enrol(session, members.course, factories.make_account(session))
        factories.make_graded(session, members.assignment, student, HALF)
    session.commit()
    assert count() == few
    assert graded


def test_a_teacher_cancels_a_regrade_over_http(
    client: FlaskClient, session: Session, members: Class, graded: list[Submission]
) -> None:
    teacher = members.bearer(members.teacher)
    base = "/api/v1/assignments/autograd/regrades"
    where = client.post(base, json={"which": "all"}, headers=teacher).headers["Location"]
    answer = client.post(f"{where}/cancel", headers=teacher)
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["status"], answer.json["of"]) == ("cancelled", 0)
    assert len(graded) == session.query(Grading).count()  # no preview is left
    session.rollback()
    assert client.post(f"{where}/apply", headers=teacher).status_code == 409
    assert client.post(base, json={"which": "all"}, headers=teacher).status_code == 202


def test_a_teacher_drives_a_regrade_over_http(
    client: FlaskClient, session: Session, members: Class, graded: list[Submission]
) -> None:
    teacher = members.bearer(members.teacher)
    base = "/api/v1/assignments/autograd/regrades"
    answer = client.post(base, json={"which": "counting"}, headers=teacher)
    assert answer.status_code == 202
    where = answer.headers["Location"]
    assert client.post(base, json={"which": "all"}, headers=teacher).status_code == 409
    running = client.get(where, headers=teacher).json
    assert running is not None
    assert (running["status"], running["done"], running["of"]) == ("running", 0, 2)
    assert running["changes"] == []
    assert client.post(f"{where}/apply", headers=teacher).status_code == 409
    finish(
        session,
        session.scalars(select(Regrade)).one(),
        {graded[0].id: FULL, graded[2].id: HALF},
    )
    session.rollback()
    ready = client.get(where, headers=teacher).json
    assert ready is not None
    assert (ready["status"], ready["done"]) == ("ready", 2)
    (change,) = ready["changes"]
    assert (change["email"], change["before"], change["after"]) == ("ada@example.edu", 40.0, 80.0)
    assert [(each["case"], each["turn"]) for each in change["cases"]] == [("product", "passes")]
    for act, expected in (("apply", "applied"), ("undo", "undone")):
        answer = client.post(f"{where}/{act}", headers=teacher)
        assert answer.status_code == 200
        assert answer.json is not None
        assert answer.json["status"] == expected
    assert client.post(f"{where}/cancel", headers=teacher).status_code == 409
    for person, status in ((members.ada, 403), (members.stranger, 404), (members.assistant, 200)):
        assert client.get(where, headers=members.bearer(person)).status_code == status
    assistant = members.bearer(members.assistant)
    assert client.post(base, json={"which": "all"}, headers=assistant).status_code == 403
    assert client.get(f"/api/v1/regrades/{uuid.uuid4()}", headers=teacher).status_code == 404
