"""Accounts: create, find and change them. Only operators may."""

from __future__ import annotations

import secrets
import uuid

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.audit.log import record, record_change
from service.errors import Invalid, NotFound
from service.people.actors import Actor, id_of, require_local, require_operator
from service.people.models import Account, Token
from service.people.passwords import hash_password
from service.store.base import now
from service.store.database import commit_unique

CHANGEABLE = ("name", "student_number", "operator", "may_create_courses")


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
    account = Account(
        id=uuid.uuid4(),
        email=_check_email(email),
        name=_check_name(name),
        student_number=student_number.strip(),
        password_hash=None if password is None else hash_password(password),
    )
    session.add(account)
    record(session, id_of(actor), "account.created", account_id=account.id)
    commit_unique(session, "email", f"{normalise_email(email)} has an account already.")
    return account


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
    may_create_courses: bool | None = None,
) -> None:
    """Change an account; None leaves a value as it is. Commits."""
    require_operator(actor)
    before = {field: getattr(account, field) for field in CHANGEABLE}
    if name is not None:
        account.name = _check_name(name)
    if student_number is not None:
        account.student_number = student_number.strip()
    if operator is not None:
        account.operator = operator
    if may_create_courses is not None:
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
        valid = update(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
        session.execute(valid.values(revoked_at=now()))
    session.commit()
    return password


def account_by_email(session: Session, email: str) -> Account | None:
    """The account with this e-mail, in upper or lower case. Checks no rights."""
    if "\0" in email:  # PostgreSQL rejects a query with it
        return None
    return session.scalar(select(Account).where(Account.email == normalise_email(email)))


def normalise_email(text: str) -> str:
    """An e-mail as it is stored.

    >>> normalise_email(" Ada@Example.edu ")
    'ada@example.edu'
    """
    return text.strip().lower()


def _check_email(text: str) -> str:
    email = normalise_email(text)
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or "\0" in email:
        message = f"{email!r} is not an e-mail address."
        raise Invalid(message, fields={"email": message})
    return email


def _check_name(text: str) -> str:
    name = text.strip()
    if not name or "\0" in name:
        message = "The name is empty. Give the person's name."
        raise Invalid(message, fields={"name": message})
    return name
