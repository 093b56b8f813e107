"""The first operator is made with a one-time link, and nobody after that."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.cli.processes import offer_setup
from service.errors import Conflict, Invalid, NotFound
from service.people.actors import LocalOperator
from service.people.models import Account
from service.people.setup import find_setup_link, issue_setup_link, set_up
from service.people.throttle import Throttle
from service.settings import Settings
from service.store.base import now
from tests.service.conftest import Class, make_settings

PERSON = {"email": "olga@example.edu", "name": "Olga", "password": "a new long password"}


@pytest.fixture
def throttle(settings: Settings) -> Throttle:
    return Throttle(settings)


def issue(session: Session) -> str:
    """The secret of a new link."""
    link = issue_setup_link(session, LocalOperator())
    assert link is not None
    return link.secret


def test_the_link_makes_one_operator_and_ends_with_all_others(
    session: Session, throttle: Throttle
) -> None:
    earlier, secret = issue(session), issue(session)
    assert set_up(session, secret, throttle, address="", **PERSON).operator
    for old in (earlier, secret):
        with pytest.raises(NotFound):
            set_up(session, old, throttle, address="", **{**PERSON, "email": "two@example.edu"})
    assert issue_setup_link(session, LocalOperator()) is None
    assert len(session.scalars(select(Account).where(Account.operator)).all()) == 1


def test_links_end_when_an_operator_is_made_otherwise(
    session: Session, members: Class, throttle: Throttle
) -> None:
    secret = issue(session)
    members.stranger.operator = True
    session.commit()
    with pytest.raises(NotFound):
        find_setup_link(session, secret, throttle, "")
    members.stranger.deleted_at = now()  # a deleted one doesn't count
    session.commit()
    assert find_setup_link(session, secret, throttle, "").used_at is None


@pytest.mark.parametrize(
    ("field", "value"), [("email", "nobody"), ("name", ""), ("password", "short")]
)
def test_bad_values_leave_the_link_valid(
    session: Session, throttle: Throttle, field: str, value: str
) -> None:
    secret = issue(session)
    with pytest.raises(Invalid) as error:
        set_up(session, secret, throttle, address="", **{**PERSON, field: value})
    assert error.value.fields.keys() == {field}
    assert find_setup_link(session, secret, throttle, "").used_at is None


def test_an_account_that_exists_is_not_taken_over(
    session: Session, members: Class, throttle: Throttle
) -> None:
    secret = issue(session)
    with pytest.raises(Conflict):
        set_up(session, secret, throttle, address="", **{**PERSON, "email": members.ada.email})
    session.refresh(members.ada)
    assert not members.ada.operator
    assert find_setup_link(session, secret, throttle, "").used_at is None


def test_a_start_prints_a_link_until_there_is_an_operator(
    settings: Settings,
    session: Session,
    throttle: Throttle,
    members: Class,
    capsys: pytest.CaptureFixture[str],
) -> None:
    offer_setup(settings)
    found = re.search(rf"{settings.url}/setup/([\w-]+)", capsys.readouterr().out)
    assert found is not None
    assert find_setup_link(session, found[1], throttle, "").used_at is None
    members.stranger.operator = True
    session.commit()
    offer_setup(settings)
    assert capsys.readouterr().out == ""


def test_a_start_without_tables_prints_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    offer_setup(make_settings(tmp_path))
    assert capsys.readouterr().out == ""


def test_a_person_sets_up_an_installation_on_the_page(
    client: FlaskClient, session: Session
) -> None:
    address = f"/setup/{issue(session)}"
    assert "Set up Chainrule" in client.get(address).text
    rejected = client.post(address, data={**PERSON, "password": "short"})
    assert (rejected.status_code, "too short" in rejected.text) == (422, True)
    assert "short" not in rejected.text.replace("too short", "")
    done = client.post(address, data=PERSON, follow_redirects=True)
    assert done.request.path == "/courses"
    assert "Create a course" in done.text
    again = client.get(address)
    assert (again.status_code, "isn't valid" in again.text) == (404, True)
    assert client.get("/setup/wrong").text == again.text
