"""Accounts: create, find and change them. Only operators may."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from types import EllipsisType

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.audit.log import record, record_change
from service.errors import Conflict, Invalid, NotFound
from service.people.actors import (
    Actor,
    LocalOperator,
    id_of,
    require_confirmed,
    require_local,
    require_operator,
)
from service.people.links import IssuedLink, issue_links, lock_accounts, new_link, void_links
from service.people.models import Account, LinkPurpose
from service.people.passwords import hash_password
from service.people.personal import check_email, check_name, check_student_number, normalise_email
from service.people.tokens import end_tokens_of
from service.store.database import commit_unique

CHANGEABLE = ("name", "student_number", "operator", "may_create_courses")
PAGE = 50  # accounts
MOST_WORDS = 20  # of a search
ENOUGH_OPERATORS = 2  # that one of them may stop being one


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """Some accounts; `after` is what to ask for the next ones with, None after the last."""

    accounts: tuple[Account, ...]
    after: str | None


def create_account(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    student_number: str = "",
    password: str | None = None,
) -> Account:
    """Create an account, with or without a password; commits.

    Raises Invalid for an e-mail or a name that can't be used, Conflict for an e-mail in use.
    """
    require_operator(actor)
    account = _new_account(email=email, name=name, student_number=student_number)
    account.password_hash = None if password is None else hash_password(password)
    session.add(account)
    record(session, id_of(actor), "account.created", account_id=account.id)
    commit_unique(session, "email", f"{account.email} has an account already.")
    return account


def name_account(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    student_number: str = "",
    operator: bool = False,
    may_create_courses: bool | None = None,
) -> tuple[Account, IssuedLink]:
    """Create an account with these rights, and a link to set its password; commits.

    Raises Invalid, or Conflict for an e-mail in use.
    """
    require_operator(actor)
    account = _new_account(email=email, name=name, student_number=student_number)
    account.operator, account.may_create_courses = operator, may_create_courses
    row, link = new_link(id_of(actor), LinkPurpose.INVITATION, account.id)
    session.add_all([account, row])
    rights = {"operator": operator, "may_create_courses": may_create_courses}
    record(session, id_of(actor), "account.created", account_id=account.id, after=rights)
    purpose = {"purpose": link.purpose.value}
    record(session, id_of(actor), "link.created", account_id=account.id, after=purpose)
    commit_unique(session, "email", f"{account.email} has an account already.")
    return account, link


def _new_account(*, email: str, name: str, student_number: str) -> Account:
    return Account(
        id=uuid.uuid4(),
        email=check_email(email),
        name=check_name(name),
        student_number=check_student_number(student_number),
    )


def give_link(session: Session, actor: Actor, account: Account) -> IssuedLink:
    """A new one-time link for anybody's account, with which its password is set; commits."""
    require_operator(actor)
    links = issue_links(session, id_of(actor), [account])
    session.commit()
    return links[account.id]


def list_accounts(
    session: Session, actor: Actor, *, search: str = "", after: str = "", limit: int = PAGE
) -> AccountPage:
    """Accounts by e-mail. `search` is part of an e-mail, a name or a number.

    `after` is the e-mail before the first one. Only operators may see them. Raises Invalid for a
    search of many words.
    """
    require_operator(actor)
    query = select(Account).where(Account.deleted_at.is_(None), Account.email > after)
    words = search.lower().split()
    if len(words) > MOST_WORDS:
        message = f"Search for at most {MOST_WORDS} words."
        raise Invalid(message, fields={"search": message})
    for word in words:
        fields = (Account.email, func.lower(Account.name), func.lower(Account.student_number))
        query = query.where(or_(*(field.contains(word, autoescape=True) for field in fields)))
    if "\0" in search + after:  # PostgreSQL rejects a query with it
        return AccountPage(accounts=(), after=None)
    found = session.scalars(query.order_by(Account.email).limit(limit + 1)).all()
    more = len(found) > limit
    return AccountPage(
        accounts=tuple(found[:limit]), after=found[limit - 1].email if more else None
    )


def find_account(session: Session, actor: Actor, email: str) -> Account:
    """The account with this e-mail, in upper or lower case; raises NotFound."""
    require_operator(actor)
    account = account_by_email(session, email)
    if account is None:
        raise NotFound(f"There is no account {normalise_email(email)}.")
    return account


def change_account(
    session: Session,
    actor: Actor,
    account: Account,
    *,
    name: str | None = None,
    student_number: str | None = None,
    operator: bool | None = None,
    may_create_courses: bool | EllipsisType | None = ...,
) -> None:
    """Change an account; None leaves a value as it is. Commits.

    `may_create_courses` has three values, so an ellipsis leaves it: see `Account`.

    New rights end one-time links that somebody was given before. A new operator must set a new
    password, unless a command did it: a teacher may have made the account and know the old one.
    Raises Conflict if there would be no operator left, or if somebody may create courses who made
    the account with a join code and hasn't used a one-time link.
    """
    require_operator(actor)
    _require_another_operator(session, actor, account, operator)
    lock_accounts(session, [account.id])
    if may_create_courses is True and not (account.may_create_courses or operator):
        require_confirmed(actor, account)
    if operator and not account.operator and not isinstance(actor, LocalOperator):
        _require_new_password(session, account)
    if operator or may_create_courses is True:
        void_links(session, [account.id])
    before = {field: getattr(account, field) for field in CHANGEABLE}
    if name is not None:
        account.name = check_name(name)
    if student_number is not None:
        account.student_number = check_student_number(student_number)
    if operator is not None:
        account.operator = operator
    if not isinstance(may_create_courses, EllipsisType):
        account.may_create_courses = may_create_courses
    record_change(
        session,
        id_of(actor),
        "account.changed",
        account_id=account.id,
        before=before,
        after={field: getattr(account, field) for field in CHANGEABLE},
    )
    session.commit()


def _require_another_operator(
    session: Session, actor: Actor, account: Account, operator: bool | None
) -> None:
    if operator is not False or not account.operator or isinstance(actor, LocalOperator):
        return
    operators = select(Account.id).where(Account.operator, Account.deleted_at.is_(None))
    if len(session.scalars(operators.with_for_update()).all()) < ENOUGH_OPERATORS:
        raise Conflict(
            "This is the only operator. Make somebody else an operator first.",
            code="last_operator",
        )


def _require_new_password(session: Session, account: Account) -> None:
    """End all ways to sign in: password, sessions and tokens."""
    account.password_hash = None
    account.session_epoch = Account.session_epoch + 1
    end_tokens_of(session, account)


def generate_password() -> str:
    """A random password."""
    return secrets.token_urlsafe(12)


def reset_password(
    session: Session, actor: Actor, account: Account, *, end_tokens: bool = False
) -> str:
    """Give an account a new random password and return it; commits.

    Only the hash of a password is stored, so it can't be shown again. All sessions of the account
    end. Its API tokens end too if asked. Only a command on the server may do this: with the
    password, an operator could act as somebody else.
    """
    require_local(actor)
    password = generate_password()
    account.password_hash = hash_password(password)
    record(
        session,
        id_of(actor),
        "password.reset",
        account_id=account.id,
        after={"end_tokens": end_tokens},
    )
    if end_tokens:
        end_tokens_of(session, account)
    session.commit()
    return password


def account_by_email(session: Session, email: str) -> Account | None:
    """The account with this e-mail, in upper or lower case; none that was deleted. No check."""
    if "\0" in email:  # PostgreSQL rejects a query with it
        return None
    query = select(Account).where(Account.email == normalise_email(email))
    return session.scalar(query.where(Account.deleted_at.is_(None)))
