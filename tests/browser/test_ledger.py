"""What the lost points were lost for, on the page of a report."""

from __future__ import annotations

import dataclasses

from playwright.sync_api import expect

from tests.browser.guests import Guests, unfold
from tests.browser.reports import perfect_report, scored_report
from tests.browser.site import ADA, Site
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Interface, LedgerLine, Verdict


def test_the_ledger_lists_each_cause_once_with_its_suites_and_adds_up(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=scored_report())}")
    unfold(page)
    section = page.get_by_role("region", name="Points lost")
    expect(section).to_contain_text("A suite's points are divided equally among its rules")
    rows = section.get_by_role("table", name="Points lost, by cause").get_by_role("row")
    expect(rows).to_have_text(
        [
            "Cause Tests Points",
            "Multiplication The table of rules −34.00, Networks −20.00 3 −54.00",
            "tanh() The table of rules −19.33 1 −19.33",
            "Together 4 −73.33",
        ]
    )


def test_a_report_with_a_ledger_speaks_of_tests_that_fail(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=scored_report())}")
    unfold(page)
    expect(page.locator(".outcome").first).to_have_text("2 of 6 tests passed.")
    first = page.get_by_role("region", name="Fix this first")
    expect(first).to_contain_text("1 test fails, 2 more because of it: −54.00 points.")
    rules = page.get_by_role("region", name="The table of rules")
    rules.get_by_text("1 test fails because of multiplication").click()
    expect(rules.get_by_text("Neuron")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("couldn't be tested")


def test_full_marks_and_older_reports_have_no_ledger(guests: Guests, site: Site) -> None:
    full = dataclasses.replace(perfect_report(), ledger=())
    for report in (full, perfect_report()):
        page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
        unfold(page)
        expect(page.get_by_role("heading", name="Suites")).to_be_visible()
        expect(page.get_by_role("heading", name="Points lost")).to_have_count(0)


def test_many_failing_tests_and_many_lines_are_folded(guests: Guests, site: Site) -> None:
    wrong = [make_case(f"s{n}", Verdict.WRONG_GRADIENT, rule="reuse") for n in range(60)]
    lines = [LedgerLine(suite="rules", cause=f"cause {n}", tests=1, points=0.5) for n in range(20)]
    report = make_report(make_suite("rules", *wrong), ledger=tuple(lines))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    unfold(page)
    rules = page.get_by_role("region", name="Rules", exact=True)
    expect(rules.locator(".badge:visible")).to_have_count(3)
    rules.get_by_text("57 more tests fail").click()
    expect(rules.locator(".badge:visible")).to_have_count(60)
    line = page.locator("#suite-rules > summary")
    expect(line).to_contain_text("−10.00 cause 0, cause 1, cause 2 and 17 more")


def test_the_page_of_a_convention_has_a_neutral_badge(guests: Guests, site: Site) -> None:
    convention = make_case("relu", message="The slope of relu at 0 is taken to be 0.")
    submission = site.add_submission(ADA, report=make_report(make_suite("rules", convention)))
    page = guests.come(ADA, f"/submissions/{submission}/cases/rules/relu")
    expect(page.locator("main .badge")).to_have_text("For information")


def test_each_cause_has_a_row_for_all_suites(guests: Guests, site: Site) -> None:
    case = make_case("x", Verdict.WRONG_GRADIENT)
    suites = [make_suite(name, case) for name in ("one", "two")]
    lines = [
        LedgerLine(suite=suite.name, cause=f"cause {n}", tests=1, points=0.5)
        for suite in suites
        for n in range(8)
    ]
    report = make_report(*suites, ledger=tuple(lines))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    unfold(page)
    rows = page.get_by_role("table", name="Points lost").get_by_role("row")
    expect(rows.first).to_be_visible()
    expect(rows).to_have_count(10)


def test_a_missing_backward_is_explained_once_and_tests_that_need_it_are_together(
    guests: Guests, site: Site
) -> None:
    message = "Value has no backward()."
    seed = make_case("seed", Verdict.UNSUPPORTED, rule="seed", message=message)
    blocked = make_case("sum", Verdict.UNSUPPORTED, message="Fails.", blocked_by=("seed",))
    interface = Interface(
        class_name="Value", data="data", grad="grad", backward=None, warning=message
    )
    line = LedgerLine(suite="rules", cause="the backward pass", tests=2, points=80.0)
    report = make_report(make_suite("rules", seed, blocked), interface=interface, ledger=(line,))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    unfold(page)
    first = page.get_by_role("region", name="Fix this first")
    expect(first).to_contain_text("1 test fails, 1 more because of it")
    expect(first).not_to_contain_text(message)
    rules = page.get_by_role("region", name="Rules", exact=True)
    expect(rules.locator("summary").filter(has_text="test")).to_have_text(
        ["2 tests need the backward pass, which this engine doesn't have"]
    )


def test_an_item_whose_tests_all_fail_because_of_it_links_to_the_page_of_one(
    guests: Guests, site: Site
) -> None:
    case = make_case("deep", Verdict.ERROR, title="Deep", rule="reuse", blocked_by=("power",))
    line = LedgerLine(suite="rules", cause="power", tests=1, points=80.0)
    report = make_report(make_suite("rules", case), ledger=(line,))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    page.get_by_role("region", name="Fix this first").get_by_role("link", name="Deep").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deep")
