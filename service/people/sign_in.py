"""Sign in with e-mail and password."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Unauthorized
from service.people.models import Account
from service.people.passwords import _decoy_hash, _verify
from service.people.throttle import Attempt, Throttle

MAX_EMAIL = 320  # characters, by the standard; what is longer need not be remembered whole


def sign_in(
    session: Session,
    email: str,
    password: str,
    throttle: Throttle,
    *,
    address: str = "",
    mark: str = "",
) -> Account:
    """The account with this e-mail and password; raises Unauthorized or TooManyRequests.

    `address` is where the attempt comes from, `mark` what the browser keeps of an earlier sign-in.
    An unknown e-mail costs as much work as a known one.
    """
    email = email.strip().lower()[:MAX_EMAIL]
    attempt = Attempt(email, address, throttle.devices.recognise(email, mark))
    throttle.begin(attempt)
    account = _find_by_email(session, email)
    session.commit()  # hashing takes its time: let no transaction wait for it
    password_hash = account.password_hash if account is not None else None
    matches = _verify(password_hash or _decoy_hash(), password)
    if account is None or password_hash is None or not matches:
        throttle.count_failure(attempt)
        raise Unauthorized(
            "Wrong e-mail or password. Check both and try again.",
            code="wrong_password",
        )
    throttle.forgive(attempt)
    return account


def session_stamp(account: Account) -> str:
    """Something that changes with the password, so that a new one ends the sessions of the old."""
    return hashlib.sha256((account.password_hash or "").encode()).hexdigest()[:32]


def _find_by_email(session: Session, email: str) -> Account | None:
    if "\0" in email:  # PostgreSQL refuses to be asked for it
        return None
    return session.scalar(select(Account).where(Account.email == email))
