"""The guides as pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.service.conftest import Class, signed_in

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("guide", ["students", "teachers"])
def test_a_guide_is_open_to_everybody_and_shows_every_heading(
    client: FlaskClient, guide: str
) -> None:
    answer = client.get(f"/help/{guide}")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    headings = re.findall(r"^## (.+)$", (DOCS / f"{guide}.md").read_text(), re.MULTILINE)
    assert headings
    for heading in headings:
        assert f">{heading.replace(chr(39), '&#39;')}</h2>" in answer.text.replace(
            "'", "&#39;"
        ).replace("&quot;", '"')


def test_guides_link_to_each_other_and_have_no_broken_links(client: FlaskClient) -> None:
    text = client.get("/help/teachers").text
    assert 'href="students"' in text
    assert '.md"' not in text
    targets = set(re.findall(r'href="#([\w-]+)"', text)) - {"main"}
    assert targets
    assert targets <= set(re.findall(r'id="([\w-]+)"', text))


def test_every_page_links_to_the_guides(client: FlaskClient) -> None:
    text = client.get("/sign-in").text
    assert 'href="/help/students"' in text
    assert 'href="/help/teachers"' in text


def test_a_guide_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert client.get("/help/operators").status_code == 404


def test_a_guide_shows_who_is_signed_in(app: Flask, client: FlaskClient, members: Class) -> None:
    assert "Sign out" in signed_in(app, members.ada).get("/help/students").text
    assert "Sign out" not in client.get("/help/students").text
