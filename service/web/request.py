"""What views share during a request: the database session, the queue and the account."""

from __future__ import annotations

import contextlib
import re
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, request, session
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.errors import Unauthorized
from service.people.mail import Mailer
from service.people.models import Account
from service.people.sessions import end_session, find_signed_in, new_session
from service.people.throttle import Throttle
from service.people.tokens import authenticate, note_use, should_note_use
from service.settings import Settings
from service.store.base import now
from service.store.database import Sessions
from service.submissions.queue import Queue
from service.submissions.receipts import Receipts
from service.submissions.waiting import Waits
from service.web.csrf import SAFE_METHODS, sent_token

EXTENSION = "chainrule"
SECRETS = frozenset({"secret", "code"})  # arguments of addresses
AFTER_PREFIX = re.compile(r"(?i)^(/*(?:api/+v\d+/+)?(?:link|setup|join)/).+", re.DOTALL)
E_MAIL = re.compile(r"[^/]*@[^/]*")
ARRIVED_AT = "chainrule.arrived_at"  # in the WSGI environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The parts of an application, made once when it starts."""

    settings: Settings
    engine: Engine
    readers: Sessions
    writers: Sessions
    hasty: Sessions
    queue: Queue
    receipts: Receipts
    throttle: Throttle
    mailer: Mailer
    waits: Waits

    def close(self) -> None:
        """Close the connections to the database and the broker."""
        self.engine.dispose()
        self.queue.close()


def services() -> Services:
    """The parts of the current application."""
    found: Services = current_app.extensions[EXTENSION]
    return found


def db_session() -> Session:
    """This request's session. A request that only reads never waits for a writer."""
    if "db_session" not in g:
        reads = request.method in SAFE_METHODS or "only_reads" in g
        g.db_session = services().readers() if reads else services().writers()
    found: Session = g.db_session
    return found


def arrived_at() -> datetime:
    """When the whole request had arrived.

    The front says so. A server without one reads the body in the view, which asks afterwards.
    """
    if "arrived_at" not in g:
        g.arrived_at = request.environ.get(ARRIVED_AT) or now()
    found: datetime = g.arrived_at
    return found


def only_read() -> None:
    """Never wait for a writer in this request, though its method may change something."""
    g.only_reads = True


def queue() -> Queue:
    """The queue of gradings."""
    return services().queue


def current_account() -> Account | None:
    """The account of this request, by an API token or the cookie; None if nobody is signed in."""
    if "account" not in g:
        has_token = request.path.startswith("/api/") and "Authorization" in request.headers
        g.account = _find_by_token() if has_token else _find_by_cookie()
        # No transaction stays open while a slow client sends its file: SQLite has a single writer.
        db_session().commit()
    found: Account | None = g.account
    return found


def require_account() -> Account:
    """The account of this request; raises Unauthorized if nobody is signed in."""
    account = current_account()
    if account is None:
        raise Unauthorized("Sign in first, or send your API token.")
    return account


def remember(account: Account) -> None:
    """Sign a person in on this browser."""
    session.clear()
    session.update(new_session(account))
    g.account = account


def forget() -> None:
    """Sign out on this browser. No copy of its cookie is valid from now on."""
    end_session(db_session(), session)
    session.clear()
    g.account = None


def address_of_visitor() -> str:
    """The IP address that this request comes from."""
    return request.remote_addr or ""


def site_url() -> str:
    """The address of this site, as the request's client knows it."""
    return request.host_url.rstrip("/")


def path_without_secrets() -> str:
    """This request's path for a log: without secrets, codes and e-mails.

    A path that leads nowhere may be a mistyped one with a secret.
    """
    rule = request.url_rule
    if rule is not None and SECRETS & rule.arguments:
        return rule.rule
    return hide_secrets(request.path)


def hide_secrets(path: str) -> str:
    """A path without what stands where addresses have secrets and e-mails."""
    path = AFTER_PREFIX.sub(r"\1<secret>", path)
    return E_MAIL.sub("<email>", path)


def close_session(_: BaseException | None = None) -> None:
    """Close the session at the end of a request."""
    found: Session | None = g.pop("db_session", None)
    if found is not None:
        found.close()
    used: uuid.UUID | None = g.pop("used_token", None)
    if used is not None:
        _note_use(used)


def _find_by_token() -> Account | None:
    sent = sent_token()
    if not sent:
        raise Unauthorized("Send your API token as `Authorization: Bearer TOKEN`.")
    token = authenticate(db_session(), sent)
    if token is None:
        raise Unauthorized("This API token is unknown, or it was revoked. Ask for a new one.")
    if should_note_use(token):
        g.used_token = token.id
    return token.account


def _note_use(token_id: uuid.UUID) -> None:
    """Note a token's use at the end of a request, if no other request is writing."""
    with contextlib.suppress(SQLAlchemyError), services().hasty() as session:
        note_use(session, token_id)


def _find_by_cookie() -> Account | None:
    return find_signed_in(db_session(), session) if "account" in session else None
