"""One's own account."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from flask import session as cookie
from pydantic import Field
from sqlalchemy.orm import Session

from service.people import tokens
from service.people.models import Account, Token
from service.people.own import change_own_name, change_own_password
from service.people.sessions import end_all_sessions
from service.web.api.operation import Answer, Body, Query, operation
from service.web.request import remember, services

blueprint = Blueprint("api_account", __name__)


class OwnAccount(Answer):
    """Your account. `student_number` is changed by your teacher."""

    email: str
    name: str
    student_number: str
    operator: bool
    may_create_courses: bool | None


class NameBody(Body):
    """Your name, as your teachers see it."""

    name: str


class PasswordBody(Body):
    """Your password now, and the new one."""

    current: str
    password: str


class TokenBody(Body):
    """What the token is for, such as laptop."""

    name: str


class TokenAnswer(Answer):
    """An API token. `last_used_at` may be some minutes old; it's null before the first use."""

    id: uuid.UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class NewTokenAnswer(TokenAnswer):
    """A new API token. `token` is its text, which is shown only here."""

    token: str


class Tokens(Answer):
    """Your valid API tokens, the oldest first."""

    tokens: list[TokenAnswer]


class TokenQuery(Query):
    """Which token."""

    id: uuid.UUID = Field(description="The token's id.")


@blueprint.get("/account")
@operation("Read your account")
def read(actor: Account) -> OwnAccount:
    """Read your account."""
    return _to_answer(actor)


@blueprint.patch("/account")
@operation("Change your name")
def change(actor: Account, session: Session, body: NameBody) -> OwnAccount:
    """Change your name."""
    change_own_name(session, actor, body.name)
    return _to_answer(actor)


@blueprint.put("/account/password")
@operation("Change your password; other sessions end", status=204, errors=(429,))
def change_password(actor: Account, session: Session, body: PasswordBody) -> Response:
    """Change your password. This session goes on, all others end. API tokens stay valid."""
    change_own_password(
        session, actor, services().throttle, current=body.current, password=body.password
    )
    if "Authorization" not in request.headers:
        remember(actor)
    return Response(status=204)


@blueprint.get("/account/tokens")
@operation("List your API tokens")
def list_tokens(actor: Account, session: Session) -> Tokens:
    """List your valid API tokens."""
    return Tokens(
        tokens=[
            TokenAnswer(**_describe(each)) for each in tokens.list_tokens(session, actor, actor)
        ]
    )


@blueprint.post("/account/tokens")
@operation("Create an API token", status=201, errors=(409,))
def create_token(actor: Account, session: Session, body: TokenBody) -> NewTokenAnswer:
    """Create an API token."""
    made = tokens.add_token(session, actor, actor, body.name)
    return NewTokenAnswer(token=made.text, **_describe(made.token))


@blueprint.delete("/account/tokens")
@operation("Revoke one of your API tokens", status=204, errors=(404,))
def revoke_token(actor: Account, session: Session, query: TokenQuery) -> Response:
    """Revoke a token, given as `?id=`."""
    tokens.revoke_own_token(session, actor, query.id)
    return Response(status=204)


@blueprint.delete("/account/tokens/<uuid:token_id>")
@operation("Revoke one of your API tokens", status=204)
def revoke_token_at(actor: Account, session: Session, token_id: uuid.UUID) -> Response:
    """Revoke a token, given in the address."""
    tokens.revoke_own_token(session, actor, token_id)
    return Response(status=204)


@blueprint.delete("/account/sessions")
@operation("Sign out in every browser; API tokens stay valid", status=204)
def end_sessions(actor: Account, session: Session) -> Response:
    """End all of one's sessions, also the one that asks for it."""
    end_all_sessions(session, actor, actor)
    cookie.clear()
    return Response(status=204)


def _to_answer(account: Account) -> OwnAccount:
    return OwnAccount(
        email=account.email,
        name=account.name,
        student_number=account.student_number,
        operator=account.operator,
        may_create_courses=account.may_create_courses,
    )


def _describe(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "created_at": token.created_at,
        "last_used_at": token.last_used_at,
    }
