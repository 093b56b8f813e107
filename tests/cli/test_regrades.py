"""`chainrule regrade`: a preview, who rises and falls, then apply, undo or cancel."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from service.courses.models import Assignment, Course
from service.marks.models import Regrade
from service.settings import Settings
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions.models import Grading
from tests.cli.conftest import Run
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

HALF = make_report(
    make_suite("rules", make_case(), make_case("product", Verdict.WRONG_GRADIENT), points=80.0)
)
FULL = make_report(make_suite("rules", make_case(), make_case("product"), points=80.0))


@pytest.fixture
def sessions(run: Run, tmp_path: Path) -> Sessions:
    """Sessions on the database of commands, which has a graded submission by Ada."""
    (tmp_path / "broker").mkdir(exist_ok=True)
    run("course", "add", "ml", "--title", "Machine learning")
    run("assignment", "add", "ml", "engine", "--title", "An engine", "--suite", "rules=80")
    environ = {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "s" * 48}
    made = make_sessions(make_engine(Settings.from_env(environ)))
    with made.begin() as session:
        course = session.scalars(select(Course)).one()
        assignment = session.scalars(select(Assignment)).one()
        ada = factories.enrol(session, course, factories.make_account(session, email="ada@x.edu"))
        factories.make_graded(session, assignment, ada, HALF)
    return made


def finish(sessions: Sessions) -> None:
    """Grade what is queued."""
    with sessions.begin() as session:
        for entry in session.scalars(select(Regrade)).one().entries:
            factories.finish(session.get_one(Grading, entry.grading_id), FULL)


def test_a_regrade_is_started_shown_applied_and_undone(run: Run, sessions: Sessions) -> None:
    where = ("ml", "engine")
    assert "1 submission is graded again" in run("regrade", "start", *where)
    assert "Apply it or cancel it" in run("regrade", "start", *where, "--which", "all", status=2)
    assert run("regrade", "show", *where) == "running: 0 of 1 graded again.\n"
    assert "0 of 1 submissions" in run("regrade", "apply", *where, status=2)
    finish(sessions)
    shown = run("regrade", "show", *where)
    assert "ready: 1 of 1 graded again." in shown
    assert "ada@x.edu  40 -> 80  product passes" in shown
    assert "The new marks count" in run("regrade", "apply", *where)
    assert "from before count again" in run("regrade", "undo", *where)
    assert "undone: 1 of 1" in run("regrade", "show", *where)


@pytest.mark.usefixtures("sessions")
def test_a_regrade_is_cancelled(run: Run) -> None:
    run("regrade", "start", "ml", "engine", "--which", "latest")
    assert "was cancelled" in run("regrade", "cancel", "ml", "engine")
    assert "no such regrade" in run("regrade", "undo", "ml", "engine", status=2)
    assert "no assignment nothing" in run("regrade", "show", "ml", "nothing", status=2)
