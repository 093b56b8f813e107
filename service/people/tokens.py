"""API tokens: create, list and revoke them, and sign in with one."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.errors import Conflict, Invalid, NotFound
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
MAX_NAME = 100  # characters
MAX_TOKENS = 50  # of an account
USE_IS_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A new token, and its text, which is never shown again."""

    token: Token
    text: str = field(repr=False)


def create_token(session: Session, actor: Actor, account: Account, name: str) -> str:
    """Create an API token and return its text; see `add_token`."""
    return add_token(session, actor, account, name).text


def add_token(session: Session, actor: Actor, account: Account, name: str) -> NewToken:
    """Create an API token; commits.

    `name` says what the token is for, such as "laptop". Operators can't create tokens for others.
    Raises Invalid for a name that can't be used, Conflict if the account has too many tokens.
    """
    require_self_or_local(actor, account)
    name = name.strip()
    if not name or not name.isprintable() or len(name) > MAX_NAME:
        message = f"Say in at most {MAX_NAME} characters what the token is for, such as laptop."
        raise Invalid(message, fields={"name": message})
    if len(list_tokens(session, actor, account)) >= MAX_TOKENS:
        raise Conflict(f"There are {MAX_TOKENS} tokens already. Revoke one that you don't use.")
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(account=account, name=name, token_hash=_hash_token(text))
    session.add(token)
    record(session, id_of(actor), "token.created", account_id=account.id)
    session.commit()
    return NewToken(token=token, text=text)


def list_tokens(session: Session, actor: Actor, account: Account) -> list[Token]:
    """An account's valid tokens, the oldest first."""
    require_self_or_operator(actor, account)
    query = select(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
    return list(session.scalars(query.order_by(Token.created_at, Token.id)))


def revoke_own_token(session: Session, actor: Account, token_id: uuid.UUID) -> None:
    """End one of the actor's own tokens; commits. Raises NotFound."""
    own = {token.id: token for token in list_tokens(session, actor, actor)}
    if token_id not in own:
        raise NotFound("You have no valid token with this id.")
    revoke_tokens(session, actor, [own[token_id]])


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


def end_tokens_of(session: Session, account: Account) -> None:
    """End all tokens of an account; the caller checks, and commits."""
    valid = update(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))
    session.execute(valid.values(revoked_at=now()))


def authenticate(session: Session, text: str) -> Token | None:
    """The valid token with this text, and its account."""
    return _find_valid(session, text)


def should_note_use(token: Token) -> bool:
    """Whether the token's last use is unknown or some minutes old."""
    return token.last_used_at is None or now() - token.last_used_at > USE_IS_NOTED_EVERY


def note_use(session: Session, token_id: uuid.UUID) -> None:
    """Note that a token was used just now, unless somebody else is writing it; commits."""
    free = select(Token.id).where(Token.id == token_id).with_for_update(skip_locked=True)
    session.execute(update(Token).where(Token.id.in_(free)).values(last_used_at=now()))
    session.commit()


def _find_valid(session: Session, text: str) -> Token | None:
    query = select(Token).where(Token.token_hash == _hash_token(text), Token.revoked_at.is_(None))
    return session.scalar(query.options(joinedload(Token.account)))


def _hash_token(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
