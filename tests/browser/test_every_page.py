"""Promises that hold on every page, in light, in dark and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.guests import Guests
from tests.browser.pages import PAGES, review
from tests.browser.site import ADA, COURSE, TEACHER, Site

AUDIT = (Path(__file__).parent / "audit.js").read_text(encoding="utf-8")
# A laptop by day and by night, a phone, and the laptop zoomed to 200 %.
WINDOWS: tuple[tuple[int, int, Literal["light", "dark"]], ...] = (
    (1280, 800, "light"),
    (1280, 800, "dark"),
    (360, 740, "light"),
    (640, 400, "dark"),
)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_its_window_and_is_accessible(
    guests: Guests, site: Site, name: str
) -> None:
    who, prepare = PAGES[name]
    page = guests.come(
        who, prepare(site), reduced_motion="reduce"
    )  # no colour is in the middle of a transition
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    for width, height, scheme in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(AUDIT) == [], (width, scheme)


def test_the_logo_is_at_the_same_position_on_wide_pages(guests: Guests, site: Site) -> None:
    address_of_review = review(site)
    page = guests.come(TEACHER, f"/courses/{COURSE}", viewport={"width": 1900, "height": 900})
    place = page.locator(".brand").bounding_box()
    for address in (address_of_review, f"/courses/{COURSE}/gradebook"):
        page.goto(address)
        assert page.locator(".brand").bounding_box() == place
        assert page.evaluate(AUDIT) == []


def test_the_audit_finds_what_it_looks_for(guests: Guests) -> None:
    page = guests.come(path="/sign-in")
    page.evaluate(
        """() => {
            document.title = "";
            document.querySelector("main").innerHTML = `
                <h1>a</h1><h1 id="twice">b</h1><p id="twice">c</p><input><button></button>
                <table><tbody><tr><th>x</th></tr></tbody></table><img src="/static/logo.svg">
                <p class="faint">faint</p><p class="wide">wide</p><p aria-describedby="gone">d</p>`;
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(".faint { color: #bbb } .wide { width: 5000px; max-width: none }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    found = " ".join(page.evaluate(AUDIT))
    for fault in (
        "no title", "2 h1", "id twice", "input without", "button without", "table without",
        "th without", "img without", "contrast", "wider", "gone",
    ):  # fmt: skip
        assert fault in found, f"{fault} is not in: {found}"


def test_arrow_keys_go_through_the_steps_of_the_worked_example(guests: Guests) -> None:
    page = guests.come(path="/learn/worked-example")
    for key, step in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(page.get_by_text(f"Step {step} of 4")).to_be_visible()


def test_focus_is_visible(guests: Guests) -> None:
    page: Page = guests.come(path="/sign-in")
    field = page.get_by_label("E-mail")
    expect(field).to_be_focused()
    assert field.evaluate("field => getComputedStyle(field).outlineWidth") == "3px"


def test_styles_and_scripts_load_nothing_from_other_sites(guests: Guests) -> None:
    page = guests.come(ADA)
    answer = page.request.get(f"/courses/{COURSE}")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text()
    assert "https://" not in answer.text()
