"""Signing in and out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from service.courses.models import Role
from service.web.pages.sign_in import safe_next
from tests.browser.guests import Guests, fill_in
from tests.browser.site import ADA, ASSIGNMENT, COURSE, Site
from tests.support.factories import PASSWORD


def test_signing_in_leads_to_the_only_course(guests: Guests, site: Site) -> None:
    page = guests.come(path="/")
    expect(page).to_have_url(f"{site.url}/sign-in")
    fill_in(page, ADA, PASSWORD)
    expect(page).to_have_url(f"{site.url}/courses/{COURSE}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Machine learning from scratch")


def test_a_person_with_two_courses_chooses(guests: Guests, site: Site) -> None:
    site.add_course("second", "A second course", (ADA, Role.ASSISTANT))
    page = guests.come(ADA)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your courses")
    page.get_by_role("link", name="A second course").click()
    expect(page).to_have_url(f"{site.url}/courses/second")


def test_a_person_without_a_course_sees_whom_to_ask(guests: Guests, site: Site) -> None:
    site.add_person("new@example.edu", "Niels Henrik Abel")
    page = guests.come("new@example.edu")
    expect(page.get_by_text("Ask your teacher to enrol new@example.edu")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_email(guests: Guests) -> None:
    page = guests.come(path="/sign-in")
    fill_in(page, ADA, "wrong")
    expect(page.get_by_role("alert")).to_contain_text("Wrong e-mail or password")
    expect(page.get_by_label("E-mail")).to_have_value(ADA)
    expect(page.get_by_label("Password")).to_have_value("")


def test_too_many_wrong_passwords_say_how_long_to_wait(guests: Guests, site: Site) -> None:
    site.add_person("tried@example.edu", "Evariste Galois")
    page = guests.come(path="/sign-in")
    for _ in range(10):
        answer = page.request.post(
            "/sign-in", form={"email": "tried@example.edu", "password": "wrong"}
        )
        assert answer.status == 401
    fill_in(page, "tried@example.edu", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Too many attempts")
    rejected = page.request.post(
        "/sign-in", form={"email": "tried@example.edu", "password": PASSWORD}
    )
    assert rejected.status == 429
    assert int(rejected.headers["retry-after"]) > 0


def test_a_deep_link_survives_the_sign_in(guests: Guests, site: Site) -> None:
    page = guests.come(path=f"/courses/{COURSE}/assignments/{ASSIGNMENT}?from=mail")
    fill_in(page, ADA, PASSWORD)
    expect(page).to_have_url(f"{site.url}/courses/{COURSE}/assignments/{ASSIGNMENT}?from=mail")


def test_a_signed_in_person_skips_the_form(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, path="/sign-in")
    expect(page).to_have_url(f"{site.url}/courses/{COURSE}")


def test_pages_need_a_new_sign_in_after_signing_out(guests: Guests, site: Site) -> None:
    page = guests.come(ADA)
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{site.url}/sign-in")
    page.goto(f"/courses/{COURSE}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(guests: Guests) -> None:
    page = guests.come(ADA, path=f"/courses/{COURSE}/assignments/{ASSIGNMENT}")
    page.context.clear_cookies()
    page.get_by_label("Paste your code").fill("class Value: pass")
    page.get_by_role("button", name="Submit the code").click()
    fill_in(page, ADA, PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Autograd from scratch")


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "",
        "/a\tb",
        "javascript:alert(1)",
    ],
)
def test_the_next_page_is_never_on_another_site(address: str) -> None:
    assert safe_next(address) == "/"


def test_the_next_page_keeps_its_path_and_query() -> None:
    assert safe_next("/courses/x?a=1") == "/courses/x?a=1"
