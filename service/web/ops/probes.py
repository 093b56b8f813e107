"""Probes: is the process alive, and can it work?"""

from __future__ import annotations

import logging

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.web.request import db_session, queue

log = logging.getLogger(__name__)

blueprint = Blueprint("probes", __name__)


@blueprint.get("/healthz")
def say_alive() -> ResponseReturnValue:
    """The process answers. The database isn't asked."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def say_ready() -> ResponseReturnValue:
    """200 if database and broker answer; otherwise 503, with the state of both."""
    parts = {"database": _database_answers(), "broker": queue().ping()}
    ready = all(parts.values())
    states = {name: "up" if up else "down" for name, up in parts.items()}
    return jsonify(status="ready" if ready else "not ready", **states), 200 if ready else 503


def _database_answers() -> bool:
    try:
        # This table exists once the migrations have run.
        db_session().execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        log.warning("the database is not ready: %s", error)
        return False
    return True
