"""API tokens: create, list and revoke them, and sign in with one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.errors import Invalid, NotFound
from service.people.actors import (
    Actor,
    id_of,
    require_operator,
    require_self_or_local,
    require_self_or_operator,
)
from service.people.models import Account, Token
from service.store.base import now

TOKEN_PREFIX = "cr_"


def create_token(session: Session, actor: Actor, account: Account, name: str) -> str:
    """Create an API token and return its text, which is never shown again; commits.

    `name` says what the token is for, such as "laptop". Operators can't create tokens for others.
    """
    require_self_or_local(actor, account)
    if not name.strip():
        message = "The name is empty. Say what the token is for, such as laptop."
        raise Invalid(message, fields={"name": message})
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(Token(account_id=account.id, name=name.strip(), token_hash=_hash_token(text)))
    record(session, id_of(actor), "token.created", account_id=account.id)
    session.commit()
    return text


def list_tokens(session: Session, actor: Actor, account: Account) -> list[Token]:
    """An account's valid tokens, the oldest first."""
    require_self_or_operator(actor, account)
    query = select(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Token.created_at, Token.id)))


def find_token(session: Session, actor: Actor, text: str) -> Token:
    """The valid token with this text; raises NotFound."""
    require_operator(actor)
    token = _find_valid(session, text)
    if token is None:
        raise NotFound("No valid token has this text.")
    return token


def revoke_tokens(session: Session, actor: Actor, tokens: Sequence[Token]) -> None:
    """End tokens, so that nobody can use them any more; commits."""
    for token in tokens:
        require_self_or_operator(actor, token.account)
    for token in tokens:
        token.revoked_at = now()
    if tokens:
        owners = {token.account_id for token in tokens}
        record(
            session,
            id_of(actor),
            "token.revoked",
            account_id=owners.pop() if len(owners) == 1 else None,
            after={"tokens": len(tokens)},
        )
    session.commit()


def authenticate(session: Session, text: str) -> Account | None:
    """The account that a valid token belongs to."""
    token = _find_valid(session, text)
    return token.account if token is not None else None


def _find_valid(session: Session, text: str) -> Token | None:
    query = select(Token).where(Token.token_hash == _hash_token(text), Token.revoked_at.is_(None))
    return session.scalar(query.options(joinedload(Token.account)))


def _hash_token(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
