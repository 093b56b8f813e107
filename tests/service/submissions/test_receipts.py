import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import Invalid
from service.settings import Settings
from service.submissions.models import Submission
from service.submissions.receipts import Receipts
from tests.service.conftest import Class, MakeApp, signed_in, submit_source
from tests.support import factories

VERIFY = "/api/v1/receipts/verify"


@pytest.fixture
def receipt(client: FlaskClient, members: Class) -> str:
    answer = submit_source(client, members).json
    assert answer is not None
    return str(answer["receipt"])


def verify(client: FlaskClient, members: Class, receipt: str) -> Any:
    headers = members.bearer(members.teacher)
    response = client.post(VERIFY, json={"receipt": receipt}, headers=headers)
    assert response.status_code == 200
    return response.json


def test_a_receipt_is_valid_and_says_what_was_submitted(
    client: FlaskClient, members: Class, session: Session, receipt: str
) -> None:
    verification = verify(client, members, receipt)
    submission = session.scalars(select(Submission)).one()
    assert (verification["signature"], verification["recorded"]) == (True, True)
    assert verification["claims"] == {
        "submission": str(submission.id),
        "assignment": "autograd",
        "student": "ada@example.edu",
        "attempt": 1,
        "sha256": submission.sha256,
        "submitted_at": submission.submitted_at.isoformat(),
    }


def test_anybody_can_verify_a_receipt_with_the_published_key(
    client: FlaskClient, receipt: str
) -> None:
    keys = jwt.PyJWKSet.from_json(client.get("/api/v1/keys").text)
    header = jwt.get_unverified_header(receipt)
    claims = jwt.decode(receipt, keys[header["kid"]], ["EdDSA"])
    assert claims["student"] == "ada@example.edu"


def test_the_same_submission_has_the_same_receipt(
    client: FlaskClient, members: Class, receipt: str
) -> None:
    body = client.get(
        "/api/v1/assignments/autograd/submissions", headers=members.bearer(members.ada)
    ).json
    assert body is not None
    (listed,) = body["submissions"]
    path = f"/api/v1/submissions/{listed['id']}"
    again = client.get(path, headers=members.bearer(members.ada)).json
    assert again is not None
    assert again["receipt"] == receipt


@pytest.mark.parametrize("text", ["", "nonsense", "a.b.c", "\u00e9"])
def test_a_text_that_is_not_a_receipt_is_invalid(
    client: FlaskClient, members: Class, text: str
) -> None:
    verification = verify(client, members, text)
    assert verification == {"signature": False, "recorded": False, "claims": None}


def test_a_changed_receipt_is_invalid(client: FlaskClient, members: Class, receipt: str) -> None:
    head, body, signature = receipt.split(".")
    changed = f"{head}.{body[:-1]}{'A' if body[-1] != 'A' else 'B'}.{signature}"
    assert verify(client, members, changed)["signature"] is False


def test_a_receipt_signed_by_another_installation_is_invalid(
    client: FlaskClient, members: Class, session: Session
) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    foreign = Receipts("another secret").sign(submission)
    assert verify(client, members, foreign)["signature"] is False


def test_a_receipt_that_differs_from_the_database_is_not_recorded(
    client: FlaskClient, members: Class, session: Session, receipt: str
) -> None:
    session.scalars(select(Submission)).one().sha256 = "0" * 64
    session.commit()
    verification = verify(client, members, receipt)
    assert (verification["signature"], verification["recorded"]) == (True, False)


def test_a_receipt_of_an_unknown_submission_is_not_recorded(
    client: FlaskClient, members: Class, session: Session
) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    receipt = Receipts("k" * 40).sign(submission)
    session.delete(submission.grading)
    session.delete(submission)
    session.commit()
    verification = verify(client, members, receipt)
    assert (verification["signature"], verification["recorded"]) == (True, False)


def test_a_receipt_is_verified_as_json(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.ada)
    assert client.post(VERIFY, json={"receipt": 7}, headers=headers).status_code == 422
    assert client.post(VERIFY, data="receipt", headers=headers).status_code == 415


def test_other_claims_signed_with_our_key_are_not_a_receipt() -> None:
    receipts = Receipts("k" * 40)
    other = jwt.encode({"sub": "ada"}, receipts._key.private, "EdDSA")
    with pytest.raises(Invalid):
        receipts.verify(other)
    assert json.dumps(receipts.keys).count("EdDSA") == 1


def test_after_a_rotation_old_receipts_are_valid_and_sessions_have_ended(
    app: Flask,
    client: FlaskClient,
    members: Class,
    settings: Settings,
    make_app: MakeApp,
    receipt: str,
) -> None:
    browser = signed_in(app, members.ada)
    assert browser.get("/courses").status_code == 200
    rotated = make_app(
        replace(settings, secret_key="n" * 40, old_secret_keys=(settings.secret_key,))
    )
    later = rotated.test_client()
    verification = verify(later, members, receipt)
    assert (verification["signature"], verification["recorded"]) == (True, True)
    again = submit_source(later, members).json
    assert again is not None
    assert verify(later, members, again["receipt"])["signature"] is True
    assert verify(client, members, again["receipt"])["signature"] is False  # it has the old key
    keys = jwt.PyJWKSet.from_json(later.get("/api/v1/keys").text)
    for text in (receipt, again["receipt"]):
        key = keys[jwt.get_unverified_header(text)["kid"]]
        assert jwt.decode(text, key, ["EdDSA"])["student"] == "ada@example.edu"
    cookie = browser.get_cookie("chainrule")
    assert cookie is not None
    later.set_cookie(cookie.key, cookie.value)
    assert later.get("/courses").status_code == 303
