"""Sign in with e-mail and password."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.errors import Unauthorized
from service.people.accounts import account_by_email
from service.people.models import Account
from service.people.passwords import decoy_hash, verify_password
from service.people.personal import MAX_EMAIL, normalise_email
from service.people.throttle import Attempt, Throttle


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

    `address` is the IP address of the attempt, `mark` the browser's cookie of an earlier sign-in.
    An unknown e-mail costs as much work as a known one, so the time that it takes reveals nothing.
    """
    email = normalise_email(email)[:MAX_EMAIL]
    attempt = Attempt(email, address, throttle.devices.recognise(email, mark))
    throttle.begin(attempt)
    account = account_by_email(session, email)
    session.commit()  # hashing is slow, and must not keep a transaction open
    password_hash = account.password_hash if account is not None else None
    matches = verify_password(password_hash or decoy_hash(), password)
    if account is None or password_hash is None or not matches:
        throttle.count_failure(attempt)
        raise Unauthorized(
            "Wrong e-mail or password. Check both and try again.",
            code="wrong_password",
        )
    throttle.forgive(attempt)
    return account
