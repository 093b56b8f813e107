"""Whatever somebody sends to an operation or a page, the answer is no error of ours."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service.people.models import Account
from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.json_schema import violations

FIELDS = [
    "action",
    "again",
    "email",
    "file",
    "filename",
    "form",
    "next",
    "role",
    "roster",
    "apply",
    "password",
    "reason",
    "score",
    "source",
]
# Also where the document doesn't say so. With an empty name, an address is another one, which may
# not have the method (405), or has two slashes, which are merged (308). A download may not have the
# part that a Range header asks for (416).
EVERYWHERE = {308, 400, 403, 404, 405, 413, 414, 416, 431}
REPORT = make_report(make_suite("rules", make_case("sum"), points=100.0))

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=8), inside, max_size=4)
    ),
    max_leaves=12,
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Accept", "Accept-Encoding", "Accept-Language", "Content-Encoding", "Cookie", "Expect",
            "If-Match", "If-None-Match", "If-Modified-Since", "Idempotency-Key", "Origin", "Range",
            "Referer", "Sec-Fetch-Site", "Transfer-Encoding", "X-Forwarded-For", "X-HTTP-Method",
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    max_size=3,
)  # fmt: skip
content_types = st.sampled_from(
    [
        "application/json", "application/json", "application/json; charset=utf-16",
        "multipart/form-data", "multipart/form-data; boundary=b", "multipart/form-data; boundary=é",
        "application/x-www-form-urlencoded", "text/csv", "text/plain", "", "x", "; ;",
    ]
)  # fmt: skip
queries = st.dictionaries(
    st.sampled_from(["wait", "report", "limit", "before", "dry_run", "format", "next", "x"]),
    st.sampled_from(["", "0", "1", "-1", "nan", "inf", "1e999", "9" * 30, "a", "\0", "é", "0.5"])
    | st.text(max_size=12),
    max_size=3,
)
segments = st.text(max_size=12) | st.sampled_from(["%00", "..", "%2e%2e", "a" * 300, "\udc80"])


fields = st.dictionaries(st.sampled_from(FIELDS), values, max_size=4)
parts = st.tuples(
    st.sampled_from(['name="file"; filename="a.py"', 'name="source"', "x", ""]),
    st.binary(max_size=60),
    st.sampled_from([b"\r\n--b--\r\n", b"", b"\r\n--b"]),
).map(
    lambda part: (
        f"--b\r\nContent-Disposition: form-data; {part[0]}\r\n\r\n".encode() + part[1] + part[2]
    )
)
forms = st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=20), max_size=4).map(
    lambda form: urlencode(form, errors="replace").encode()
)
bodies = (
    fields.map(lambda body: json.dumps(body).encode())
    | values.map(lambda body: json.dumps(body).encode())
    | forms
    | parts
    | st.binary(max_size=200)
)
PEOPLE = st.sampled_from(["ada", "assistant", "teacher", "operator", ""])
WRONG = st.none() | st.tuples(
    st.sampled_from(
        ["submission_id", "slug", "course", "suite", "case_id", "guide", "filename", "email"]
    ),
    segments.map(lambda text: quote(text, errors="replace")),
)


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission


@pytest.fixture
def people(members: Class, session: Session) -> dict[str, Account]:
    operator = factories.make_account(session, "Operator")
    operator.operator = True
    session.commit()
    return {
        "ada": members.ada,
        "assistant": members.assistant,
        "teacher": members.teacher,
        "operator": operator,
    }


@pytest.fixture
def tokens(people: dict[str, Account], session: Session) -> dict[str, str]:
    made = {name: factories.token_of(session, account) for name, account in people.items()}
    session.commit()
    return made


@pytest.fixture
def described(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/v1/openapi.json").json or {}
    return document


def address(path: str, done: Submission, slug: str, wrong: tuple[str, str] | None) -> str:
    """An address with the names of what exists, or with one that is wrong."""
    known = {
        "submission_id": str(done.id),
        "slug": slug,
        "course": "demo",
        "suite": "rules",
        "case_id": REPORT.suites[0].cases[0].id,
        "guide": "students",
        "filename": "base.css",
        "email": "blaise@example.edu",
        "secret": "unknown",
        "code": "K7QF3MXD9T",
        "code_id": str(done.id),
        "token_id": str(done.id),
    }
    return path.format_map(_Known(known | (dict([wrong]) if wrong else {})))


class _Known(dict[str, str]):
    """Names of what exists. Others are ids of nothing."""

    def __missing__(self, name: str) -> str:
        return str(uuid.UUID(int=0))


fuzz = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@fuzz
@given(
    pick=st.integers(0, 999),
    wrong=WRONG,
    who=PEOPLE,
    query=queries,
    sent=headers,
    content_type=content_types,
    body=bodies,
)
def test_no_request_to_the_api_is_an_error_of_ours(
    app: Flask,
    tokens: dict[str, str],
    done: Submission,
    described: dict[str, Any],
    pick: int,
    wrong: tuple[str, str] | None,
    who: str,
    query: dict[str, str],
    sent: dict[str, str],
    content_type: str,
    body: bytes,
) -> None:
    operations = [
        (path, method.upper(), operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    path, method, operation = operations[pick % len(operations)]
    answer = app.test_client(use_cookies=False).open(
        "/api/v1" + address(path, done, "autograd", wrong),
        method=method,
        query_string=query | ({"wait": "0"} if "wait" in query else {}),
        data=body,
        content_type=content_type,
        headers=sent | ({"Authorization": f"Bearer {tokens[who]}"} if who else {}),
    )
    text = answer.get_data()
    assert answer.status_code < 500, text
    assert answer.status_code in {int(each) for each in operation["responses"]} | EVERYWHERE
    assert b"Traceback" not in text
    assert b"site-packages" not in text
    assert b"Input should" not in text  # words of a library, which say nothing to a person
    if answer.status_code >= 400:
        error = {"$ref": "#/components/schemas/Error"}
        assert violations(answer.json, error, described) == []


@fuzz
@given(
    pick=st.integers(0, 999),
    slug=st.sampled_from(["demo", "autograd"]),
    wrong=WRONG,
    who=PEOPLE,
    query=queries,
    sent=headers,
    content_type=content_types,
    body=bodies,
)
def test_no_request_to_a_page_is_an_error_of_ours(
    app: Flask,
    people: dict[str, Account],
    done: Submission,
    pick: int,
    slug: str,
    wrong: tuple[str, str] | None,
    who: str,
    query: dict[str, str],
    sent: dict[str, str],
    content_type: str,
    body: bytes,
) -> None:
    pages = sorted(
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.rule.startswith("/api/")
    )
    path, method = pages[pick % len(pages)]
    browser = signed_in(app, people[who]) if who else app.test_client()
    with browser.open(
        address(path, done, slug, wrong),
        method=method,
        query_string=query,
        data=body,
        content_type=content_type,
        headers=sent,
    ) as answer:
        text = answer.get_data()
        assert answer.status_code < 500, text
        assert b"Traceback" not in text
