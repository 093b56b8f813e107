"""Receipts: the key that they are signed with, and whether one holds."""

from __future__ import annotations

import uuid

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.errors import Invalid
from service.submissions.models import Submission
from service.submissions.receipts import Claims, claims_of
from service.web.api.exchange import Answer, Body, Description, answer, describe, read_body
from service.web.request import db_session, require_account, services

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
    """A receipt as it was handed out."""

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
    """Whether we signed it, whether the books still agree, and what it says."""

    signature: bool
    recorded: bool
    claims: ClaimsAnswer | None


@blueprint.get("/keys")
@describe(
    Description(summary="The public key that receipts are signed with", answer=Keys, public=True)
)
def list_keys() -> ResponseReturnValue:
    """Give the public key."""
    return answer(Keys.model_validate(services().receipts.keys))


@blueprint.post("/receipts/verify")
@describe(
    Description(
        summary="Verify a receipt",
        answer=Verification,
        errors=(400, 401, 415, 422, 503),
        body=ReceiptBody,
    )
)
def verify() -> ResponseReturnValue:
    """Say whether a receipt is ours and whether that file is in the books."""
    require_account()
    try:
        claims = services().receipts.verify(read_body(ReceiptBody).receipt)
    except Invalid as error:
        if error.code != "invalid_receipt":
            raise
        return answer(Verification(signature=False, recorded=False, claims=None))
    return answer(
        Verification(
            signature=True,
            recorded=_is_recorded(claims),
            claims=ClaimsAnswer(
                submission=uuid.UUID(claims.submission),
                assignment=claims.assignment,
                student=claims.student,
                attempt=claims.attempt,
                sha256=claims.sha256,
                submitted_at=claims.submitted_at,
            ),
        )
    )


def _is_recorded(claims: Claims) -> bool:
    found = db_session().get(Submission, uuid.UUID(claims.submission))
    return found is not None and claims_of(found) == claims
