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
MAX_EMAIL = 320  # characters, the standard's limit; the throttle stores no longer one
MAX_NAME = 200
MAX_NUMBER = 64
MAX_SHOWN = 60  # of a rejected e-mail


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
        email=check_email(email),
        name=check_name(name),
        student_number=check_student_number(student_number),
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
        account.name = check_name(name)
    if student_number is not None:
        account.student_number = check_student_number(student_number)
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


def check_email(text: str) -> str:
    """An e-mail as it is stored; raises Invalid."""
    email = normalise_email(text)
    user, at, host = email.partition("@")
    readable = email.isprintable() and not any(each.isspace() for each in email)
    strange = {"@", "/"} & set(host) or "/" in user  # a slash would divide the person's address
    if not (user and at and host) or strange or not readable or len(email) > MAX_EMAIL:
        message = f"{_shown(email)} is not an e-mail address."
        raise Invalid(message, fields={"email": message})
    return email


def check_name(text: str) -> str:
    """A person's name as it is stored; raises Invalid."""
    name = " ".join(text.split())
    if not name or not name.isprintable():
        message = "The name is empty. Give the person's name."
        if name:
            message = "The name has characters that can't be shown. Type it again."
        raise Invalid(message, fields={"name": message})
    if len(name) > MAX_NAME:
        message = f"The name is too long. It may have {MAX_NAME} characters."
        raise Invalid(message, fields={"name": message})
    return name


def check_student_number(text: str) -> str:
    """A student number as it is stored, which may be empty; raises Invalid."""
    number = text.strip()
    if not number.isprintable() or len(number) > MAX_NUMBER:
        message = f"The student number may have {MAX_NUMBER} characters, and no line breaks."
        raise Invalid(message, fields={"student_number": message})
    return number


def _shown(text: str) -> str:
    return repr(text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…")
