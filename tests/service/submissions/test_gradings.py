"""The states of a grading: who may claim it, how it ends, and what happens to a lost one."""

from __future__ import annotations

import ast
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.store.base import now
from service.submissions import gradings
from service.submissions.jobs import Job
from service.submissions.leases import lease_keeper
from service.submissions.models import Grading, Status
from service.submissions.previews import queue_previews
from service.telemetry import logs
from tests.service.submissions.grading_database import Database
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries
from worker.report.names import Names

ROOT = Path(__file__).parents[3]
OWNERS = [ROOT / f"service/submissions/{name}.py" for name in ("gradings", "previews")]
OWNED = {"status", "lease_until", "tries", "interruptions"}
REPORT = make_report(make_suite("rules", make_case()))


def test_only_its_own_modules_change_the_state_of_a_grading() -> None:
    """Nothing else assigns the columns, builds a Grading, or writes to the table."""
    found = {
        f"{file.relative_to(ROOT)}: {ast.unparse(node)}"
        for package in ("service", "worker")
        for file in (ROOT / package).rglob("*.py")
        if file not in OWNERS
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Attribute, ast.Call)) and changes_state(node)
    }
    # An error page has an HTTP status, and a regrade a status of its own.
    others = ("service/web/errors.py: self.", "service/marks/regrades.py: progress.regrade.")
    assert {each for each in found if not each.startswith(others)} == set()


def changes_state(node: ast.Attribute | ast.Call) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in OWNED and not isinstance(node.ctx, ast.Load)
    called = ast.unparse(node.func)
    if called.endswith(".values") and "update(Grading)" in called:
        return any(keyword.arg in OWNED for keyword in node.keywords) or not node.keywords
    if called in {"insert", "delete", "sa.insert", "sa.delete"}:
        return ast.unparse(node.args[0]) == "Grading"
    return called == "Grading" or (called == "setattr" and "grading" in ast.unparse(node.args[0]))


@pytest.mark.parametrize(
    "line",
    [
        "grading.status = Status.DONE",
        "each.tries += 1",
        "grading.lease_until, other = None, 1",
        "Grading(seed=1)",
        "update(Grading).where(True).values(fault=None, status=Status.DONE)",
        "update(Grading).values({'status': Status.DONE})",
        "delete(Grading)",
        "setattr(grading, name, value)",
    ],
)
def test_every_way_to_change_a_state_is_noticed(line: str) -> None:
    nodes = ast.walk(ast.parse(line))
    assert any(isinstance(n, (ast.Attribute, ast.Call)) and changes_state(n) for n in nodes)


def test_a_claim_has_everything_that_a_worker_needs(database: Database, session: Session) -> None:
    assignment = session.merge(database.members.assignment)
    assignment.class_name, assignment.grad_name = "Scalar", "gradient"
    assignment.require_double = True
    session.commit()
    grading_id = database.submit()

    job = database.claim()

    assert job == Job(
        grading_id=grading_id,
        submission_id=database.read(grading_id).submission_id,
        slot="slot 1",
        claim_number=1,
        source=factories.SOURCE,
        weights=(("worked-example", 20.0), ("rules", 80.0)),
        seed=7,
        names=Names(class_name="Scalar", grad="gradient"),
        require_double=True,
    )
    grading = database.read(grading_id)
    assert (grading.status, grading.tries, grading.slot) == (Status.RUNNING, 1, "slot 1")


def test_a_grading_that_another_worker_runs_is_not_claimed(database: Database) -> None:
    grading_id = database.submit()
    database.claim()

    assert database.claims_none()
    assert database.read(grading_id).tries == 1


def test_a_grading_whose_lease_ran_out_is_claimed_again_after_a_sweep(database: Database) -> None:
    database.submit()
    first = database.claim(database.hasty)
    database.requeue_lost()

    job = database.claim()

    assert job.grading_id == first.grading_id
    assert job.claim_number > first.claim_number


def test_a_grading_that_is_done_is_not_claimed(database: Database) -> None:
    database.submit()
    gradings.record(database.sessions, database.claim(), REPORT)

    assert database.claims_none()


def test_an_empty_queue_costs_one_query_and_no_write(database: Database) -> None:
    with queries(database.engine) as seen:
        assert database.claims_none()

    (query,) = seen
    assert "FROM gradings" in query.text
    assert "report" not in query.text
    assert "tally" not in query.text


def test_a_queued_grading_without_tries_left_is_errored_instead_of_claimed(
    database: Database,
) -> None:
    grading_id = database.submit()
    with database.sessions.begin() as session:  # an earlier version's worker vanished
        session.get_one(Grading, grading_id).tries = database.settings.max_tries

    assert database.claims_none()
    assert database.read(grading_id).status is Status.ERRORED


def test_a_recorded_grading_is_done_and_has_no_lease(database: Database) -> None:
    grading_id = database.submit()
    job = database.claim()

    gradings.record(database.sessions, job, REPORT)

    grading = database.read(grading_id)
    assert (grading.status, grading.lease_until) == (Status.DONE, None)
    assert (grading.score, grading.max_score) == (80, 80)
    assert grading.finished_at is not None


def test_a_stored_result_is_never_overwritten(database: Database) -> None:
    grading_id = database.submit()
    slow_job = database.claim(database.hasty)
    database.requeue_lost()
    job = database.claim()
    gradings.record(database.sessions, job, REPORT)
    first = database.read(grading_id)

    gradings.record(database.sessions, slow_job, make_report())

    assert database.read(grading_id).score == first.score == 80
    assert database.read(grading_id).finished_at == first.finished_at
    assert not gradings.release(database.sessions, database.settings, slow_job, "too late")


def test_a_report_that_arrives_after_we_gave_up_still_counts(database: Database) -> None:
    grading_id = database.submit()
    once = replace(database.hasty, max_tries=1)
    database.change(grading_id, interruptions=gradings.MAX_INTERRUPTIONS)
    job = database.claim(once)
    assert gradings.requeue_lost(database.sessions, once) == []
    assert database.read(grading_id).status is Status.ERRORED

    gradings.record(database.sessions, job, REPORT)

    assert database.read(grading_id).status is Status.DONE
    assert database.read(grading_id).score == 80
    assert database.read(grading_id).fault is None


def test_a_report_for_a_deleted_grading_is_dropped(database: Database) -> None:
    grading_id = database.submit()
    job = database.claim()
    with database.sessions.begin() as session:
        session.delete(session.get_one(Grading, grading_id))

    gradings.record(database.sessions, job, REPORT)

    with database.sessions() as session:
        assert session.get(Grading, grading_id) is None


def test_a_released_grading_is_queued_again_and_keeps_the_fault(database: Database) -> None:
    grading_id = database.submit()
    job = database.claim()

    assert gradings.release(database.sessions, database.settings, job, "the zygote is gone")

    grading = database.read(grading_id)
    assert (grading.status, grading.lease_until) == (Status.QUEUED, None)
    assert grading.fault == "the zygote is gone"


def test_the_last_release_gives_up(database: Database) -> None:
    grading_id = database.submit()
    once = replace(database.settings, max_tries=1)
    job = database.claim(once)

    assert not gradings.release(database.sessions, once, job, "the zygote is gone")
    assert database.read(grading_id).status is Status.ERRORED


def test_a_lease_is_renewed_while_cases_run(database: Database) -> None:
    grading_id = database.submit()
    job = database.claim(database.hasty)
    before = database.read(grading_id).lease_until
    assert before is not None

    lease_keeper(database.sessions, database.hasty, job)()

    after = database.read(grading_id).lease_until
    assert after is not None
    assert after > before


def test_a_fresh_lease_is_not_renewed_at_every_case(database: Database) -> None:
    database.submit()
    job = database.claim()

    with queries(database.engine) as seen:
        lease_keeper(database.sessions, database.settings, job)()

    assert seen == []


def test_a_lease_that_another_worker_has_is_not_renewed(database: Database) -> None:
    grading_id = database.submit()
    job = database.claim(database.hasty)
    database.requeue_lost()
    database.claim()
    theirs = database.read(grading_id).lease_until

    gradings.renew(database.sessions, database.settings, job)

    assert database.read(grading_id).lease_until == theirs


def test_a_database_that_is_down_for_a_moment_ends_no_grading(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    grading_id = database.submit()
    job = database.claim(database.hasty)
    renew = lease_keeper(database.sessions, database.hasty, job)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gradings RENAME TO elsewhere")

    with caplog.at_level(logging.WARNING):
        renew()

    assert f"the lease of grading {grading_id} is not renewed" in caplog.text


def test_a_regrade_is_one_more_grading_with_the_same_seed(
    database: Database, session: Session
) -> None:
    made = factories.make_graded(
        session, session.merge(database.members.assignment), factories.make_account(session), REPORT
    )

    grading = gradings.queue_regrade(session, made)

    assert (grading.ordinal, grading.status, grading.seed) == (2, Status.QUEUED, 7)
    with pytest.raises(Conflict, match="being graded"):
        gradings.queue_regrade(session, made)


def test_a_regrade_gives_way_any_number_of_times_and_spends_nothing(database: Database) -> None:
    again = database.submit()
    database.change(again, ordinal=2)
    for _ in range(2 * gradings.MAX_INTERRUPTIONS):
        job = database.claim()
        assert job.gives_way
        assert gradings.give_back(database.sessions, job)
    stored = database.read(again)
    assert (stored.status, stored.tries, stored.interruptions) == (Status.QUEUED, 0, 0)


@pytest.mark.parametrize("is_from_a_request", [True, False])
def test_every_grading_names_the_request_that_queued_it(
    database: Database, session: Session, is_from_a_request: bool
) -> None:
    members, request = database.members, "2f1c" if is_from_a_request else None
    assignment, student = session.merge(members.assignment), session.merge(members.ada)
    made = factories.make_graded(session, assignment, student, REPORT)
    session.commit()
    with logs.bound(request=request):
        queue_previews(session, assignment, [made.id])
        gradings.queue_regrade(session, made)
        first = gradings.queue_first(student, assignment, now())
        first.submission_id, first.ordinal = made.id, 4
        session.add(first)
        session.flush()
    session.commit()
    stored = {each.ordinal: each.request_id for each in session.scalars(select(Grading))}
    assert stored == {1: None, 2: request, 3: request, 4: request}
    session.rollback()  # reading took the writer's lock
    assert database.claim().request_id == request


def test_of_two_regrades_at_once_the_second_is_rejected(
    database: Database, session: Session
) -> None:
    made = factories.make_graded(
        session, session.merge(database.members.assignment), factories.make_account(session), REPORT
    )
    session.commit()
    with database.sessions.begin() as other:
        other.add(Grading(submission_id=made.id, ordinal=2, seed=7, status=Status.QUEUED))

    with pytest.raises(Conflict, match="being graded"):
        gradings.queue_regrade(session, made)
