"""The source and the receipt on the page of a submission."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.guests import Guests, unfold
from tests.browser.reports import perfect_report
from tests.browser.site import ADA, SOURCE, Site

NOTEBOOK = Path(__file__).parents[1] / "students" / "right" / "notebook.ipynb"


def test_the_source_has_numbered_lines_with_links(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(ADA, f"/submissions/{submission}#L4")
    unfold(page)
    expect(page.locator("#L4 code")).to_have_text("class Value:")
    expect(page.locator("#L4 .k")).to_have_text("class")
    lines = page.locator(".listing code").all_inner_texts()
    assert [line.rstrip("\n") for line in lines] == SOURCE.removesuffix("\n").split("\n")


def test_the_source_downloads_unchanged(guests: Guests, site: Site, tmp_path: Path) -> None:
    submission = site.add_submission(ADA, filename="m\u00e9\u00e9 engine.py")
    page = guests.come(ADA, f"/submissions/{submission}")
    unfold(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "saved.py")
    assert download.value.suggested_filename == "m\u00e9\u00e9 engine.py"
    assert (tmp_path / "saved.py").read_text(encoding="utf-8") == SOURCE


def test_a_notebook_is_shown_by_its_code_cells_and_downloads_under_its_name(
    guests: Guests, site: Site, tmp_path: Path
) -> None:
    source = NOTEBOOK.read_text(encoding="utf-8")
    submission = site.add_submission(ADA, filename="engine.ipynb", source=source)
    page = guests.come(ADA, f"/submissions/{submission}#C2L1")
    unfold(page)
    listing = page.get_by_role("group", name="Source: the notebook's code cells").last
    expect(listing.get_by_role("heading", name="Code cell 2", exact=True)).to_be_visible()
    expect(listing).not_to_contain_text("cell_type")
    expect(page.locator(":target code .k, :target code .kn").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    download.value.save_as(tmp_path / "saved.ipynb")
    assert download.value.suggested_filename == "engine.ipynb"
    assert (tmp_path / "saved.ipynb").read_text(encoding="utf-8") == source


def test_a_notebook_that_cannot_be_read_is_shown_as_it_is(guests: Guests, site: Site) -> None:
    hostile = '{"cells": ' + "[" * 50_000 + "<script>alert(1)</script>"
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, source=hostile)}")
    expect(page.locator("#L1 code")).to_contain_text("<script>alert(1)</script>")
    expect(page.locator("main script")).to_have_count(0)


def test_the_receipt_can_be_copied_and_names_its_submission(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(ADA, f"/submissions/{submission}", permissions=["clipboard-write"])
    page.locator("summary", has_text="Receipt").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    claims = page.get_by_label("Receipt", exact=True).input_value().split(".")[1]
    payload = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert (payload["submission"], payload["student"]) == (str(submission), ADA)


def test_there_is_no_copy_button_if_the_browser_cannot_copy(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(ADA)
    page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(f"/submissions/{submission}")
    page.locator("summary", has_text="Receipt").click()
    expect(page.get_by_label("Receipt", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
