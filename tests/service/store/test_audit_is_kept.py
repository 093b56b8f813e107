"""The database keeps every entry of the audit as it was written."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from service.audit.log import record
from service.audit.models import AuditEntry
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from tests.service.conftest import make_settings


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    "change", [update(AuditEntry).values(action="nothing"), delete(AuditEntry)], ids=str
)
def test_no_entry_can_be_changed_or_deleted(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, change: object
) -> None:
    environ = {}
    if database == "postgresql":
        environ["CHAINRULE_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    settings = make_settings(tmp_path, **environ)
    upgrade(settings)
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        course, actor = uuid.uuid4(), uuid.uuid4()
        record(session, actor, "course.changed", course_id=course, before={"time_zone": "UTC"})
        session.commit()
        with pytest.raises(DBAPIError, match="never changed"):
            session.execute(change)  # type: ignore[call-overload]
        session.rollback()
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.actor_id, entry.action, entry.course_id) == (actor, "course.changed", course)
        assert (entry.before, entry.after) == ({"time_zone": "UTC"}, None)
    engine.dispose()
