"""Every route of the application answers every kind of person as its table says."""

from __future__ import annotations

import re

import pytest

from tests.service.web.conftest import NAME, Installation
from tests.service.web.routes import (
    HEAD,
    LONG_ASSIGNMENT,
    NOBODY,
    ROLES,
    ROUTES,
    STRANGER,
    STUDENT,
    Row,
    expand,
)

ROWS = list(expand(ROUTES))
REJECTED = {401, 403, 404}


def test_every_route_has_a_row_and_every_row_a_route(installation: Installation) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in installation.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    rows = {each.name for each in ROWS}
    missing = sorted(name for name in routes - rows if LONG_ASSIGNMENT not in name)
    lines = "\n".join(f'    row("{name}", WHO),' for name in missing)
    assert not missing, (
        "Add these rows to ROUTES in tests/service/web/routes.py. WHO is PUBLIC, SIGNED_IN, "
        "ENROLLED, OWN, STAFF, TEACHER, OPERATORS or a set of roles. If the request needs a body, "
        f"add a valid one with json= or data=:\n{lines}"
    )
    assert rows - routes == set(), "These rows have no route any more. Remove them."
    assert len(rows) == len(ROWS), "A route has two rows."
    assert routes - rows == set(), "An operation of an assignment has no short address."


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_route_serves_those_who_may_and_rejects_all_others(
    installation: Installation, row: Row
) -> None:
    found, expected = {}, {}
    for role in ROLES:
        answer = installation.ask(role, row.method, row.address, **row.sends)
        if role in row.may:
            found[role] = "rejected" if answer.status_code in REJECTED else "served"
            expected[role] = "served"
            assert answer.status_code < 500, answer.text
            to_sign_in = (answer.location or "").startswith("/sign-in")
            assert not to_sign_in or "sign-out" in row.name or role == NOBODY, role
        else:
            found[role] = str(answer.status_code)
            expected[role] = str(row.status_of(role))
            if answer.status_code == 303:
                assert answer.location.startswith("/sign-in")
        if row.method != "GET" and role in row.may:
            installation.restore()
    assert found == expected


@pytest.mark.parametrize(
    "row",
    [
        each
        for each in ROWS
        if STRANGER not in each.may and {HEAD, STUDENT} & each.may and "<" in each.address
    ],
    ids=lambda row: row.name,
)
def test_objects_of_another_course_are_not_found(installation: Installation, row: Row) -> None:
    """Whatever name in the address is one of theirs, next to names of one's own course."""
    names = [name for name in re.findall(NAME, row.address) if name in installation.elsewhere]
    found = {
        (role, name): installation.ask(
            role, row.method, row.address, other=name, **row.sends
        ).status_code
        for role in (HEAD, STUDENT)
        if role in row.may
        for name in names
    }
    assert found
    assert found == dict.fromkeys(found, 404)
