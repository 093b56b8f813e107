"""One's own account."""

from __future__ import annotations

from flask import Blueprint, Response
from flask import session as cookie
from sqlalchemy.orm import Session

from service.people.models import Account
from service.people.sessions import end_all_sessions
from service.web.api.operation import operation

blueprint = Blueprint("api_account", __name__)


@blueprint.delete("/account/sessions")
@operation("Sign out in every browser; API tokens stay valid", status=204)
def end_sessions(actor: Account, session: Session) -> Response:
    """End all of one's sessions, also the one that asks for it."""
    end_all_sessions(session, actor, actor)
    cookie.clear()
    return Response(status=204)
