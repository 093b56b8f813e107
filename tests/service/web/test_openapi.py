"""The OpenAPI document describes every route, and the service answers as described."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.service.conftest import Class, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_counterexample, make_report, make_suite
from tests.support.json_schema import violations
from worker.report.json import to_json
from worker.report.model import Problem, ProblemKind, Verdict

REPORT = make_report(
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT)),
    problem=Problem(kind=ProblemKind.LOAD_ERROR, message="it raised", line=1),
    counterexample=make_counterexample(),
)


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").json


def schema_of(document: Any, path: str, method: str, status: int) -> Any:
    response = document["paths"][path][method]["responses"][str(status)]
    return response["content"]["application/json"]["schema"]


def test_every_route_and_method_is_described(app: Flask, document: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        ("/api/v1" + path, method)
        for path in document["paths"]
        for method in document["paths"][path]
    }
    assert routes == described
    assert ("/api/v1/assignments/{slug}/submissions", "post") in described


def test_each_resource_of_an_assignment_is_at_its_long_address_too(document: Any) -> None:
    paths = document["paths"]
    short = [path for path in paths if path.startswith("/assignments/{slug}")]
    assert len(short) >= 5
    for path in short:
        assert paths[path].keys() == paths[f"/courses/{{course}}{path}"].keys()


def test_every_reference_leads_somewhere_and_names_are_unique(document: Any) -> None:
    schemas = document["components"]["schemas"]
    text = str(document)
    for name in re.findall(r"#/components/schemas/([\w.]+)", text):
        assert name in schemas
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    assert len(operations) == len(set(operations))
    assert document["openapi"].startswith("3.1")


def test_every_parameter_in_a_path_is_described(document: Any) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            names = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert names == set(re.findall(r"{(\w+)}", path))


def test_only_public_operations_answer_without_signing_in(
    client: FlaskClient, document: Any
) -> None:
    for path, operations in document["paths"].items():
        concrete = re.sub(r"{\w+_id}", str(uuid.UUID(int=0)), path)
        concrete = concrete.replace("{slug}", "autograd").replace("{course}", "demo")
        concrete = concrete.replace("{email}", "ada@example.edu")
        for method, operation in operations.items():
            response = client.open("/api/v1" + concrete, method=method.upper())
            public = operation.get("security") == []
            assert response.status_code == (200 if public else 401), (method, path)
            if public:
                assert [response.content_type] == list(operation["responses"]["200"]["content"])


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/courses", "ada"),
        ("/assignments/{slug}", "ada"),
        ("/courses/{course}/assignments/{slug}", "ada"),
        ("/assignments/{slug}/submissions", "ada"),
        ("/assignments/{slug}/submissions", "teacher"),
        ("/submissions/{submission_id}", "ada"),
        ("/submissions/{submission_id}/results.json", "ada"),
        ("/keys", "ada"),
        ("/courses/{course}/roster", "teacher"),
        ("/courses/{course}/invitations", "teacher"),
        ("/account", "ada"),
        ("/account/tokens", "ada"),
    ],
)
def test_reading_answers_as_described(
    client: FlaskClient, document: Any, members: Class, session: Session, path: str, who: str
) -> None:
    done = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    names = {"course": "demo", "slug": "autograd", "submission_id": done.id}
    address = path.format_map(names)
    response = client.get(f"/api/v1{address}", headers=members.bearer(getattr(members, who)))
    assert response.status_code == 200
    assert violations(response.json, schema_of(document, path, "get", 200), document) == []


@pytest.mark.parametrize(
    ("kind", "media"), [("py", "text/x-python"), ("svg", "image/svg+xml"), ("png", "image/png")]
)
def test_a_counterexample_is_described_as_what_it_is(document: Any, kind: str, media: str) -> None:
    path = f"/submissions/{{submission_id}}/counterexample.{kind}"
    responses = document["paths"][path]["get"]["responses"]
    assert list(responses["200"]["content"]) == [media]
    assert {"401", "404"} <= responses.keys()


def test_changes_are_answered_as_described(
    client: FlaskClient, document: Any, members: Class, session: Session
) -> None:
    submitted = submit_source(client, members)
    path = "/assignments/{slug}/submissions"
    assert violations(submitted.json, schema_of(document, path, "post", 202), document) == []
    done = factories.make_graded(session, members.assignment, members.blaise, REPORT)
    session.commit()
    staff = members.bearer(members.teacher)
    body: Any = {"score": None, "reason": "removed"}
    kept = client.post(f"/api/v1/submissions/{done.id}/override", json=body, headers=staff)
    schema = schema_of(document, "/submissions/{submission_id}/override", "post", 201)
    assert violations(kept.json, schema, document) == []
    again = client.post(f"/api/v1/submissions/{done.id}/regrade", headers=staff)
    schema = schema_of(document, "/submissions/{submission_id}/regrade", "post", 202)
    assert violations(again.json, schema, document) == []
    for action in ("close", "open"):
        changed = client.post(f"/api/v1/assignments/autograd/{action}", headers=staff)
        schema = schema_of(document, f"/assignments/{{slug}}/{action}", "post", 200)
        assert violations(changed.json, schema, document) == []
    assert submitted.json is not None
    for receipt in (submitted.json["receipt"], "nonsense"):
        body = {"receipt": receipt}
        verified = client.post("/api/v1/receipts/verify", json=body, headers=staff)
        schema = schema_of(document, "/receipts/verify", "post", 200)
        assert violations(verified.json, schema, document) == []


def test_errors_are_as_described_and_every_status_is_listed(
    client: FlaskClient, document: Any, members: Class
) -> None:
    path = "/assignments/{slug}/submissions"
    for response in (
        client.post("/api/v1/assignments/autograd/submissions"),
        submit_source(client, members, by=members.stranger),
        submit_source(client, members, source=""),
        submit_source(client, members, source="#" * 300_000),
    ):
        schema = schema_of(document, path, "post", response.status_code)
        assert violations(response.json, schema, document) == []


def test_every_change_may_be_rejected_by_origin_or_size(client: FlaskClient, document: Any) -> None:
    for path, operations in document["paths"].items():
        for method in operations.keys() - {"get"}:
            assert {"403", "413"} <= operations[method]["responses"].keys(), path
    path = "/assignments/{slug}/close"
    elsewhere = client.post("/api/v1/assignments/autograd/close", headers={"Origin": "http://x"})
    assert elsewhere.status_code == 403
    assert violations(elsewhere.json, schema_of(document, path, "post", 403), document) == []


def test_a_longer_wait_than_30_seconds_is_accepted(
    client: FlaskClient, document: Any, members: Class, session: Session
) -> None:
    done = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    (wait,) = [
        each
        for each in document["paths"]["/submissions/{submission_id}"]["get"]["parameters"]
        if each["name"] == "wait"
    ]
    assert wait["schema"] == {"type": "number", "minimum": 0, "default": 0}
    address = f"/api/v1/submissions/{done.id}?wait=31"
    assert client.get(address, headers=members.bearer(members.ada)).status_code == 200


def test_the_parameters_of_lists_and_reports_are_described(document: Any) -> None:
    def parameters(path: str) -> dict[str, Any]:
        return {each["name"]: each for each in document["paths"][path]["get"]["parameters"]}

    listing = parameters("/assignments/{slug}/submissions")
    assert listing["limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 500,
        "default": 100,
    }
    assert "`next`" in listing["before"]["description"]
    assert parameters("/submissions/{submission_id}")["report"]["schema"] == {
        "enum": [0, 1],
        "default": 1,
    }


def test_a_report_with_numbers_that_json_lacks_is_as_described(document: Any) -> None:
    body = to_json(REPORT)
    schema = {"$ref": "#/components/schemas/Report"}
    check = body["suites"][0]["cases"][0]["checks"][0]
    check["actual"], check["error"] = "nan", "inf"
    assert violations(body, schema, document) == []
    check["actual"] = "wrong"
    assert violations(body, schema, document) == [
        "$.suites.0.cases.0.checks.0.actual: no variant fits"
    ]


def test_the_checker_of_this_file_finds_errors(document: Any) -> None:
    schema = {"$ref": "#/components/schemas/Error"}
    assert violations({"error": {"code": 7, "message": "x", "fields": {}}}, schema, document) == [
        "$.error.code: not a string"
    ]
    assert violations({"error": {"code": "x"}}, schema, document) == [
        "$.error: no message",
        "$.error: no fields",
    ]
    assert violations({"error": None, "more": 1}, schema, document) == [
        "$: more is not described",
        "$.error: not an object",
    ]
