"""The demo course shows every suite as Chainrule means it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.demo import ensure_demo
from service.models import Assignment
from service.settings import Settings
from worker import suites


def test_the_demo_has_all_suites_with_their_usual_points_and_those_that_are_only_told(
    session: Session, settings: Settings
) -> None:
    ensure_demo(session, settings)
    assignment = session.scalars(select(Assignment)).one()
    chosen = {each.suite: each.weight for each in assignment.suites}
    assert list(chosen) == list(suites.names())
    assert chosen == {name: suites.outline(name).weight for name in suites.names()}
    assert 0 in chosen.values()
    assert assignment.max_score == 100
