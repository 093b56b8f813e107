"""Probes: is the process alive, and does the service work?"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.store.database import read_clock
from service.submissions.line import read_queue
from service.upkeep.heartbeats import is_stalled, last_beat, late_seconds
from service.web.request import db_session, queue, services

log = logging.getLogger(__name__)

blueprint = Blueprint("probes", __name__)

READY = {"database": "up", "broker": "up", "queue": "moving"}


@blueprint.get("/healthz")
def say_alive() -> ResponseReturnValue:
    """The process answers. The database isn't asked."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
def say_ready() -> ResponseReturnValue:
    """200 if database and broker answer and the queue moves; otherwise 503, with all states.

    The scheduler's state is for information: the web process works without it.
    """
    states = _database_states() | {"broker": "up" if queue().ping() else "down"}
    ready = states.items() >= READY.items()
    return jsonify(status="ready" if ready else "not ready", **states), 200 if ready else 503


def _database_states() -> dict[str, str]:
    settings = services().settings
    try:
        session = db_session()
        # This table exists once the migrations have run.
        session.execute(text("SELECT version_num FROM alembic_version"))
        return {
            "database": "up",
            "queue": "stalled" if is_stalled(read_queue(session), settings) else "moving",
            "scheduler": "late" if _is_late(session, late_seconds(settings)) else "running",
        }
    except SQLAlchemyError as error:
        log.warning("the database is not ready: %s", error)
        return {"database": "down", "queue": "unknown", "scheduler": "unknown"}


def _is_late(session: Session, limit: float) -> bool:
    """Whether the scheduler has shown no sign for this many seconds."""
    beat_at = last_beat(session)
    return beat_at is None or read_clock(session) - beat_at > timedelta(seconds=limit)
