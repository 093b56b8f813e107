"""Records the SQL statements of a version, for tests of an upgrade while its processes still run.

Run it in a checkout of that version. It needs an empty SQLite database, or a PostgreSQL server:

    python record_statements.py sqlite:////tmp/empty.db | gzip -9 > statements_0013_sqlite.json.gz
"""

from __future__ import annotations

import base64
import datetime
import json
import sys
import tempfile
import uuid
from dataclasses import replace
from typing import Any

from psycopg.types.json import Json
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

from service.courses.models import Role
from service.settings import Settings
from service.store.database import make_sessions
from service.store.schema import upgrade
from service.submissions import gradings
from service.submissions.submit import submit
from service.upkeep import heartbeats
from tests.students import engine as engine_of
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

SLOT = "slot of the version before"


def main(url: str) -> None:
    """Write the statements of each step as JSON."""
    settings = Settings.from_env(
        {
            "CHAINRULE_DATA_DIR": tempfile.mkdtemp(),
            "CHAINRULE_SECRET_KEY": "k" * 40,
            "CHAINRULE_DATABASE_URL": url,
        }
    )
    upgrade(settings)
    engine = create_engine(url, **({"paramstyle": "named"} if settings.uses_sqlite else {}))
    steps: dict[str, list[Any]] = {}

    @event.listens_for(engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        for each in parameters if isinstance(parameters, list) else [parameters]:
            found = {name: portable(value) for name, value in dict(each or {}).items()}
            steps[next(reversed(steps))].append([statement, found])

    record(engine, replace(settings, lease_seconds=3600), steps)
    json.dump(steps, sys.stdout, indent=1)


def record(engine: Engine, settings: Settings, steps: dict[str, list[Any]]) -> None:
    """Three submissions: the first is claimed and recorded, the second claimed and given back."""
    sessions = make_sessions(engine)
    with sessions() as session:
        steps["class"] = []
        course = factories.make_course(session, "upgraded")
        student = factories.make_account(session, "Ada", "ada@upgraded.example.edu")
        factories.enrol(session, course, student, Role.STUDENT)
        assignment = factories.make_assignment(session, course, "upgraded")
        session.commit()

        def send(session: Session) -> None:
            sent = submit(
                session,
                student,
                assignment,
                lambda _: None,
                filename="value.py",
                content=engine_of("right/closures").encode(),
                idempotency_key=None,
                per_minute=100,
                accept_same=True,
            )
            assert sent.submission.attempt
            session.commit()

        steps["submit first"] = []
        send(session)
        steps["claim first"] = []
        gradings.begin_slot(sessions, settings, SLOT)
        job = gradings.claim_next(sessions, settings, SLOT)
        assert job is not None
        steps["submit second"] = []
        send(session)
        steps["renew first"] = []
        gradings.renew(sessions, settings, job)
        steps["record first"] = []
        case = make_case()
        gradings.record(sessions, job, make_report(make_suite("worked-example", case)))
        steps["claim second and give it back"] = []
        second = gradings.claim_next(sessions, settings, SLOT)
        assert second is not None
        assert gradings.give_back(sessions, second)
        steps["submit third"] = []
        send(session)
        steps["sweep"] = []
        gradings.requeue_lost(sessions, settings)
        heartbeats.beat(sessions)


def portable(value: object) -> object:
    """A parameter as JSON. Statements for PostgreSQL name its type."""
    if isinstance(value, Json):
        return json.dumps(value.obj)
    value = getattr(value, "obj", value)  # psycopg wraps bytes
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, uuid.UUID | datetime.datetime):
        return str(value)
    assert value is None or isinstance(value, bool | int | float | str), value
    return value


if __name__ == "__main__":
    main(sys.argv[1])
