"""A report of one mistake is short: on the screen, for the keyboard and on the wire."""

from __future__ import annotations

from tests.browser.guests import Guests
from tests.browser.site import ADA, Site
from tests.strength.grading import grade_all
from tests.students import engine
from worker.sandbox import Sandbox

WIDTH, MOST_HEIGHT = 1280, 2_500  # pixels
MOST_STOPS = 60  # of the Tab key, before anything is unfolded
MOST_BYTES = 40_000  # of the page, compressed
LONGEST = "wrong/m62_three_levels_only"  # its graph has four operations, and most suites fail
STOPS = """() => [...document.querySelectorAll("*")]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility()).length"""


def test_a_report_of_one_mistake_is_short(guests: Guests, site: Site) -> None:
    source = engine(LONGEST)
    with Sandbox() as sandbox:
        report = grade_all(source, sandbox)
    assert len(report.diagnoses) == 1
    assert report.counterexample is not None
    submission = site.add_submission(ADA, report=report, source=source)
    page = guests.come(ADA, f"/submissions/{submission}", viewport={"width": WIDTH, "height": 800})
    assert page.evaluate("document.documentElement.scrollHeight") <= MOST_HEIGHT
    assert 10 < page.evaluate(STOPS) <= MOST_STOPS
    answer = page.request.get(page.url, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["content-encoding"] in ("br", "zstd", "gzip")
    assert int(answer.headers["content-length"]) <= MOST_BYTES
