"""The page of a submission while it waits for its report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from service.submissions.models import Status
from service.web.request import EXTENSION
from tests.browser.guests import Guests
from tests.browser.reports import faulty_report, perfect_report, unreadable_report
from tests.browser.site import ADA, BLAISE, Site


def never_reloaded(page: Page) -> Callable[[], bool]:
    """Mark the page as it is now; the answer says whether it is still the same one."""
    page.evaluate("window.stillHere = true")
    return lambda: page.evaluate("window.stillHere === true") is True


def test_the_report_appears_without_a_reload(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(ADA, f"/submissions/{submission}")
    still_here = never_reloaded(page)
    expect(page.get_by_role("heading", name="Next in the queue.")).to_be_visible()
    site.grade(submission, perfect_report())
    expect(page.locator(".outcome")).to_have_text("All 8 tests passed.")
    expect(page.get_by_role("status")).to_have_text("100 of 100 points. All 8 tests passed.")
    assert still_here()


def test_the_source_is_folded_once_the_report_is_there(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(ADA, f"/submissions/{submission}")
    expect(page.locator("#source")).to_have_attribute("open", "")
    site.grade(submission, status=Status.RUNNING)
    expect(page.get_by_role("heading", name="Grading now.")).to_be_visible()
    expect(page.locator("#source")).to_have_attribute("open", "")
    site.grade(submission, faulty_report())
    expect(page.get_by_role("heading", name="The table of rules")).to_be_visible()
    expect(page.locator("#source")).not_to_have_attribute("open", "")


@pytest.mark.parametrize("why", ["a problem", "a link to a line"])
def test_the_source_stays_open_where_it_is_needed(guests: Guests, site: Site, why: str) -> None:
    submission = site.add_submission(ADA)
    anchor = "#L7" if why == "a link to a line" else ""
    page = guests.come(ADA, f"/submissions/{submission}{anchor}")
    expect(page.get_by_role("heading", name="Next in the queue.")).to_be_visible()
    site.grade(submission, faulty_report() if anchor else unreadable_report())
    expect(page.get_by_role("heading", name="Next in the queue.")).to_have_count(0)
    expect(page.locator("#source")).to_have_attribute("open", "")


def test_the_position_in_the_queue_changes_without_a_reload(guests: Guests, site: Site) -> None:
    first, second = site.add_submission(BLAISE), site.add_submission(ADA)
    page = guests.come(ADA, f"/submissions/{second}")
    still_here = never_reloaded(page)
    expect(page.get_by_role("heading", name="Number 2 in the queue.")).to_be_visible()
    site.grade(first, perfect_report())
    expect(page.get_by_role("heading", name="Next in the queue.")).to_be_visible()
    site.grade(second, status=Status.RUNNING)
    expect(page.get_by_role("heading", name="Grading now.")).to_be_visible()
    site.grade(second, faulty_report())
    expect(page.get_by_role("heading", name="The table of rules")).to_be_visible()
    assert still_here()


def test_the_page_pauses_between_requests_that_a_busy_server_answers_at_once(
    guests: Guests, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.app.extensions[EXTENSION].waits, "_at_most", 0)
    submission = site.add_submission(ADA)
    page = guests.come(ADA)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/submissions/{submission}")
    page.wait_for_timeout(2500)
    assert 2 <= sum("wait=" in address for address in asked) <= 3
    site.grade(submission, perfect_report())
    expect(page.get_by_role("status")).to_have_text("100 of 100 points. All 8 tests passed.")


def test_a_lost_connection_is_announced_and_the_page_tries_again(
    guests: Guests, site: Site
) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(ADA)
    failing = [True]

    def sometimes(route: Route) -> None:
        if failing[0]:
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/api/v1/**", sometimes)
    page.goto(f"/submissions/{submission}")
    expect(page.get_by_text("The connection was lost. Trying again.")).to_be_visible()
    failing[0] = False
    site.grade(submission, perfect_report())
    expect(page.get_by_role("status")).to_have_text("100 of 100 points. All 8 tests passed.")
    guests.complaints.clear()  # the browser noted the 503


def test_a_session_that_ends_while_waiting_leads_to_the_sign_in_page(
    guests: Guests, site: Site
) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(ADA, f"/submissions/{submission}")
    page.context.clear_cookies()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_without_script_the_page_reloads_itself(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA)
    page = guests.come(ADA, f"/submissions/{submission}", java_script_enabled=False)
    expect(page.get_by_role("heading", name="Next in the queue.")).to_be_visible()
    site.grade(submission, perfect_report())
    expect(page.get_by_text("All 8 tests passed.")).to_be_visible()
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
