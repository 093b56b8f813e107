"""Every route of the application answers every kind of person as its table says."""

from __future__ import annotations

import pytest

from tests.service.web.conftest import Installation
from tests.service.web.routes import (
    LONG_ASSIGNMENT,
    ROLES,
    ROUTES,
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
        else:
            found[role] = str(answer.status_code)
            expected[role] = str(row.status_of(role))
            if answer.status_code == 303:
                assert answer.location.startswith("/sign-in")
        if row.method != "GET" and role in row.may:
            installation.restore()
    assert found == expected
