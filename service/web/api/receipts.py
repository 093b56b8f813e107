"""Receipts: the key that they are signed with, and verifying one."""

from __future__ import annotations

import uuid

from flask import Blueprint
from sqlalchemy.orm import Session

from service.submissions.receipts import verify_receipt
from service.web.api.operation import Answer, Body, operation
from service.web.request import services

blueprint = Blueprint("api_receipts", __name__)


class Key(Answer):
    """A public key as a JSON Web Key."""

    kty: str
    crv: str
    x: str
    kid: str
    alg: str
    use: str


class Keys(Answer):
    """A JSON Web Key Set."""

    keys: list[Key]


class ReceiptBody(Body):
    """A receipt as it was issued."""

    receipt: str


class ClaimsAnswer(Answer):
    """What a receipt says."""

    submission: uuid.UUID
    assignment: str
    student: str
    attempt: int
    sha256: str
    submitted_at: str


class Verification(Answer):
    """Whether we signed it, whether the database still agrees, and what it says."""

    signature: bool
    recorded: bool
    claims: ClaimsAnswer | None


@blueprint.get("/keys")
@operation("The public keys that receipts are verified with", public=True)
def list_keys() -> Keys:
    """Read the public keys, the newest first. New receipts are signed with it."""
    return Keys.model_validate(services().receipts.keys)


@blueprint.post("/receipts/verify")
@operation("Verify a receipt")
def verify(session: Session, body: ReceiptBody) -> Verification:
    """Check whether we signed a receipt, and whether the database has that file."""
    verified = verify_receipt(session, services().receipts, body.receipt)
    claims = verified.claims
    if claims is None:
        return Verification(signature=False, recorded=False, claims=None)
    return Verification(
        signature=True,
        recorded=verified.recorded,
        claims=ClaimsAnswer(
            submission=uuid.UUID(claims.submission),
            assignment=claims.assignment,
            student=claims.student,
            attempt=claims.attempt,
            sha256=claims.sha256,
            submitted_at=claims.submitted_at,
        ),
    )
