"""Submitting on the assignment's page."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from service.courses.models import LatePolicy
from service.store.base import now
from service.submissions.models import Status, Submission
from tests.browser.guests import Guests
from tests.browser.reports import faulty_report, perfect_report, unreadable_report
from tests.browser.site import ADA, ASSIGNMENT, COURSE, SOURCE, Site

PAGE = f"/courses/{COURSE}/assignments/{ASSIGNMENT}"


def submissions(site: Site) -> list[Submission]:
    """All submissions that were accepted."""
    with site.sessions() as session:
        return list(session.query(Submission).order_by(Submission.attempt))


def upload(page: Page, content: bytes, name: str = "value.py") -> None:
    """Choose a file and send it."""
    payload = FilePayload(name=name, mimeType="text/x-python", buffer=content)
    page.get_by_label("Upload a file").set_input_files(payload)
    page.get_by_role("button", name="Submit the file").click()


def paste(page: Page, source: str) -> None:
    """Paste a text and send it."""
    page.get_by_label("Paste your code").fill(source)
    page.get_by_role("button", name="Submit the code").click()


def test_an_uploaded_file_is_stored_byte_for_byte(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, PAGE)
    upload(page, SOURCE.encode(), "my engine.py")
    expect(page.get_by_role("heading", level=1)).to_have_text("Autograd from scratch, attempt 1")
    [accepted] = submissions(site)
    assert (accepted.filename, accepted.source) == ("my engine.py", SOURCE)
    expect(page.locator(".lead")).to_contain_text(accepted.sha256[:12])


def test_a_pasted_text_keeps_its_line_ends(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, PAGE)
    paste(page, SOURCE)
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")
    [accepted] = submissions(site)
    assert (accepted.filename, accepted.source) == ("value.py", SOURCE)


def test_a_file_can_be_submitted_without_a_mouse(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, PAGE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "source":
            break
    expect(page.get_by_label("Paste your code")).to_be_focused()
    page.keyboard.type("class Value: pass")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")
    assert submissions(site)[0].source == "class Value: pass"


def test_a_rejected_text_comes_back_with_a_message_next_to_it(guests: Guests) -> None:
    page = guests.come(ADA, PAGE)
    typed = "# kept\n" + "x" * 262_144
    paste(page, typed)
    box = page.get_by_label("Paste your code")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(
        re.compile("^The file has 262,151 bytes; the limit is 262,144")
    )
    expect(box).to_have_value(typed)


def test_a_file_that_is_not_text_is_rejected_next_to_its_field(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, PAGE)
    upload(page, b"x = 1\n\xff\xfe")
    expect(page.locator("#file-wrong")).to_contain_text("not UTF-8 text (line 2)")
    expect(page.get_by_label("Upload a file")).to_have_attribute("aria-invalid", "true")
    assert submissions(site) == []


def test_a_file_over_the_limit_is_rejected_before_it_is_sent(guests: Guests) -> None:
    page = guests.come(ADA, PAGE)
    upload(page, b"#" * 262_145)
    message = page.get_by_label("Upload a file").evaluate("input => input.validationMessage")
    assert "over 256 KB" in message


def test_a_notebook_may_be_larger_and_has_its_own_limit(guests: Guests) -> None:
    page = guests.come(ADA, PAGE)
    field = page.get_by_label("Upload a file")
    for size, expected in ((1_048_576, ""), (1_048_577, "This notebook is over 1 MB")):
        content = FilePayload(name="a.ipynb", mimeType="", buffer=b"#" * size)
        field.set_input_files(content)
        message = field.evaluate("input => input.validationMessage")
        assert message.startswith(expected)
        assert bool(message) == bool(expected)


def test_a_file_over_the_limit_is_rejected_without_script_too(guests: Guests) -> None:
    page = guests.come(ADA, PAGE, java_script_enabled=False)
    upload(page, b"#" * 262_145)
    expect(page.locator("#file-wrong")).to_contain_text("262,145 bytes")


def test_a_file_far_over_the_limit_shows_the_form_with_a_message(guests: Guests) -> None:
    page = guests.come(ADA, PAGE)
    content = FilePayload(name="value.py", mimeType="text/x-python", buffer=b"#" * 7_000_000)
    answer = page.request.post(f"{PAGE}/submissions", multipart={"file": content})
    assert answer.status == 413
    assert "A file may have at most 256 KB, and a notebook 1 MB." in answer.text()


def test_a_form_without_a_file_says_to_choose_one(guests: Guests) -> None:
    page = guests.come(ADA, PAGE)
    page.get_by_label("Upload a file").evaluate("input => { input.required = false }")
    page.get_by_role("button", name="Submit the file").click()
    expect(page.locator("#file-wrong")).to_contain_text("Choose a file first.")
    assert page.request.post(f"{PAGE}/submissions", form={}).status == 422


def test_the_same_form_sent_twice_is_one_submission(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, PAGE)
    form: dict[str, str | float | bool] = {"form": "abc", "source": "class Value: pass"}
    first = page.request.post(f"{PAGE}/submissions", form=form)
    second = page.request.post(f"{PAGE}/submissions", form=form)
    assert first.url == second.url
    page.request.post(f"{PAGE}/submissions", form={**form, "source": "class Value: ..."})
    assert [each.attempt for each in submissions(site)] == [1, 2]


@pytest.mark.parametrize("script", [True, False])
def test_the_same_file_is_submitted_again_only_after_a_question(
    guests: Guests, site: Site, script: bool
) -> None:
    site.change_assignment(attempt_limit=3)
    site.add_submission(ADA, report=faulty_report())
    page = guests.come(ADA, PAGE, java_script_enabled=script)
    upload(page, SOURCE.encode(), "once more.py")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Submit the same file again?")
    expect(page.locator("main")).to_contain_text("once more.py is the same file as attempt 1")
    expect(page.locator("main")).to_contain_text("one of the 2 attempts that you have left")
    page.get_by_role("link", name="Cancel").click()
    expect(title).to_have_text("Autograd from scratch")
    assert len(submissions(site)) == 1
    paste(page, SOURCE)
    page.get_by_role("button", name="Submit it again").click()
    expect(title).to_have_text("Autograd from scratch, attempt 2")
    first, second = submissions(site)
    assert (second.source, second.filename) == (first.source, "value.py")


def test_the_names_that_an_engine_must_have_are_above_the_form(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/courses/{COURSE}/assignments/{ASSIGNMENT}")
    expect(page.get_by_text("Call your class")).to_have_count(0)
    site.change_assignment(
        class_name="Scalar", data_name="value", grad_name="gradient", backward_name="backprop"
    )
    page.reload()
    box = page.get_by_role("region", name="Names your engine must use")
    expect(box.get_by_role("listitem")).to_have_text(
        [
            "Call your class Scalar.",
            "Store its number in .value.",
            "Store its gradient in .gradient.",
            "Run backward with .backprop().",
        ]
    )


def test_a_closed_assignment_says_when_it_closed_and_has_no_form(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, PAGE)
    site.change_assignment(deadline=now() - timedelta(days=1), late_policy=LatePolicy.REFUSE)
    paste(page, "class Value: pass")
    expect(page.get_by_text("This assignment closed on")).to_be_visible()
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)


def test_a_late_submission_is_accepted_if_the_teacher_allows_it(guests: Guests, site: Site) -> None:
    site.change_assignment(deadline=now() - timedelta(hours=2))
    page = guests.come(ADA, PAGE)
    expect(page.get_by_text("late submissions are accepted")).to_be_visible()
    paste(page, "class Value: pass")
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")


def test_after_the_last_attempt_there_is_no_form(guests: Guests, site: Site) -> None:
    site.change_assignment(attempt_limit=2)
    site.add_submission(ADA, report=perfect_report())
    page = guests.come(ADA, PAGE)
    expect(page.get_by_text("1 of 2")).to_be_visible()
    paste(page, "class Value: pass")
    page.goto(PAGE)
    expect(page.get_by_text("You have used all your attempts.")).to_be_visible()
    expect(page.get_by_role("button", name="Submit")).to_have_count(0)
    page.locator("a[href^='/submissions/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt")
    expect(page.get_by_role("link", name="Submit again")).to_have_count(0)


def test_submit_again_appears_once_an_attempt_turns_out_to_be_free(
    guests: Guests, site: Site
) -> None:
    site.change_assignment(attempt_limit=1)
    submission = site.add_submission(ADA, status=Status.RUNNING)
    page = guests.come(ADA, f"/submissions/{submission}")
    expect(page.get_by_role("progressbar")).to_be_visible()
    again = page.get_by_role("link", name="Submit again")
    expect(again).to_have_count(0)
    site.grade(submission, unreadable_report())
    expect(page.get_by_text("1 of 1 attempt left.")).to_be_visible()
    expect(again).to_be_visible()


def test_after_too_many_submissions_the_text_stays_and_the_page_says_when_to_try_again(
    guests: Guests, site: Site
) -> None:
    for _ in range(20):
        site.add_submission(ADA)
    page = guests.come(ADA, PAGE)
    paste(page, "class Value: pass")
    expect(page.get_by_role("alert")).to_contain_text("Try again in")
    expect(page.get_by_label("Paste your code")).to_have_value("class Value: pass")


def test_own_submissions_are_listed_newest_first_and_the_best_counts(
    guests: Guests, site: Site
) -> None:
    site.add_submission(ADA, report=perfect_report())
    site.add_submission(ADA, report=faulty_report())
    site.add_submission(ADA, status=Status.RUNNING)
    page = guests.come(ADA, PAGE)
    rows = page.get_by_role("table", name="Your submissions").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Grading")
    expect(rows.nth(2)).to_contain_text("46.67")
    expect(rows.nth(3)).to_contain_text("counts")
    rows.nth(3).get_by_role("link", name="1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("attempt 1")


def test_on_a_phone_the_results_of_all_submissions_are_in_view(guests: Guests, site: Site) -> None:
    site.add_submission(ADA, report=unreadable_report())
    site.add_submission(ADA, status=Status.ERRORED)
    page = guests.come(ADA, PAGE, viewport={"width": 360, "height": 740})
    badges = page.get_by_role("table", name="Your submissions").locator(".badge")
    expect(badges).to_have_text(["Not graded", "Not gradable"])
    for badge in badges.all():
        box = badge.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 360 - 16


def test_markup_in_a_file_name_is_text(guests: Guests, tmp_path: Path) -> None:
    page = guests.come(ADA, PAGE)
    file = tmp_path / "<img src=x onerror=alert(1)>.py"
    file.write_text("class Value: pass\n", encoding="utf-8")
    page.get_by_label("Upload a file").set_input_files(file)
    page.get_by_role("button", name="Submit the file").click()
    expect(page.locator(".lead")).to_contain_text("<img src=x onerror=alert(1)>.py")
    expect(page.locator(".lead img")).to_have_count(0)
