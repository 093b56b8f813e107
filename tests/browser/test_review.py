"""The review in a browser: comments, the keyboard, and copying a program."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.guests import Guests
from tests.browser.reports import faulty_report
from tests.browser.site import ADA, BLAISE, TEACHER, Site
from tests.support.factories import make_counterexample, make_diagnosis


def test_the_counterexample_is_copied_with_the_keyboard(guests: Guests, site: Site) -> None:
    report = replace(
        faulty_report(), diagnoses=(make_diagnosis(),), counterexample=make_counterexample()
    )
    path = f"/submissions/{site.add_submission(ADA, report=report)}"
    page = guests.come(ADA, path, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the program").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copied")).to_be_focused()
    expect(page.get_by_role("status").get_by_text("Copied")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"\nfrom value import Value\n\n{make_counterexample().program}\n")


def test_a_line_number_of_the_review_fills_the_form_of_a_comment(
    guests: Guests, site: Site
) -> None:
    review = f"/submissions/{site.add_submission(ADA, report=faulty_report())}/review"
    page = guests.come(TEACHER, review)
    page.get_by_label("Line 4", exact=True).click()
    expect(page.get_by_label("Line", exact=True)).to_have_value("4")
    comment = page.get_by_role("textbox", name="Comment")
    expect(comment).to_be_focused()
    comment.fill("What is a Value?")
    page.get_by_role("button", name="Add the comment").click()
    expect(page.locator(".remark")).to_contain_text("What is a Value?")


def test_the_arrow_keys_go_to_the_next_student(guests: Guests, site: Site) -> None:
    review = f"/submissions/{site.add_submission(ADA, report=faulty_report())}/review"
    site.add_submission(BLAISE, report=faulty_report())
    page = guests.come(TEACHER, review)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Blaise Pascal, attempt 1")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace, attempt 1")
