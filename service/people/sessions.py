"""Sessions in browsers: who is signed in, and what ends it.

A session is a signed cookie, so signing in writes nothing to the database. Signing out stores the
session's id until the cookie would have expired: a copy of the cookie is then worth nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.audit.log import record
from service.people.actors import Actor, id_of, require_self_or_local
from service.people.models import Account, EndedSession
from service.store.base import now

LIFETIME = timedelta(days=31)  # of a cookie


def new_session(account: Account) -> dict[str, str]:
    """The content of the cookie of a new session."""
    return {"account": str(account.id), "stamp": _stamp(account), "session": uuid.uuid4().hex}


def find_signed_in(session: Session, cookie: Mapping[str, str]) -> Account | None:
    """The account that a cookie's content belongs to; None if its session has ended."""
    if not cookie.keys() >= {"account", "stamp", "session"}:
        return None  # of an earlier version
    ended = exists().where(EndedSession.id == uuid.UUID(cookie["session"]))
    query = select(Account).where(Account.id == uuid.UUID(cookie["account"]), ~ended)
    account = session.scalar(query)
    return account if account is not None and cookie["stamp"] == _stamp(account) else None


def end_session(session: Session, cookie: Mapping[str, str]) -> None:
    """End the session of a cookie, if it hasn't ended yet; commits."""
    account = find_signed_in(session, cookie)
    if account is None:
        return
    moment = now()
    session.execute(delete(EndedSession).where(EndedSession.expires_at < moment))
    session.add(
        EndedSession(
            id=uuid.UUID(cookie["session"]), account_id=account.id, expires_at=moment + LIFETIME
        )
    )
    try:
        session.commit()
    except IntegrityError:  # a second click ended it
        session.rollback()


def end_all_sessions(session: Session, actor: Actor, account: Account) -> None:
    """Sign an account out in every browser; API tokens stay valid. Commits."""
    require_self_or_local(actor, account)
    account.session_epoch = Account.session_epoch + 1
    record(session, id_of(actor), "sessions.ended", account_id=account.id)
    session.commit()


def _stamp(account: Account) -> str:
    """A text that changes with the password and with the account's epoch, and so ends sessions."""
    content = f"{account.session_epoch} {account.password_hash or ''}"
    return hashlib.sha256(content.encode()).hexdigest()[:32]
