"""Every change by staff is in the audit: who and what, without names, addresses and free text."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.people.models import Account
from service.store.database import make_engine, make_sessions
from tests.service.web.conftest import Installation
from tests.service.web.routes import ASSIGNMENT, HEAD, OPERATOR, PAGE, ROUTES, STUDENT, Row
from tests.support import factories

COURSE, REGRADE = "/courses/<slug>", "regrades/<uuid:regrade_id>"
API_COURSE, API_REGRADE = "/api/v1/courses/<course>", f"/api/v1/{REGRADE}"
CHANGES = [
    each
    for each in ROUTES
    if each.method != "GET" and STUDENT not in each.may and {HEAD, OPERATOR} & each.may
]


def make_zip() -> str:
    """A file of Ada's that she hasn't submitted yet, as Moodle names it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Ada_1_assignsubmission_file_/value.py", "class Value: ...")
    return base64.b64encode(content.getvalue()).decode()


# What succeeds, where the table of routes has what is only read.
SENDS: dict[str, Mapping[str, Any]] = {
    f"POST {COURSE}/people/import": {
        "data": {"roster": "email,name,role\nnew@example.edu,New,student", "apply": "1"}
    },
    f"POST {COURSE}/people/invite": {"data": {"emails": "new@example.edu"}},
    f"POST {API_COURSE}/invitations": {"json": {"emails": ["new@example.edu"]}},
    f"POST {ASSIGNMENT}/class-files": {"json": {"content": make_zip()}},
}
# What the teacher does first, so that there is something to change.
BEFORE = {
    f"POST {ASSIGNMENT}/open": f"{ASSIGNMENT}/close",
    f"POST {PAGE}/open": f"{PAGE}/close",
    f"POST {ASSIGNMENT}/regrades": f"{API_REGRADE}/cancel",
    f"POST {PAGE}/regrades": f"{PAGE}/{REGRADE}/cancel",
    f"POST {API_REGRADE}/undo": f"{API_REGRADE}/apply",
    f"POST {PAGE}/{REGRADE}/undo": f"{PAGE}/{REGRADE}/apply",
}
# What changes nothing here. Tests of their own see its entries.
ELSEWHERE = {
    f"POST {PAGE}/delete": "the assignment has submissions",
    f"POST {PAGE}/upload/class": "a preview",
    f"POST {PAGE}/upload/class/apply": "needs the preview's fields",
}


@pytest.mark.parametrize(
    "row", [each for each in CHANGES if each.name not in ELSEWHERE], ids=lambda row: row.name
)
def test_a_change_by_staff_is_in_the_audit(installation: Installation, row: Row) -> None:
    role = HEAD if HEAD in row.may else OPERATOR
    engine = make_engine(installation.settings)
    try:
        if row.name in BEFORE:
            assert installation.ask(HEAD, "POST", BEFORE[row.name]).status_code < 400
        with make_sessions(engine)() as session:
            personal = find_personal(session)
            known = set(session.scalars(select(AuditEntry.id)))
        sends = SENDS.get(row.name, row.sends)
        if row.name == f"POST {PAGE}/upload":
            file = (io.BytesIO(factories.SOURCE.encode()), "value.py")
            sends = {"data": {"email": "ada@example.edu", "file": file}}
        assert installation.ask(role, row.method, row.address, **sends).status_code < 400
        with make_sessions(engine)() as session:
            entries = session.scalars(select(AuditEntry).where(AuditEntry.id.not_in(known))).all()
            personal |= find_personal(session)
    finally:
        engine.dispose()
        installation.restore()
    assert entries
    for entry in entries:
        assert entry.actor_id is not None
        assert entry.action
        text = json.dumps([entry.before, entry.after], ensure_ascii=False)
        assert [each for each in personal if each in text] == []


def find_personal(session: Session) -> set[str]:
    """The names and addresses of all people, and the texts that the table of routes sends."""
    accounts = session.scalars(select(Account)).all()
    found = {each.name for each in accounts} | {each.email for each in accounts}
    return {each for each in found if each} | {"oral exam", "Good", "Another", "Ill"}


def test_every_exception_is_a_change_of_the_table() -> None:
    names = {each.name for each in CHANGES}
    assert SENDS.keys() | BEFORE.keys() | ELSEWHERE.keys() <= names
