"""A regrade works alike on both databases, also if two teachers start one at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from service.courses.models import Assignment
from service.errors import Conflict
from service.marks.gradebook import marks
from service.marks.models import Regrade, Which
from service.marks.regrade_changes import find_changes
from service.marks.regrades import (
    apply_regrade,
    cancel_regrade,
    find_regrade,
    start_regrade,
    undo_regrade,
)
from service.people.models import Account
from service.settings import Settings
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions.models import Grading
from tests.service.conftest import make_class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

BAD = make_report(make_suite("rules", make_case("sum", Verdict.WRONG_GRADIENT), points=80.0))
GOOD = make_report(make_suite("rules", make_case("sum"), points=80.0))


def start(sessions: Sessions) -> bool:
    """Start a regrade in a session of its own; False if it was refused."""
    with sessions() as session:
        teacher = session.scalars(select(Account).where(Account.name == "Teacher")).one()
        assignment = session.scalars(select(Assignment)).one()
        try:
            start_regrade(session, teacher, assignment, Which.ALL, lambda _: None)
        except Conflict:
            return False
        return True


def test_of_two_regrades_at_once_one_starts_and_it_can_be_applied_and_undone(
    database_settings: Settings,
) -> None:
    engine = make_engine(database_settings)
    sessions = make_sessions(engine)
    with sessions() as session:
        members = make_class(session)
        factories.make_graded(session, members.assignment, members.ada, BAD)
        session.commit()
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(start, [sessions, sessions])) == [False, True]
    with sessions() as session:
        teacher, assignment = members.teacher, session.scalars(select(Assignment)).one()
        regrade = session.scalars(select(Regrade)).one()
        for entry in regrade.entries:
            factories.finish(session.get_one(Grading, entry.grading_id), GOOD)
        session.commit()
        (change,) = find_changes(session, teacher, assignment, regrade)
        assert (change.before, change.after) == (0.0, 80.0)
        for act, score in ((apply_regrade, 80.0), (undo_regrade, 0.0)):
            act(session, teacher, regrade.id)
            assert marks(session, teacher, assignment)[0].score == score
        session.commit()
    assert start(sessions)
    with sessions() as session:
        newest = session.scalars(select(Regrade).order_by(Regrade.created_at.desc())).first()
        assert newest is not None
        assert find_regrade(session, teacher, newest.id).of == 1
        assert cancel_regrade(session, teacher, newest.id).of == 0
    engine.dispose()
