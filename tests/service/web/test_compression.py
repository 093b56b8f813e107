"""Answers are compressed as the client accepts it, unless another site made a browser ask."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.submissions.models import Submission
from service.web.compression import LEAST
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
REPORT = make_report(
    make_suite(
        "rules",
        *(make_case(f"case{number}", Verdict.WRONG_GRADIENT) for number in range(60)),
        points=100.0,
    )
)


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    source = "class Value:\n    pass\n" * 100
    submission = factories.make_graded(
        session, members.assignment, members.ada, REPORT, source=source
    )
    session.commit()
    return submission


def addresses(done: Submission) -> list[str]:
    return [
        f"/submissions/{done.id}",
        f"/submissions/{done.id}/source",
        f"/api/v1/submissions/{done.id}",
        "/api/v1/openapi.json",
        "/help/students",
        "/static/report.css",
        "/static/live.js",
    ]


def get(app: Flask, members: Class, path: str, accept: str, site: str = "") -> TestResponse:
    headers = {"Accept-Encoding": accept} | ({"Sec-Fetch-Site": site} if site else {})
    return signed_in(app, members.ada).get(path, headers=headers)


def masked(content: bytes) -> bytes:
    """A page without what is random in it."""
    return re.sub(rb'name="form" value="[^"]+"', b"", content)


@pytest.mark.parametrize("algorithm", UNPACK)
def test_every_large_answer_is_compressed_and_the_same_inside(
    app: Flask, members: Class, done: Submission, algorithm: str
) -> None:
    for path in addresses(done):
        with get(app, members, path, "") as plain, get(app, members, path, algorithm) as packed:
            assert "Content-Encoding" not in plain.headers
            assert packed.headers["Content-Encoding"] == algorithm, path
            assert packed.headers["Vary"].count("Accept-Encoding") == 1
            assert masked(UNPACK[algorithm](packed.data)) == masked(plain.data), path
            assert len(packed.data) < len(plain.data) / 2, path
            assert packed.content_type == plain.content_type


@pytest.mark.parametrize(
    ("accept", "algorithm"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("gzip, deflate", "gzip"),
        ("zstd;q=0.1, gzip", "gzip"),
        ("*", "zstd"),
        ("GZIP", "gzip"),
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("zstd;q=0, br;q=0, gzip;q=0.5", "gzip"),
        ("\x80;q=x,,;;=", None),
    ],
)
def test_the_client_chooses(app: Flask, members: Class, accept: str, algorithm: str | None) -> None:
    with get(app, members, "/help/students", accept) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == algorithm


def test_a_small_answer_and_an_error_stay_plain(app: Flask, members: Class) -> None:
    for path in ("/healthz", "/api/v1/courses", "/api/v1/nothing", "/static/logo.svg"):
        with get(app, members, path, "gzip") as answer:
            assert len(answer.data) < LEAST
            assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_another_site_learns_nothing_from_sizes(
    app: Flask, members: Class, done: Submission, site: str
) -> None:
    for path in addresses(done):
        with get(app, members, path, "gzip", site) as answer:
            assert answer.status_code == 200
            assert "Content-Encoding" not in answer.headers, path


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_and_the_address_bar_get_compressed_answers(
    app: Flask, members: Class, done: Submission, site: str
) -> None:
    with get(app, members, f"/submissions/{done.id}", "gzip", site) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"


def test_no_secret_of_a_form_comes_twice(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    page = "/courses/demo/assignments/autograd"
    seen = [
        set(re.findall(r'name="form" value="([^"]+)"', browser.get(page).text)) for _ in range(3)
    ]
    assert all(seen)
    assert not set.intersection(*seen)
    cookie = browser.get_cookie("chainrule")
    assert cookie is not None
    assert cookie.value not in browser.get(page).text
