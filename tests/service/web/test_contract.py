"""The API's contract, which may grow: these operations keep their fields, statuses and sizes.

Programs of others rely on them. Other tests do each of these jobs, and check that what we answer is
what the OpenAPI document describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

COURSE, ASSIGNMENT, SUBMISSION = "/courses/{course}", "/assignments/{slug}", "/submissions/{id}"
OPTIONS = (
    "slug title description suites opens_at deadline late_policy attempt_limit pause_minutes "
    "attempt_that_counts feedback hold_marks require_double names draw_per_student"
)
KB = 1024

# An operation, what it accepts (fields and parameters), its statuses, and the fields of its answer.
CONTRACT = [
    (
        f"POST {ASSIGNMENT}/submissions",
        "filename source Idempotency-Key",
        "202 400 401 403 404 409 413 415 422 429",
        "id attempt status sha256 receipt same_as",
    ),
    (
        f"GET {SUBMISSION}",
        "wait report",
        "200 401 404",
        "id attempt status queue_position score max_score report",
    ),
    (f"GET {SUBMISSION}/source", "", "200 401 404", ""),
    (f"GET {SUBMISSION}/results.json", "", "200 403", "score execution_time output tests"),
    (f"GET {SUBMISSION}/counterexample.py", "", "200 403 404", ""),
    (f"GET {SUBMISSION}/counterexample.svg", "", "200 403 404", ""),
    (f"GET {SUBMISSION}/counterexample.png", "", "200 403 404", ""),
    (f"GET {SUBMISSION}/comments", "", "200 404", "comments"),
    (f"POST {SUBMISSION}/comments", "line text", "201 403 404 422", "id line text"),
    (f"DELETE {SUBMISSION}/comments/{{comment_id}}", "", "204 403 404", ""),
    ("GET /courses", "", "200", "courses"),
    ("POST /courses", "slug title time_zone", "201 403 409 422", "slug title time_zone"),
    (f"GET {COURSE}", "", "200 404", "slug title time_zone"),
    (f"PATCH {COURSE}", "slug title time_zone", "200 403 404 409 422", "slug title time_zone"),
    (f"DELETE {COURSE}", "", "204 403 404", ""),
    (f"POST {COURSE}/copy", "slug title shift_days", "201 403 409", "slug title assignments"),
    ("GET /accounts", "", "200 403", "accounts"),
    ("POST /accounts", "email name operator may_create_courses", "201 403 409", "email link"),
    ("PATCH /accounts/{email}", "name operator may_create_courses link", "200 403 409", "link"),
    ("DELETE /accounts/{email}", "", "204 403 404 409", ""),
    (f"GET {COURSE}/roster", "", "200 403", "people"),
    (f"POST {COURSE}/roster", "dry_run", "200 403 422", "added changed unchanged errors"),
    (f"DELETE {COURSE}/roster/{{email}}", "", "204 403 404", ""),
    (f"POST {COURSE}/invitations", "emails join_code expires_at", "201 403 409 422", "links code"),
    (f"POST {COURSE}/assignments", OPTIONS, "201 403 409 422", f"{OPTIONS} version"),
    (f"PATCH {ASSIGNMENT}", f"{OPTIONS} If-Match", "200 403 412 422", f"{OPTIONS} version"),
    (f"GET {ASSIGNMENT}", "", "200 404 409", f"{OPTIONS} version"),
    (
        f"PUT {ASSIGNMENT}/extensions/{{email}}",
        "deadline attempt_limit reason",
        "200 403 404 422",
        "deadline attempt_limit reason",
    ),
    (f"DELETE {ASSIGNMENT}/extensions/{{email}}", "", "204 403 404", ""),
    (f"PUT {ASSIGNMENT}/marks/{{email}}", "score reason", "200 403 404 422", "mark score reason"),
    (f"DELETE {ASSIGNMENT}/marks/{{email}}", "", "204 403 404", ""),
    (f"POST {ASSIGNMENT}/release", "", "200 403 409", "released_at"),
    (f"POST {ASSIGNMENT}/regrades", "which", "202 403 409 422", "id status done of changes"),
    ("GET /regrades/{regrade_id}", "", "200 403 404", "status done of changes"),
    ("POST /regrades/{regrade_id}/apply", "", "200 403 409", "status"),
    ("POST /regrades/{regrade_id}/undo", "", "200 403 409", "status"),
    ("POST /regrades/{regrade_id}/cancel", "", "200 403 409", "status"),
    (
        f"GET {ASSIGNMENT}/insights",
        "",
        "200 403",
        "mistakes problems cases scores without_submission",
    ),
    (f"GET {COURSE}/gradebook", "", "200 403", "assignments students"),
    (f"GET {COURSE}/grades.csv", "format", "200 403", ""),
    (f"GET {COURSE}/archive.zip", "", "200 202 403", ""),
    (f"GET {COURSE}/audit", "", "200 403", "entries"),
    ("GET /audit", "", "200 403", "entries"),
    ("GET /account", "", "200", "email name"),
    ("PATCH /account", "name", "200 422", "name"),
    ("PUT /account/password", "current password", "204 422", ""),
    ("GET /account/tokens", "", "200", "tokens"),
    ("POST /account/tokens", "name", "201 422", "id name token"),
    ("DELETE /account/tokens", "id", "204 404", ""),
    ("DELETE /account/sessions", "", "204", ""),
]
PARTS = {
    "MistakeAnswer": "misconception title students share",
    "CaseAnswer": "suite case title failed of",
    "LineAnswer": "line message",
    "MarkChange": "email before after cases",
    "CellAnswer": "mark score max_score attempts submitted_at late_minutes comment",
    "TokenAnswer": "name last_used_at",
    "SuiteAnswer": "name points",
    "Both": "yours theirs",
    "Report": (
        "schema score max_score suites ledger diagnoses counterexample interface problem stdout "
        "stderr provenance"
    ),
    "SuiteReport": "name title score max_score cases",
    "CaseReport": (
        "id title graph point size cost verdict message program rule blocked_by counts checks"
    ),
    "Check": "node quantity expected actual error tolerance passed",
    "LedgerLine": "suite cause tests points",
}
VALUES = {
    "AttemptThatCounts": "best latest",
    "Feedback": "full tests score nothing_until_deadline",
    "LateKind": "accept refuse percent_per_day",
    "Quantity": "data grad",
    "Role": "student assistant teacher",
    "Which": "all counting latest",
}
LARGER = {  # in bytes; any other body has at most 16 KB
    f"POST {ASSIGNMENT}/submissions": 1024 * KB,
    f"POST {COURSE}/roster": 1024 * KB,
    f"POST {COURSE}/assignments": 128 * KB,
    f"PATCH {ASSIGNMENT}": 128 * KB,
}


@pytest.fixture
def document(client: FlaskClient) -> Any:
    """The OpenAPI document."""
    return client.get("/api/v1/openapi.json").json


def find(document: Any, name: str) -> Any:
    """An operation; `{id}` stands for the id of a submission."""
    method, _, path = name.partition(" ")
    return document["paths"][path.replace("{id}", "{submission_id}")][method.lower()]


def fields_of(document: Any, schema: Any) -> Iterator[str]:
    """The fields of a schema, those of its alternatives included."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for alternative in schema.get("anyOf", []):
        yield from fields_of(document, alternative)
    yield from schema.get("properties", {})


def contents_of(document: Any, part: Any) -> set[str]:
    """The fields of a body or an answer."""
    return {
        field
        for content in part.get("content", {}).values()
        for field in fields_of(document, content["schema"])
    }


def test_every_operation_keeps_what_it_accepts_and_answers(document: Any) -> None:
    missing = []
    for name, accepted, statuses, answered in CONTRACT:
        operation = find(document, name)
        parameters = {each["name"] for each in operation["parameters"]}
        taken = parameters | contents_of(document, operation.get("requestBody", {}))
        responses = operation["responses"]
        given = contents_of(document, responses.get(statuses.split()[0], {}))
        missing += [f"{name} accepts no {each}" for each in set(accepted.split()) - taken]
        missing += [f"{name} answers no {each}" for each in set(answered.split()) - given]
        missing += [f"{name} has no {each}" for each in set(statuses.split()) - responses.keys()]
    assert missing == []


def test_every_part_of_an_answer_keeps_its_fields(document: Any) -> None:
    schemas = document["components"]["schemas"]
    for name, fields in PARTS.items():
        assert set(fields.split()) <= schemas[name]["properties"].keys(), name


def test_every_choice_keeps_its_values(document: Any) -> None:
    for name, values in VALUES.items():
        assert set(values.split()) <= {*document["components"]["schemas"][name]["enum"]}, name
    parameters = find(document, f"GET {COURSE}/grades.csv")["parameters"]
    (formats,) = (each["schema"]["enum"] for each in parameters if each["name"] == "format")
    assert {"plain", "moodle", "canvas"} <= {*formats}


def test_no_operation_accepts_less_than_it_promises(document: Any) -> None:
    for name, *_ in CONTRACT:
        if not name.startswith("GET "):
            assert find(document, name)["x-largest-body"] >= LARGER.get(name, 16 * KB), name


def test_every_error_has_a_code_a_message_and_fields(document: Any) -> None:
    error = document["components"]["schemas"]["Error"]["properties"]["error"]
    assert set(fields_of(document, error)) == {"code", "message", "fields"}


def test_a_field_of_an_error_has_a_message_addresses_or_both_values(document: Any) -> None:
    field = document["components"]["schemas"]["ErrorBody"]["properties"]["fields"]
    message, addresses, both = field["additionalProperties"]["anyOf"]
    assert message == {"type": "string"}
    assert addresses == {"type": "array", "items": {"type": "string"}}
    assert both == {"$ref": "#/components/schemas/Both"}
