"""A one-time link lets its person set a password: once, in time, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Invalid, NotFound, TooManyRequests
from service.people.accounts import change_account, give_link
from service.people.actors import LocalOperator
from service.people.links import find_link, issue_links, use_link, void_links
from service.people.models import Account, LinkPurpose, OneTimeLink
from service.people.passwords import verify_password
from service.people.sessions import find_signed_in, new_session
from service.people.throttle import PER_GUESSER, Throttle
from service.people.tokens import authenticate, create_token
from service.settings import Settings
from service.store.base import now
from tests.service.conftest import Class
from tests.support import factories

PASSWORD = "a new long password"


@pytest.fixture
def throttle(settings: Settings) -> Throttle:
    return Throttle(settings)


@pytest.fixture
def account(session: Session) -> Account:
    account = factories.make_account(session)
    session.commit()
    return account


def issue(session: Session, account: Account) -> str:
    """The secret of a new link."""
    secret = issue_links(session, None, [account])[account.id].secret
    session.commit()
    return secret


def use(session: Session, secret: str, throttle: Throttle, password: str = PASSWORD) -> Account:
    return use_link(session, secret, throttle, address="", password=password, name="New Name")


def test_a_link_sets_the_password_once_and_ends_sessions(
    session: Session, account: Account, throttle: Throttle
) -> None:
    cookie = new_session(account)
    secret = issue(session, account)
    assert use(session, secret, throttle) == account
    assert account.password_hash is not None
    assert verify_password(account.password_hash, PASSWORD)
    assert find_signed_in(session, cookie) is None
    assert account.name == "Ada Student"  # a reset is not asked for a name
    with pytest.raises(NotFound):
        use(session, secret, throttle)


def test_a_link_ends_the_tokens_that_somebody_else_may_know(
    session: Session, account: Account, throttle: Throttle
) -> None:
    text = create_token(session, account, account, "laptop")
    use(session, issue(session, account), throttle)
    assert authenticate(session, text) is None


def test_an_invitation_sets_the_name_too(
    session: Session, account: Account, throttle: Throttle
) -> None:
    account.password_hash = None
    use(session, issue(session, account), throttle)
    assert account.name == "New Name"


def test_the_database_has_only_the_hash_of_a_link(session: Session, account: Account) -> None:
    (issued,) = issue_links(session, None, [account]).values()
    session.commit()
    row = session.scalars(select(OneTimeLink)).one()
    assert issued.secret not in repr(row.__dict__)
    assert issued.secret not in repr(issued)
    assert len(issued.secret) >= 40


def test_every_link_that_is_not_valid_has_the_same_message(
    session: Session, account: Account, throttle: Throttle
) -> None:
    expired, replaced = issue(session, account), issue(session, account)
    used = issue(session, account)
    use(session, used, throttle)
    late = issue(session, account)
    session.execute(
        OneTimeLink.__table__.update().values(expires_at=now() - timedelta(seconds=1))  # type: ignore[attr-defined]
    )
    gone = factories.make_account(session)
    deleted = issue(session, gone)
    gone.deleted_at = now()
    session.commit()
    messages = set()
    for secret in (expired, replaced, used, late, deleted, "", "x" * 500, "\0", "é"):
        with pytest.raises(NotFound) as error:
            find_link(session, secret, throttle, "")
        messages.add(error.value.message)
    assert len(messages) == 1


@pytest.mark.parametrize(
    "password",
    ["", "short", "a" * 201, "aaaaaaaaaaaa", "abcabcabcabc", "Person@Example.edu", "1111122222"],
)
def test_a_password_that_is_easy_to_guess_leaves_the_link_valid(
    session: Session, throttle: Throttle, password: str
) -> None:
    account = factories.make_account(session, email="person@example.edu")
    secret = issue(session, account)
    with pytest.raises(Invalid) as error:
        use(session, secret, throttle, password)
    assert error.value.fields.keys() == {"password"}
    assert find_link(session, secret, throttle, "").account == account


def test_guesses_are_throttled_by_address_and_right_ones_do_not_count(
    session: Session, account: Account, throttle: Throttle
) -> None:
    secret = issue(session, account)
    for _ in range(PER_GUESSER.amount + 5):
        find_link(session, secret, throttle, "192.0.2.1")
    for _ in range(PER_GUESSER.amount):
        with pytest.raises(NotFound):
            find_link(session, "wrong", throttle, "192.0.2.1")
    with pytest.raises(TooManyRequests) as error:
        find_link(session, secret, throttle, "192.0.2.1")
    assert "sign in" not in error.value.message
    assert find_link(session, secret, throttle, "192.0.2.2").used_at is None


def test_only_one_of_two_who_open_a_link_at_once_sets_the_password(
    session: Session, account: Account, throttle: Throttle, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = issue(session, account)
    from service.people import links

    def hash_slowly(password: str) -> str:
        monkeypatch.undo()
        use(session, secret, throttle, "the faster password")
        return f"hash of {password}"

    monkeypatch.setattr(links, "hash_password", hash_slowly)
    with pytest.raises(NotFound):
        use(session, secret, throttle, "the slower password")
    session.refresh(account)
    assert account.password_hash is not None
    assert verify_password(account.password_hash, "the faster password")


def test_links_end_when_an_account_gets_rights(
    session: Session, members: Class, throttle: Throttle
) -> None:
    several: list[dict[str, Any]] = [{"operator": True}, {"may_create_courses": True}]
    for rights in several:
        secret = issue(session, members.ada)
        change_account(session, LocalOperator(), members.ada, **rights)
        with pytest.raises(NotFound):
            find_link(session, secret, throttle, "")


def test_links_of_one_author_may_be_spared(
    session: Session, members: Class, throttle: Throttle
) -> None:
    (issued,) = issue_links(session, members.teacher.id, [members.ada]).values()
    void_links(session, [members.ada.id], but_by=members.teacher.id)
    assert find_link(session, issued.secret, throttle, "").used_at is None
    void_links(session, [members.ada.id], but_by=members.assistant.id)
    with pytest.raises(NotFound):
        find_link(session, issued.secret, throttle, "")


def test_an_operator_gives_a_link_to_anybody(
    session: Session, members: Class, throttle: Throttle
) -> None:
    members.stranger.operator = True
    session.commit()
    issued = give_link(session, members.stranger, members.teacher)
    assert issued.purpose is LinkPurpose.RESET
    assert issued.path == f"/link/{issued.secret}"
    assert find_link(session, issued.secret, throttle, "").account == members.teacher
