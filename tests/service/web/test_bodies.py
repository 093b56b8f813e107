"""Every operation rejects what is too large before it reads or parses it."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy.orm import Session

from service.errors import validation
from service.submissions.uploads import MAX_NOTEBOOK_BYTES
from service.web import bodies
from service.web.api import json_body
from service.web.bodies import (
    MAX_FORM_FIELDS,
    MAX_FORM_PARTS,
    MAX_HEADERS,
    MAX_QUERY,
    REASON,
    SMALL,
    SOURCE,
)
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

SUBMISSIONS = "/api/v1/assignments/autograd/submissions"
VERIFY = "/api/v1/receipts/verify"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
KINDS = ("application/json", FORM, MULTIPART, "text/plain")


class Unread(io.BytesIO):
    """A body of one million bytes that counts how many of them were read."""

    def __init__(self) -> None:
        super().__init__(b"x" * 1_000_000)

    @property
    def count(self) -> int:
        """The bytes that were read so far."""
        return self.tell()


@pytest.fixture
def operations(client: FlaskClient, members: Class, session: Session) -> list[tuple[str, str, int]]:
    """Method, address and largest body of every operation, as the OpenAPI document says."""
    report = make_report(make_suite("rules", make_case("sum"), points=100.0))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    document: Any = client.get("/api/v1/openapi.json").json
    known = {"submission_id": str(done.id), "slug": "autograd", "course": "demo"}
    names = {name for path in document["paths"] for name in re.findall(r"{(\w+)}", path)}
    values = {name: str(uuid.uuid4()) for name in names} | known
    return [
        (method.upper(), "/api/v1" + path.format_map(values), described.get("x-largest-body", 0))
        for path, methods in document["paths"].items()
        for method, described in methods.items()
    ]


def changes(operations: list[tuple[str, str, int]]) -> Iterator[tuple[str, str, int]]:
    """The operations that may have a body."""
    yield from (each for each in operations if each[0] != "GET")


def test_every_operation_declares_its_largest_body(operations: list[tuple[str, str, int]]) -> None:
    assert len(list(changes(operations))) >= 8
    for method, address, largest in operations:
        name = address.rsplit("/", 1)[-1]
        declared = {each.size for each in vars(bodies).values() if isinstance(each, bodies.Limit)}
        expected = {"submissions": {SOURCE.size}, "override": {REASON.size}}.get(name, declared)
        assert largest in ({0} if method == "GET" else expected), address


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_that_is_too_large_is_rejected_unread(
    client: FlaskClient, members: Class, operations: list[tuple[str, str, int]], kind: str
) -> None:
    for method, address, largest in changes(operations):
        body = Unread()
        response = client.open(
            address,
            method=method,
            input_stream=body,
            content_type=kind,
            headers=members.bearer(members.teacher),
            environ_overrides={"CONTENT_LENGTH": str(largest + 1)},
        )
        assert response.status_code == 413, address
        assert response.json is not None
        assert response.json["error"]["code"] == "too_large"
        assert body.count == 0, address


def test_a_body_without_a_length_is_read_up_to_the_limit(
    client: FlaskClient, members: Class, operations: list[tuple[str, str, int]]
) -> None:
    for method, address, largest in changes(operations):
        if largest > REASON.size:
            continue
        body = Unread()
        response = client.open(
            address,
            method=method,
            input_stream=body,
            content_type="application/json",
            headers=members.bearer(members.teacher),
            environ_overrides={"wsgi.input_terminated": True},
        )
        assert response.status_code == 413, address
        assert body.count <= 2 * largest, address


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many errors pydantic collects in each request that follows."""
    counts: list[int] = []

    def count(error: ValidationError) -> Any:
        counts.append(error.error_count())
        return validation.to_invalid(error)

    monkeypatch.setattr(json_body, "to_invalid", count)
    return counts


def many(text: str, count: int) -> str:
    """A list's or an object's content: the text again and again."""
    return ",".join([text] * count)


KEYS = ",".join(f'"{number}":1' for number in range(250_000))
MANY = {
    "unknown keys": "{" + KEYS + "}",
    "one key again and again": "{" + many('"x":1', 500_000) + "}",
    "a list": '{"source":"a","filename":[' + many("1", 1_000_000) + "]}",
    "objects": '{"source":"a","filename":[' + many("{}", 1_000_000) + "]}",
    "keys of an object": '{"source":"a","filename":{' + KEYS + "}}",
    "nested": '{"source":"a","filename":' + "[" * 100 + "1" + "]" * 100 + "}",
    "too deep": '{"filename":' + "[" * 100_000,
    "objects too deep": '{"filename":' * 100_000,
    "a long number": '{"filename":' + "1" * 1_000_000 + "}",
    "a long fraction": '{"filename":0.' + "1" * 1_000_000 + "}",
    "a great exponent": '{"filename":1e' + "9" * 100_000 + "}",
    "long numbers": '{"filename":[' + many("1" * 4_000, 500) + "]}",
    "a long key": '{"' + "a" * 3_000_000 + '":1}',
    "nothing but a list": "[" + many("1", 1_000_000) + "]",
    "a text": '"' + "a" * 3_000_000 + '"',
    "no JSON": "x" * 3_000_000,
    "half a text": '{"filename":"' + "a" * 3_000_000,
}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, bool]]:
    """How many values each body that is parsed has, and whether another one would wait for it."""
    counts: list[tuple[int, bool]] = []

    def parse(data: bytes, **options: Any) -> Any:
        value = from_json(data, **options)
        counts.append((count_values(value), json_body._large_body.locked()))
        return value

    monkeypatch.setattr(json_body, "from_json", parse)
    return counts


def count_values(value: Any) -> int:
    inside = list(value.values()) if isinstance(value, dict) else value
    return 1 + sum(map(count_values, inside)) if isinstance(inside, list) else 1


def test_a_large_body_makes_few_values_few_errors_and_a_short_answer(
    client: FlaskClient,
    members: Class,
    monkeypatch: pytest.MonkeyPatch,
    parsed: list[tuple[int, bool]],
) -> None:
    headers = members.bearer(members.ada)
    for name, body in MANY.items():
        errors = counted(monkeypatch)
        response = client.post(
            SUBMISSIONS, data=body, content_type="application/json", headers=headers
        )
        assert response.status_code in (400, 422), name
        assert len(response.data) < 4_000
        assert sum(errors) <= validation.MAX_FIELDS
    assert parsed
    assert max(count for count, _ in parsed) <= 2 * SOURCE.values + 1


def test_only_one_large_body_is_parsed_at_a_time(
    client: FlaskClient, members: Class, parsed: list[tuple[int, bool]]
) -> None:
    headers = members.bearer(members.ada)
    for size in (10, json_body.LARGE):
        client.post(SUBMISSIONS, json={"source": "x" * size}, headers=headers)
    assert parsed == [(2, False), (2, True)]
    assert not json_body._large_body.locked()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("[]", 0),
        ("1", 0),
        (r'["\\",1]', 2),
        (r'["\"",1]', 2),
        (r'["\\\",[{,",1]', 2),
        ('{"a,b":"[1,2,3]"}', 1),
        ("[[],[],[]]", 3),
        ("[[[[1]]]]", 4),
        ('{"a":{"b":[1,2]}}', 4),
    ],
)
def test_values_are_counted_before_they_are_parsed(text: str, count: int) -> None:
    assert count_values(from_json(text)) - 1 == count
    assert not json_body._surely_has_more_values(text.encode(), count)
    repeated = ("[" + many(text, 100) + "]").encode()
    assert not json_body._surely_has_more_values(repeated, 100 * (count + 1))
    assert json_body._surely_has_more_values(repeated, 10 * (count + 1))


def test_a_text_that_is_longer_than_any_file_never_reaches_a_view(
    client: FlaskClient, members: Class
) -> None:
    headers = members.bearer(members.ada)
    longest = "\N{GRINNING FACE}" + "x" * MAX_NOTEBOOK_BYTES
    body = json.dumps({"filename": "a.ipynb", "source": longest}, ensure_ascii=False)
    response = client.post(
        SUBMISSIONS, data=body.encode(), content_type="application/json", headers=headers
    )
    assert response.status_code == 413
    assert response.json is not None
    assert response.json["error"]["message"] == SOURCE.message


def test_the_last_of_two_keys_counts(client: FlaskClient, members: Class) -> None:
    body = '{"receipt": 1, "receipt": "x"}'
    headers = members.bearer(members.ada)
    response = client.post(VERIFY, data=body, content_type="application/json", headers=headers)
    assert response.status_code == 200


def test_a_body_with_many_values_says_how_many_are_accepted(
    client: FlaskClient, members: Class
) -> None:
    for count, expected in ((SMALL.values - 1, "must be text"), (SMALL.values, "1,000 values")):
        response = client.post(
            VERIFY, json={"receipt": [1] * count}, headers=members.bearer(members.ada)
        )
        assert response.status_code == 422
        assert expected in response.text


def form_of(count: int) -> bytes:
    return b"&".join(b"f%d=x" % number for number in range(count))


def multipart_of(count: int) -> bytes:
    part = b'--b\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'
    return b"".join(part % number for number in range(count)) + b"--b--\r\n"


@pytest.mark.parametrize(("kind", "make"), [(FORM, form_of), (MULTIPART, multipart_of)])
def test_a_form_has_at_most_a_hundred_fields(
    app: Flask, members: Class, kind: str, make: Any
) -> None:
    browser = signed_in(app, members.ada)
    address = "/courses/demo/assignments/autograd/submissions"
    accepted = browser.post(address, data=make(MAX_FORM_PARTS), content_type=kind)
    assert accepted.status_code == 422  # it has no file
    for count in (MAX_FORM_PARTS + 1, 20_000):
        rejected = browser.post(address, data=make(count), content_type=kind)
        assert rejected.status_code == 413
        assert "256 KB" in rejected.text


@pytest.mark.parametrize(
    "body", [b"&" * 3_000_000, b"a=" + b"%41" * 1_000_000, b"a=1&" * 700_000], ids=len
)
def test_an_encoded_form_is_counted_before_it_is_parsed(
    app: Flask, members: Class, monkeypatch: pytest.MonkeyPatch, body: bytes
) -> None:
    monkeypatch.delattr("werkzeug.formparser.parse_qsl")  # parsing it would be a NameError
    assert len(body) > MAX_FORM_FIELDS
    browser = signed_in(app, members.ada)
    answer = browser.post(
        "/courses/demo/assignments/autograd/submissions", data=body, content_type=FORM
    )
    assert answer.status_code == 413


def test_the_api_parses_no_form_where_it_wants_json(
    client: FlaskClient, members: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("werkzeug.formparser.parse_qsl")
    headers = members.bearer(members.ada)
    answer = client.post(VERIFY, data=form_of(10), content_type=FORM, headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/keys", SUBMISSIONS, "/nothing"])
def test_a_long_query_is_414(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?{'a&' * (MAX_QUERY // 2)}").status_code != 414
    answer = client.get(f"{path}?{'a&' * (MAX_QUERY // 2)}a")
    assert answer.status_code == 414
    assert "4096 bytes" in answer.text


@pytest.mark.parametrize("name", ["COOKIE", "ACCEPT", "ACCEPT_ENCODING", "AUTHORIZATION", "X_MANY"])
def test_many_or_long_headers_are_431(app: Flask, name: str) -> None:
    client = app.test_client(use_cookies=False)

    def status(path: str, count: int) -> int:
        header = {f"HTTP_{name}": "a=b;q=1, " * count}
        with client.get(path, environ_overrides=header) as answer:
            return answer.status_code

    for path in ("/sign-in", "/api/v1/keys", "/nothing", "/static/base.css"):
        assert status(path, MAX_HEADERS // 18) in (200, 401, 404)
        assert status(path, MAX_HEADERS // 9) == 431
    many = [(f"X-{number}", "x" * 100) for number in range(MAX_HEADERS // 100)]
    assert client.get("/api/v1/keys", headers=many).status_code == 431
