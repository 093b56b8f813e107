"""Receipts: a signed text that says who submitted what and when."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from service.errors import Invalid
from service.submissions.models import Submission

ALGORITHM = "EdDSA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a receipt says. `submission` is an id, `assignment` a slug, `student` an e-mail.

    `submitted_at` is ISO 8601 in UTC.
    """

    submission: str
    assignment: str
    student: str
    attempt: int
    sha256: str
    submitted_at: str


class Receipts:
    """Signs with the newest key, and verifies with every key that the installation has had."""

    def __init__(self, secret_key: str, old_secret_keys: Sequence[str] = ()) -> None:
        self._key = _Key(secret_key)
        self._keys = [self._key, *(_Key(old) for old in old_secret_keys)]

    @property
    def key_id(self) -> str:
        """The id of the key that signs new receipts."""
        return self._key.id

    def sign(self, submission: Submission) -> str:
        """The receipt as a compact JWS; with the same key, the same for the same submission."""
        return jwt.encode(
            asdict(claims_of(submission)),
            self._key.private,
            ALGORITHM,
            headers={"kid": self.key_id},
        )

    def verify(self, text: str) -> Claims:
        """What a receipt says; raises Invalid if we didn't sign it."""
        for key in self._keys:
            with contextlib.suppress(jwt.InvalidTokenError, TypeError):
                return Claims(**jwt.decode(text, key.public, [ALGORITHM]))
        message = "This receipt isn't from this installation, or it was changed."
        raise Invalid(message, code="invalid_receipt", fields={"receipt": message})

    @property
    def keys(self) -> dict[str, list[dict[str, str]]]:
        """The public keys as a JSON Web Key Set, the newest first."""
        return {
            "keys": [
                {**key.jwk, "kid": key.id, "alg": ALGORITHM, "use": "sig"} for key in self._keys
            ]
        }


class _Key:
    """An Ed25519 key that is derived from a secret of the installation."""

    def __init__(self, secret_key: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"chainrule receipts")
        self.private = Ed25519PrivateKey.from_private_bytes(derive.derive(secret_key.encode()))
        self.public = self.private.public_key()
        point = _base64url(self.public.public_bytes_raw())
        self.jwk = {"crv": "Ed25519", "kty": "OKP", "x": point}
        thumbprint = json.dumps(self.jwk, separators=(",", ":"), sort_keys=True)  # RFC 7638
        self.id = _base64url(hashlib.sha256(thumbprint.encode()).digest())


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether the database agrees with a receipt; `claims` is None if we didn't sign it."""

    recorded: bool
    claims: Claims | None


def verify_receipt(session: Session, receipts: Receipts, text: str) -> Verification:
    """Verify a receipt, and whether the database has that submission.

    Everybody may verify one: the answer has only what the receipt itself says.
    """
    try:
        claims = receipts.verify(text)
    except Invalid:
        return Verification(recorded=False, claims=None)
    submission = session.get(Submission, uuid.UUID(claims.submission))
    recorded = submission is not None and claims_of(submission) == claims
    return Verification(recorded=recorded, claims=claims)


def claims_of(submission: Submission) -> Claims:
    """What the receipt of a submission says."""
    return Claims(
        submission=str(submission.id),
        assignment=submission.assignment.slug,
        student=submission.student.email,
        attempt=submission.attempt,
        sha256=submission.sha256,
        submitted_at=submission.submitted_at.astimezone(UTC).isoformat(),
    )


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
