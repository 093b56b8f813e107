"""Promises that hold on every page, in light, in dark and on a phone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import axe_faults, own_faults, unfold_all
from tests.browser.guests import Guests
from tests.browser.pages import PAGES, review
from tests.browser.site import ADA, COURSE, TEACHER, Site

Window = tuple[int, int, Literal["light", "dark"]]
# A laptop by day, a phone by night, and the laptop zoomed to 200 %.
LAPTOP: Window = (1280, 800, "light")
PHONE: Window = (360, 740, "dark")
ZOOMED: Window = (640, 400, "light")
# axe takes long, so it reads a third of the pages at night, too. All have the same palette.
BY_AXE_AT_NIGHT = frozenset(list(PAGES)[::3])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_its_window_and_is_accessible(
    guests: Guests, site: Site, name: str
) -> None:
    who, prepare = PAGES[name]
    # Without motion, no colour is in the middle of a transition.
    page = guests.come(who, prepare(site), reduced_motion="reduce")
    unfold_all(page)
    for window in (LAPTOP, PHONE, ZOOMED):
        width, height, scheme = window
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        assert own_faults(page) == [], window
        if window == LAPTOP or (window == PHONE and name in BY_AXE_AT_NIGHT):
            assert axe_faults(page) == [], window


def test_the_logo_is_at_the_same_position_on_wide_pages(guests: Guests, site: Site) -> None:
    address_of_review = review(site)
    page = guests.come(TEACHER, f"/courses/{COURSE}", viewport={"width": 1900, "height": 900})
    place = page.locator(".brand").bounding_box()
    for address in (address_of_review, f"/courses/{COURSE}/gradebook"):
        page.goto(address)
        assert page.locator(".brand").bounding_box() == place
        assert own_faults(page) == []


def test_the_audit_finds_what_it_looks_for(guests: Guests) -> None:
    page = guests.come(path="/sign-in")
    page.evaluate(
        """() => {
            document.title = "";
            document.querySelector("main").innerHTML = `
                <h1>a</h1><h1 id="twice">b</h1><p id="twice">c</p><input><button></button>
                <table><tbody><tr><th>x</th></tr></tbody></table><img src="/static/logo.svg">
                <section aria-label="d"></section><section aria-label="d"></section>
                <p class="faint">faint</p><p class="wide">wide</p><p aria-describedby="gone">d</p>`;
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(".faint { color: #bbb } .wide { width: 5000px; max-width: none }");
            document.adoptedStyleSheets = [sheet];
        }"""
    )
    own = " ".join(own_faults(page))
    for fault in ("2 h1", "id twice", "table without", "th without", "wider", "gone"):
        assert fault in own, f"{fault} is not in: {own}"
    by_axe = " ".join(axe_faults(page))
    for rule in (
        "document-title", "label", "button-name", "image-alt", "color-contrast", "landmark-unique",
    ):  # fmt: skip
        assert f"{rule}: " in by_axe, f"{rule} is not in: {by_axe}"


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


def test_nothing_moves_for_somebody_who_asked_for_less_motion(guests: Guests) -> None:
    page = guests.come(path="/sign-in", reduced_motion="no-preference")
    button = page.get_by_role("button", name="Sign in")
    duration = "button => parseFloat(getComputedStyle(button).transitionDuration)"
    assert button.evaluate(duration) > 0
    page.emulate_media(reduced_motion="reduce")
    assert button.evaluate(duration) == 0


def test_styles_and_scripts_load_nothing_from_other_sites(guests: Guests) -> None:
    page = guests.come(ADA)
    answer = page.request.get(f"/courses/{COURSE}")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text()
    assert "https://" not in answer.text()
