"""The service answers every operation as its OpenAPI document says, whoever asks."""

from __future__ import annotations

import base64
import io
import re
import traceback
import zipfile
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.service.web.conftest import Installation
from tests.service.web.routes import (
    ASSISTANT,
    HEAD,
    NOBODY,
    OPERATOR,
    ROUTES,
    STUDENT,
    expand,
)
from tests.support.factories import PASSWORD, SOURCE

Operation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Operation]

API, JSON = "/api/v1", "application/json"
ROLES = (NOBODY, STUDENT, ASSISTANT, HEAD, OPERATOR)
COURSE, REGRADE = "/courses/{course}", "/regrades/{regrade_id}"
ASSIGNMENTS = ("/assignments/{slug}", f"{COURSE}/assignments/{{slug}}")

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
HEADERS = {"If-Match": '"1"', "Idempotency-Key": "a-key"}


def _zip() -> str:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Ada_1_assignsubmission_file_/value.py", SOURCE)
    return base64.b64encode(content.getvalue()).decode()


# Bodies that succeed, where that of ROUTES is only read.
BODIES: dict[str, Any] = {
    "PUT /account/password": {"current": PASSWORD, "password": "another long password"},
    f"POST {COURSE}/invitations": {"emails": ["new@example.edu"]},
} | {f"POST {each}/class-files": {"content": _zip()} for each in ASSIGNMENTS}
# What the teacher does first, so that an operation can succeed.
BEFORE = {f"POST {REGRADE}/undo": f"{REGRADE}/apply"} | {
    f"POST {each}/regrades": f"{REGRADE}/cancel" for each in ASSIGNMENTS
}

few = settings(
    max_examples=2, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def _label(method: str, address: str) -> str:
    path = re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", address)
    return f"{method} {path.removeprefix(API)}"


ROWS = {_label(each.method, each.address): each for each in expand(ROUTES) if each.is_api}


@pytest.fixture(scope="module")
def operations(installation: Installation) -> list[Operation]:
    """The operations of the document that the service itself gives."""
    document: Any = installation.ask(NOBODY, "GET", f"{API}/openapi.json").json
    schema = schemathesis.openapi.from_dict(document)  # from_wsgi leaves out the document's own
    schema.app = installation.app
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert {each.label for each in found} == ROWS.keys()
    return found


def test_every_operation_answers_every_role_as_described(
    installation: Installation, operations: list[Operation]
) -> None:
    wrong = []
    for operation in operations:
        may = ROWS[operation.label].may & {*ROLES}
        try:
            served = ask(installation, operation)
        except (Exception, FailureGroup) as failure:
            wrong += [operation.label, *traceback.format_exception_only(failure)]
            installation.restore()
        else:
            if served != may:
                wrong.append(f"{operation.label} served {served}, not {may}")
    assert wrong == [], "\n".join(wrong)


def ask(installation: Installation, operation: Operation) -> set[str]:
    """Check the answers to what exists, for every role, and to others for those who may.

    Return who was served at all.
    """
    may = {*ROLES} & ROWS[operation.label].may
    served = set()
    known = make_known(installation, operation)
    for role in ROLES:
        if operation.label in BEFORE:
            address = re.sub(r"{(\w+)}", r"<\1>", API + BEFORE[operation.label])
            assert installation.ask(HEAD, "POST", address).status_code == 200
        if send(installation, known, role):
            served.add(role)
        elif operation.label in BEFORE:
            installation.restore()

    @few
    @given(make_cases(operation, known))
    def ask_more(case: AnyCase) -> None:
        served.update(role for role in ROLES if role in may and send(installation, case, role))

    if known.path_parameters or operation.query or operation.headers or operation.body:
        ask_more()
    return served


def send(installation: Installation, case: AnyCase, role: str) -> bool:
    """Send a request as somebody, check the answer, and tell whether it succeeded."""
    headers = {"Accept-Encoding": "identity"}
    if role != NOBODY:
        headers["Authorization"] = f"Bearer {installation.tokens[role]}"
    try:
        answer = case.call_and_validate(headers=headers, checks=PROMISES)
    except (Exception, FailureGroup) as failure:
        failure.add_note(f"Asked as: {role}")
        raise
    succeeded = answer.status_code < 300
    if succeeded and case.method != "GET":
        installation.restore()
    return succeeded


def make_known(installation: Installation, operation: Operation) -> AnyCase:
    """A request for what exists, which succeeds if the role may."""
    row = ROWS[operation.label]
    body = BODIES.get(operation.label, row.sends.get("json"))
    return operation.Case(
        path_parameters=installation.names(row.address),
        query=dict(row.sends.get("query_string", {})),
        headers={name: HEADERS[name] for name in HEADERS if name in operation.headers},
        **({} if body is None else {"body": body, "media_type": JSON}),
    )


@st.composite
def make_cases(draw: st.DrawFn, operation: Operation, known: AnyCase) -> AnyCase:
    """Requests that fit the description, or don't. Some of their values are known ones."""
    modes = [GenerationMode.POSITIVE]
    if operation.body or operation.query:
        modes.append(GenerationMode.NEGATIVE)
    case = draw(operation.as_strategy(generation_mode=draw(st.sampled_from(modes))))
    some = st.sampled_from([True, True, True, False])
    for name, value in known.path_parameters.items():
        if draw(some):
            case.path_parameters[name] = value
    for name, value in known.headers.items():
        if draw(st.booleans()):
            case.headers[name] = value
    if isinstance(known.body, dict) and isinstance(case.body, dict):
        for name, value in known.body.items():
            if draw(st.booleans()):
                case.body[name] = value
    return case
