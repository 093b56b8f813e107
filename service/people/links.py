"""One-time links: a person sets their own password with one, and nobody else learns it.

Only the hash of a link's secret is stored. A link works once, until it expires, and only the newest
one of an account is valid.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.errors import NotFound
from service.people.models import Account, LinkPurpose, OneTimeLink
from service.people.passwords import check_password, hash_password
from service.people.personal import check_name
from service.people.throttle import Throttle
from service.people.tokens import end_tokens_of
from service.store.base import now
from service.store.database import in_chunks

LIFETIMES = {
    LinkPurpose.INVITATION: timedelta(days=14),
    LinkPurpose.RESET: timedelta(days=2),
    LinkPurpose.SETUP: timedelta(days=36_500),  # until there is an operator
}
NOT_VALID = (
    "This link isn't valid. It may have expired, or somebody has used it. "
    "Ask for a new one where you got it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLink:
    """A new link. Its secret is never shown again, and isn't printed by accident."""

    secret: str = field(repr=False)
    purpose: LinkPurpose
    expires_at: datetime

    @property
    def path(self) -> str:
        """Where the link leads on this site."""
        page = "setup" if self.purpose is LinkPurpose.SETUP else "link"
        return f"/{page}/{self.secret}"


def issue_links(
    session: Session, author_id: uuid.UUID | None, accounts: Collection[Account]
) -> dict[uuid.UUID, IssuedLink]:
    """A new link for each account, by its id; earlier ones end. The caller checks, and commits."""
    lock_accounts(session, [account.id for account in accounts])
    void_links(session, [account.id for account in accounts])
    return {account.id: _issue(session, author_id, account) for account in accounts}


def lock_accounts(session: Session, account_ids: Collection[uuid.UUID]) -> None:
    """Let nobody else change rights and links of accounts until the transaction ends.

    The accounts are read again. To lock a course and accounts, lock the course first.
    """
    query = select(Account).with_for_update(key_share=True)
    query = query.order_by(Account.id).execution_options(populate_existing=True)
    for some in in_chunks(sorted(account_ids)):
        session.scalars(query.where(Account.id.in_(some))).all()


def void_links(
    session: Session, account_ids: Collection[uuid.UUID], *, but_by: uuid.UUID | None = None
) -> None:
    """End the links of accounts that nobody has used yet; the caller commits.

    Those that the account `but_by` made stay valid.
    """
    unused = delete(OneTimeLink).where(OneTimeLink.used_at.is_(None))
    if but_by is not None:
        unused = unused.where(OneTimeLink.created_by_id.is_distinct_from(but_by))
    for some in in_chunks(list(account_ids)):
        session.execute(unused.where(OneTimeLink.account_id.in_(some)))


def find_link(session: Session, secret: str, throttle: Throttle, address: str) -> OneTimeLink:
    """The valid link of an account with this secret; raises NotFound or TooManyRequests.

    `address` is the IP address that asks. Every reason to refuse has the same message.
    """
    throttle.require_guesses_left(address)
    query = select(OneTimeLink).where(OneTimeLink.token_hash == hash_secret(secret))
    link = session.scalar(query.options(joinedload(OneTimeLink.account)))
    if link is None or not _is_valid(link):
        throttle.count_guess(address)
        raise NotFound(NOT_VALID)
    return link


def use_link(
    session: Session,
    secret: str,
    throttle: Throttle,
    *,
    address: str,
    password: str,
    name: str | None = None,
) -> Account:
    """Set the password of a link's account, and return the account; commits.

    An invitation may also set the person's name. Sessions, API tokens and other links of the
    account end, so that nobody else can still sign in. Raises NotFound, Invalid or TooManyRequests.
    """
    link = find_link(session, secret, throttle, address)
    account = link.account
    assert account is not None  # find_link
    check_password(password, account.email)
    invited = link.purpose is LinkPurpose.INVITATION
    new_name = check_name(name) if invited and name is not None else None
    session.commit()  # hashing is slow, and must not keep a transaction open
    password_hash = hash_password(password)
    claim_link(session, link)
    session.refresh(account)
    account.password_hash = password_hash
    account.unconfirmed = False
    account.session_epoch = Account.session_epoch + 1
    end_tokens_of(session, account)
    if new_name is not None:
        account.name = new_name
    void_links(session, [account.id])
    record(session, account.id, "password.self_changed", account_id=account.id)
    session.commit()
    return account


def claim_link(session: Session, link: OneTimeLink) -> None:
    """Mark a link as used; raises NotFound if somebody was faster. The caller commits."""
    moment = now()
    unused = (
        update(OneTimeLink)
        .where(OneTimeLink.id == link.id, OneTimeLink.used_at.is_(None))
        .where(OneTimeLink.expires_at > moment)
        .returning(OneTimeLink.id)
    )
    if session.scalar(unused.values(used_at=moment)) is None:
        session.rollback()
        raise NotFound(NOT_VALID)


def new_link(
    author_id: uuid.UUID | None, purpose: LinkPurpose, account_id: uuid.UUID | None
) -> tuple[OneTimeLink, IssuedLink]:
    """A row to store, and what to show of it once."""
    secret = secrets.token_urlsafe(32)
    expires_at = now() + LIFETIMES[purpose]
    row = OneTimeLink(
        purpose=purpose,
        account_id=account_id,
        token_hash=hash_secret(secret),
        created_by_id=author_id,
        expires_at=expires_at,
    )
    return row, IssuedLink(secret=secret, purpose=purpose, expires_at=expires_at)


def hash_secret(secret: str) -> str:
    """What is stored of a secret. It is long and random, so a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _issue(session: Session, author_id: uuid.UUID | None, account: Account) -> IssuedLink:
    purpose = LinkPurpose.RESET if account.password_hash else LinkPurpose.INVITATION
    row, issued = new_link(author_id, purpose, account.id)
    session.add(row)
    record(
        session,
        author_id,
        "link.created",
        account_id=account.id,
        after={"purpose": purpose.value},
    )
    return issued


def _is_valid(link: OneTimeLink) -> bool:
    account = link.account
    exists = account is not None and account.deleted_at is None
    return exists and link.used_at is None and link.expires_at > now()
