"""Hash and verify passwords."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import Invalid

LEAST_LENGTH, MOST_LENGTH = 10, 200  # characters
LEAST_DIFFERENT = 4  # characters

# Argon2id with OWASP's parameters: 19 MiB, so that a small machine can sign in many at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash that is stored instead of a password."""
    return _hasher.hash(password)


def check_password(password: str, email: str = "") -> None:
    """Raise Invalid for a password that is too easy to guess, or too long to hash."""
    message = ""
    if len(password) < LEAST_LENGTH:
        message = f"The password is too short. Use at least {LEAST_LENGTH} characters."
    elif len(password) > MOST_LENGTH:
        message = f"The password is too long. It may have {MOST_LENGTH} characters."
    elif len(set(password.lower())) < LEAST_DIFFERENT or password.lower() in email.lower():
        message = "This password is too easy to guess. Use a few words, such as a sentence."
    if message:
        raise Invalid(message, fields={"password": message})


def verify_password(password_hash: str, password: str) -> bool:
    """Whether a password belongs to a hash."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def decoy_hash() -> str:
    """A hash that no password belongs to, to verify against where there is no account."""
    return hash_password(secrets.token_urlsafe(16))
