"""The beginning: a one-time link makes the first operator of an installation."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from service.audit.log import record
from service.errors import NotFound
from service.people.actors import Actor, require_local
from service.people.links import NOT_VALID, IssuedLink, claim_link, hash_secret, new_link
from service.people.models import Account, LinkPurpose, OneTimeLink
from service.people.passwords import check_password, hash_password
from service.people.personal import check_email, check_name
from service.people.throttle import Throttle
from service.store.database import commit_unique


def issue_setup_link(session: Session, actor: Actor) -> IssuedLink | None:
    """A link that makes the first operator; None if there is one already. Commits.

    Earlier links stay valid: another process may have printed one.
    """
    require_local(actor)
    if _has_operator(session):
        return None
    row, issued = new_link(None, LinkPurpose.SETUP, None)
    session.add(row)
    session.commit()
    return issued


def find_setup_link(session: Session, secret: str, throttle: Throttle, address: str) -> OneTimeLink:
    """The valid set-up link with this secret; raises NotFound or TooManyRequests."""
    throttle.require_guesses_left(address)
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == hash_secret(secret),
        OneTimeLink.purpose == LinkPurpose.SETUP,
        OneTimeLink.used_at.is_(None),
    )
    link = session.scalar(query)
    if link is None or _has_operator(session):
        throttle.count_guess(address)
        raise NotFound(NOT_VALID)
    return link


def set_up(
    session: Session,
    secret: str,
    throttle: Throttle,
    *,
    address: str,
    email: str,
    name: str,
    password: str,
) -> Account:
    """Make the first operator, and return the account; commits. All set-up links end.

    Raises NotFound, Invalid, Conflict for an e-mail that has an account, or TooManyRequests.
    """
    link = find_setup_link(session, secret, throttle, address)
    account = Account(
        id=uuid.uuid4(), email=check_email(email), name=check_name(name), operator=True
    )
    check_password(password, account.email)
    session.commit()  # hashing is slow, and must not keep a transaction open
    account.password_hash = hash_password(password)
    claim_link(session, link)
    if _has_operator(session):  # another link was faster
        session.rollback()
        raise NotFound(NOT_VALID)
    others = delete(OneTimeLink).where(OneTimeLink.purpose == LinkPurpose.SETUP)
    session.execute(others.where(OneTimeLink.id != link.id))
    session.add(account)
    record(session, account.id, "operator.created", account_id=account.id)
    commit_unique(session, "email", f"{account.email} has an account already.")
    return account


def _has_operator(session: Session) -> bool:
    operators = exists().where(Account.operator, Account.deleted_at.is_(None))
    return bool(session.scalar(select(operators)))
