"""Browsers on which an account has signed in before: the device cookie that OWASP describes.

A browser stores a signed mark of the account that signed in on it last. Attempts with the mark are
counted separately from those without it, so strangers can't lock an account's owner out.
"""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadSignature, TimestampSigner

LIFETIME_SECONDS = 365 * 24 * 3600


class Devices:
    """Signs marks and recognises them. A mark doesn't reveal whose it is."""

    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def mark(self, email: str) -> str:
        """A new mark for the browser on which this account has just signed in."""
        return self._signer(email).sign(secrets.token_urlsafe(16)).decode("ascii")

    def recognise(self, email: str, mark: str) -> str:
        """The browser's id; empty if the mark is forged, too old or another account's."""
        try:
            device = self._signer(email).unsign(
                mark.encode("utf-8", "replace"), max_age=LIFETIME_SECONDS
            )
        except BadSignature:
            return ""
        return device.decode("ascii")

    def _signer(self, email: str) -> TimestampSigner:
        return TimestampSigner(
            self._secret_key,
            salt=b"chainrule device " + email.encode("utf-8", "replace"),
            key_derivation="hmac",
            digest_method=hashlib.sha256,
        )
