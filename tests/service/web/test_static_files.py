"""A browser keeps a static file for good, and gets a changed one at once."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from service.web.static_files import FOREVER
from tests.service.conftest import Class, signed_in


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the static files, which the application serves."""
    assert app.static_folder is not None
    copied = tmp_path / "static"
    shutil.copytree(app.static_folder, copied)
    monkeypatch.setattr(app, "static_folder", str(copied))
    return copied


def address(app: Flask, filename: str = "base.css") -> str:
    with app.test_request_context():
        return url_for("static", filename=filename)


def test_every_file_that_a_page_uses_is_kept_for_good(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    page = browser.get("/courses/demo/assignments/autograd").text
    used = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    assert {each.split("?")[0] for each in used} >= {"/static/base.css", "/static/live.js"}
    for each in used:
        for answer in (browser.get(each), browser.head(each)):
            with answer:
                assert answer.status_code == 200
                assert answer.headers["Cache-Control"] == FOREVER


def test_style_sheets_name_no_file_without_its_hash(app: Flask) -> None:
    assert app.static_folder is not None
    for sheet in Path(app.static_folder).glob("*.css"):
        assert "url(" not in sheet.read_text().replace("url(data:", ""), sheet.name


def test_styles_and_scripts_stay_under_60_kb(app: Flask) -> None:
    assert app.static_folder is not None
    files = [each for each in Path(app.static_folder).rglob("*") if each.suffix in {".css", ".js"}]
    assert len(files) >= 5
    assert sum(each.stat().st_size for each in files) < 60_000


def test_nothing_moves_for_somebody_who_asked_for_less_motion(app: Flask) -> None:
    assert app.static_folder is not None
    sheets = "".join(each.read_text() for each in Path(app.static_folder).glob("*.css"))
    allowed = re.compile(
        r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^}]*\})*\s*\}"
    )
    moving = re.compile(r"transition|animation|@keyframes|scroll-behavior")
    assert moving.search(sheets)
    assert not moving.search(allowed.sub("", sheets))


def test_a_changed_file_has_another_address(app: Flask, folder: Path) -> None:
    before = address(app)
    assert address(app) == before
    with (folder / "base.css").open("a") as sheet:
        sheet.write("/* changed */")
    assert address(app) != before
    with app.test_client().get(address(app)) as answer:
        assert answer.headers["Cache-Control"] == FOREVER
        assert b"changed" in answer.data


@pytest.mark.parametrize("query", ["", "?v=", "?v=0123456789abcdef", "?v=x&v=y", "?w=1"])
def test_an_address_without_the_present_hash_is_not_kept(client: FlaskClient, query: str) -> None:
    with client.get(f"/static/base.css{query}") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("accept", ["", "gzip"])
def test_a_file_that_has_not_changed_is_not_sent_again(client: FlaskClient, accept: str) -> None:
    headers = {"Accept-Encoding": accept}
    with client.get("/static/base.css", headers=headers) as first:
        etag = first.headers["ETag"]
    with client.get("/static/base.css", headers=headers | {"If-None-Match": etag}) as second:
        assert (second.status_code, second.data) == (304, b"")


@pytest.mark.parametrize("path", ["missing.css", "../app.py", "%2e%2e/app.py", "", "a%00b"])
def test_what_is_not_there_is_404(client: FlaskClient, path: str) -> None:
    with client.get(f"/static/{path}?v=1") as answer:
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-store"


def test_nothing_outside_of_the_folder_is_ever_read(app: Flask, folder: Path) -> None:
    (folder.parent / "secret").write_text("x")
    client = app.test_client()
    for name in (
        "..%2fsecret",
        "%2e%2e/secret",
        "x/..%2f..%2fsecret",
        "..%2fnothing",
        "%00",
        "a" * 300,
    ):
        for method in ("GET", "HEAD", "OPTIONS"):
            with client.open(f"/static/{name}?v=2d711642b726b044", method=method) as answer:
                assert answer.status_code == (200 if method == "OPTIONS" else 404), (method, name)
                assert "public" not in answer.headers.get("Cache-Control", "")
