"""The service answers every operation as its OpenAPI document says, whoever asks."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from tests.service.web.conftest import Installation
from tests.service.web.routes import NOBODY, ROLES
from tests.support.json_schema import violations
from tests.support.json_values import make_value

TIMES = 3  # each operation is asked with other values
JSON = "application/json"


@pytest.fixture(scope="module")
def described(installation: Installation) -> Any:
    """The OpenAPI document."""
    return installation.ask(NOBODY, "GET", "/api/v1/openapi.json").json


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_answers_as_described(
    installation: Installation, described: Any, role: str
) -> None:
    wrong = [
        f"{method.upper()} {path}: {problem}"
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        for turn in range(TIMES if "parameters" in operation or "requestBody" in operation else 1)
        for problem in ask(installation, described, role, path, method, turn)
    ]
    assert wrong == []


def ask(
    installation: Installation, described: Any, role: str, path: str, method: str, turn: int
) -> list[str]:
    """Send an operation values that fit its description, and check the answer by it."""
    operation = described["paths"][path][method]
    random = Random(f"{role} {method} {path} {turn}")
    query = {
        each["name"]: str(make_value(each["schema"], described, random, each["name"]))
        for each in operation["parameters"]
        if each["in"] == "query" and each["name"] != "wait" and random.random() < 0.5
    }
    sends: dict[str, Any] = {"query_string": query}
    content = operation.get("requestBody", {}).get("content", {})
    if JSON in content:
        sends["json"] = make_value(content[JSON]["schema"], described, random)
    address = "/api/v1" + re.sub(r"{(\w+)}", r"<\1>", path)
    answer = installation.ask(role, method.upper(), address, **sends)
    if method != "get" and answer.status_code < 400:
        installation.restore()
    expected = operation["responses"].get(str(answer.status_code))
    if expected is None:
        return [f"{answer.status_code} isn't described. Sent {sends}, got {answer.text[:200]}"]
    schema = expected.get("content", {}).get(JSON, {}).get("schema")
    return [] if schema is None else violations(answer.json, schema, described)
