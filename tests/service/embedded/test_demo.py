"""The demo course has every suite with its usual points."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.access import role_in
from service.courses.models import Assignment, Enrolment, Role
from service.embedded.demo import ensure_demo
from service.settings import Settings
from tests.support import factories
from worker.suites import catalogue


def test_the_demo_has_all_suites_with_their_usual_points(
    session: Session, settings: Settings
) -> None:
    ensure_demo(session, settings)
    assignment = session.scalars(select(Assignment)).one()
    chosen = {each.suite: each.weight for each in assignment.suites}
    assert list(chosen) == list(catalogue.names())
    assert chosen == {name: catalogue.outline(name).weight for name in catalogue.names()}
    assert 0 in chosen.values()
    assert assignment.max_score == sum(chosen.values())


def test_accounts_that_exist_already_are_enrolled_in_the_demo_too(
    session: Session, settings: Settings
) -> None:
    ada = factories.make_account(session, "Ada", "ada@example.edu")
    grace = factories.make_account(session, "Grace", "teacher@example.edu")
    session.commit()
    ensure_demo(session, settings)
    course = session.scalars(select(Assignment)).one().course_id
    assert role_in(session, ada, course) is Role.STUDENT
    assert role_in(session, grace, course) is Role.TEACHER


def test_if_demo_json_is_gone_accounts_stay_and_get_new_passwords(
    session: Session, settings: Settings
) -> None:
    before = ensure_demo(session, settings)
    (settings.data_dir / "demo.json").unlink()
    after = ensure_demo(session, settings)
    assert after["teacher"]["password"] != before["teacher"]["password"]
    assert len(session.scalars(select(Enrolment)).all()) == 4
