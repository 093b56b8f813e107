"""The class of `make demo` is whole: people, results, and what staff did."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.courses.access import role_in
from service.courses.join_codes import list_join_codes
from service.courses.models import Extension, Role
from service.embedded.demo import ensure_demo
from service.marks.gradebook import marks
from service.marks.models import Comment, Override, RegradeStatus
from service.marks.regrade_changes import find_changes
from service.marks.regrades import find_regrade, list_regrades
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.submissions.models import Grading, StoredReport
from tests.demo.history import draw_attempts
from tests.demo.people import FIRST, LAST, STUDENTS, address_of
from tests.demo.programs import WRONG, all_names, source_of
from tests.demo.term import PLANS, Term
from tests.service.conftest import make_settings
from worker.sandbox import Sandbox


@pytest.mark.heavy
def test_a_week_of_the_class_is_graded_and_reviewed(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    upgrade(settings)
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        ensure_demo(session, settings)
        term = Term.begin(session, now())
        with Sandbox() as sandbox:
            term.add(PLANS[0], sandbox, lambda _done, _of: None)
        (assignment,) = term.course.assignments
        found = marks(session, term.teacher, assignment)
        assert len(found) == STUDENTS
        assert len({mark.effective for mark in found}) > 3
        assert {mark.attempts for mark in found} >= {0, 1, 2, 3}
        assert role_in(session, term.teacher, term.course.id) is Role.TEACHER
        counts = [
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Extension, Comment, Override)
        ]
        assert counts == [3, 4, 2]
        (regrade,) = list_regrades(session, term.teacher, assignment)
        assert find_regrade(session, term.teacher, regrade.id).status is RegradeStatus.READY
        changes = find_changes(session, term.teacher, assignment, regrade)
        assert any(change.difference > 0 for change in changes)
        assert {mark.outdated for mark in found} == {True, False}
        assert list_join_codes(session, term.teacher, term.course)
        stored = session.scalars(select(func.count()).select_from(StoredReport)).one()
        assert stored == session.scalars(select(func.count()).select_from(Grading)).one()
    engine.dispose()


def test_the_same_seed_gives_the_same_attempts() -> None:
    begin, deadline = (datetime(2026, 3, day, tzinfo=UTC) for day in (2, 9))
    drawn = [
        [draw_attempts(random.Random(seed), begin, deadline, deadline) for seed in range(50)]
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    everything = [attempt for attempts in drawn[0] for attempt in attempts]
    assert all(begin <= attempt.at <= deadline for attempt in everything)
    assert [] in drawn[0]
    assert {attempt.program for attempt in everything} & WRONG.keys()


def test_every_file_of_the_class_exists() -> None:
    assert all(map(source_of, all_names()))


def test_every_name_has_an_address() -> None:
    addresses = {address_of(f"{first} {last}") for first in FIRST for last in LAST}
    assert len(addresses) == len(FIRST) * len(LAST)
    assert all(address.isascii() for address in addresses)
