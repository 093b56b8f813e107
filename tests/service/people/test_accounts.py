"""Operators create accounts and change them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.errors import Conflict, Invalid, NotFound, Unauthorized
from service.people.accounts import (
    change_account,
    create_account,
    find_account,
    reset_password,
)
from service.people.actors import LocalOperator
from service.people.sign_in import sign_in
from service.people.throttle import Throttle
from service.people.tokens import create_token
from service.settings import Settings
from tests.support import factories

LOCAL = LocalOperator()


def test_a_new_account_signs_in_once_it_has_a_password(
    session: Session, settings: Settings
) -> None:
    account = create_account(session, LOCAL, email=" Ada@Example.edu ", name=" Ada ")
    assert (account.email, account.name, account.operator) == ("ada@example.edu", "Ada", False)
    throttle = Throttle(settings)
    with pytest.raises(Unauthorized):
        sign_in(session, account.email, "", throttle)
    password = reset_password(session, LOCAL, account)
    assert sign_in(session, account.email, password, throttle) == account


def test_an_account_is_found_in_upper_and_lower_case(session: Session) -> None:
    account = create_account(session, LOCAL, email="ada@example.edu", name="Ada")
    assert find_account(session, LOCAL, "ADA@example.edu ") == account
    for unknown in ("nobody@example.edu", "ada\0@example.edu"):
        with pytest.raises(NotFound, match="There is no account"):
            find_account(session, LOCAL, unknown)


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.edu", "ada@", "a@b@c", "ada\0@example.edu", "a da@x", "a/b@x"]
)
def test_an_invalid_email_is_rejected(session: Session, email: str) -> None:
    with pytest.raises(Invalid) as error:
        create_account(session, LOCAL, email=email, name="Ada")
    assert error.value.fields.keys() == {"email"}


@pytest.mark.parametrize("name", ["", " ", "A\0", "A\udcff", "A\x1b[1m", "A" * 201])
def test_an_account_needs_a_name(session: Session, name: str) -> None:
    with pytest.raises(Invalid) as error:
        create_account(session, LOCAL, email="ada@example.edu", name=name)
    assert error.value.fields.keys() == {"name"}


def test_an_email_in_use_is_a_conflict(session: Session) -> None:
    create_account(session, LOCAL, email="ada@example.edu", name="Ada")
    with pytest.raises(Conflict, match="has an account already"):
        create_account(session, LOCAL, email="Ada@example.edu", name="Another")
    assert find_account(session, LOCAL, "ada@example.edu").name == "Ada"


def test_a_change_keeps_values_that_are_not_given(session: Session) -> None:
    account = create_account(
        session, LOCAL, email="ada@example.edu", name="Ada", student_number="17"
    )
    change_account(session, LOCAL, account, may_create_courses=True)
    change_account(session, LOCAL, account, name="Ada L.")
    session.refresh(account)
    assert (account.name, account.student_number) == ("Ada L.", "17")
    assert (account.operator, account.may_create_courses) == (False, True)


def test_a_token_needs_a_name(session: Session) -> None:
    account = factories.make_account(session)
    with pytest.raises(Invalid) as error:
        create_token(session, account, account, " ")
    assert error.value.fields.keys() == {"name"}
