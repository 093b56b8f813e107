"""Who somebody is: passwords, sign-in, API tokens; and what they are in a course."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.errors import Forbidden, Unauthorized
from service.models import Account, Enrolment, Role, Token, now
from service.throttle import Attempt, Throttle

# Argon2id as OWASP's cheat sheet has it: 19 MiB, so that many sign-ins at once fit a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

STAFF = frozenset({Role.TEACHER, Role.ASSISTANT})
MAX_EMAIL = 320  # characters, by the standard; what is longer need not be remembered whole
TOKEN_PREFIX = "cr_"


def hash_password(password: str) -> str:
    """The argon2id hash to keep in place of a password."""
    return _hasher.hash(password)


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
            "That e-mail and password do not belong together. Check both and try again.",
            code="wrong_password",
        )
    throttle.forgive(attempt)
    return account


def session_stamp(account: Account) -> str:
    """Something that changes with the password, so that a new one ends the sessions of the old."""
    return hashlib.sha256((account.password_hash or "").encode()).hexdigest()[:32]


def make_token(session: Session, account: Account, name: str) -> str:
    """A new API token, to be shown this once; adds the row, commits nothing."""
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(Token(account_id=account.id, name=name, token_hash=_hash_token(text)))
    return text


def find_token(session: Session, text: str) -> Token | None:
    """The token in use that reads so."""
    query = select(Token).where(Token.token_hash == _hash_token(text), Token.revoked_at.is_(None))
    return session.scalar(query.options(joinedload(Token.account)))


def find_token_account(session: Session, text: str) -> Account | None:
    """Whose token in use this is."""
    token = find_token(session, text)
    return token.account if token is not None else None


def tokens_of(session: Session, account: Account) -> list[Token]:
    """An account's tokens in use, the oldest first."""
    query = select(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Token.created_at, Token.id)))


def revoke_token(token: Token) -> None:
    """Make a token useless from now on; commits nothing."""
    token.revoked_at = now()


def role_in(session: Session, account: Account, course_id: uuid.UUID) -> Role | None:
    """What a person is in a course; None when they have no place in it."""
    enrolment = session.get(Enrolment, (course_id, account.id))
    return enrolment.role if enrolment is not None else None


def is_staff(session: Session, account: Account, course_id: uuid.UUID) -> bool:
    """Whether a person teaches or assists in a course."""
    return role_in(session, account, course_id) in STAFF


def require_staff(session: Session, account: Account, course_id: uuid.UUID) -> None:
    """Refuse those who do not teach or assist in a course."""
    if not is_staff(session, account, course_id):
        raise Forbidden("Only the teachers and assistants of the course may do this.")


def _find_by_email(session: Session, email: str) -> Account | None:
    if "\0" in email:  # PostgreSQL refuses to be asked for it
        return None
    return session.scalar(select(Account).where(Account.email == email))


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy_hash() -> str:
    return hash_password(secrets.token_urlsafe(16))


def _hash_token(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
