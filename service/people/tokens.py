"""API tokens: make, find and revoke them."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.people.models import Account, Token
from service.store.base import now

TOKEN_PREFIX = "cr_"


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


def _hash_token(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
