"""The report on the page of a submission."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from service.submissions.models import Status
from tests.browser.guests import Guests, unfold
from tests.browser.reports import broken_report, faulty_report, perfect_report, unreadable_report
from tests.browser.site import ADA, ASSIGNMENT, BLAISE, COURSE, TEACHER, Site
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Check, Cost, Interface, Precision, PrecisionKind, Quantity, Verdict

HOSTILE = "<script>alert(1)</script> \x1b[31mred\x1b[0m \u202edlrow " + "long" * 200


def test_a_precision_is_a_note_if_it_is_accepted_and_comes_first_if_not(
    guests: Guests, site: Site
) -> None:
    found = Interface(class_name="Value", data="data", grad="grad", backward="backward()")
    single = Precision(kind=PrecisionKind.SINGLE, message="It computes in float32.", accepted=True)
    report = replace(
        make_report(make_suite("rules", make_case("sum", by_precision=True))),
        interface=found,
        precision=single,
    )
    submission = site.add_submission(ADA, report=report)
    page = guests.come(ADA, f"/submissions/{submission}")
    unfold(page)
    parts = page.get_by_role("region", name="What we found in the file")
    expect(parts.get_by_text("It computes in float32.")).to_be_visible()
    expect(page.get_by_role("region", name="Warning")).to_have_count(0)
    page.goto(f"/submissions/{submission}/cases/rules/sum")
    expect(page.get_by_text("Passes in single precision.")).to_be_visible()

    rejected = replace(report, precision=replace(single, accepted=False))
    submission = site.add_submission(ADA, report=rejected)
    page.goto(f"/submissions/{submission}")
    warning = page.get_by_role("region", name="Warning")
    expect(warning).to_have_text("It computes in float32.")


def test_failing_tests_come_first_and_are_open(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=faulty_report())}")
    unfold(page)
    expect(page.get_by_text("46.67 of 100", exact=True)).to_be_visible()
    expect(page.get_by_text("4 of 8 tests passed.")).to_be_visible()
    rules = page.get_by_role("region", name="The table of rules")
    words = ["Wrong gradient", "Wrong value", "Error", "Not supported", "Passed", "Passed"]
    expect(rules.locator(".badge")).to_have_text(words)
    opened = [
        case.get_attribute("open") is not None for case in rules.locator("details.case").all()
    ]
    assert opened == [True, True, True]


def test_other_failing_tests_are_folded_and_have_their_own_page(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=faulty_report())}")
    unfold(page)
    rules = page.get_by_role("region", name="The table of rules")
    rules.get_by_text("1 more test fails").click()
    fourth = rules.get_by_role("listitem").filter(has_text="A chain of 5,000 sums")
    expect(fourth).to_have_text("A chain of 5,000 sums Not supported")
    expect(fourth.get_by_role("table")).to_have_count(0)
    fourth.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A chain of 5,000 sums")
    expect(page.get_by_text("Value has no `__radd__`")).to_be_visible()


def test_badges_and_checks_have_an_icon_next_to_their_word(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=faulty_report())}")
    unfold(page)
    for shown in page.locator(".badge:visible, .result:visible").all():
        shape = shown.locator("svg use")
        assert shape.evaluate("use => use.getBBox().width > 0"), shown.inner_text()
        name = (shape.get_attribute("href") or "").removeprefix("#")
        assert page.locator(f"symbol#{name} > *").count() > 0


def test_passed_tests_are_folded_and_link_to_their_own_page(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=faulty_report())}")
    unfold(page)
    suite = page.get_by_role("region", name="The table of rules")
    product = suite.get_by_text("A product crosses over")
    expect(product).to_be_hidden()
    suite.get_by_text("2 tests passed").click()
    product.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A product crosses over")
    table = page.get_by_role("table", name="Checks of A product crosses over")
    expect(table.get_by_role("row").nth(1)).to_have_text("b.data 2 2 right 0 1e-13")
    page.get_by_role("link", name="A value that is used twice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A value that is used twice")
    page.get_by_role("link", name="The table of rules").click()
    expect(page.locator(":target h3").first).to_have_text("The table of rules")


def test_the_parts_of_the_engine_are_shown(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    unfold(page)
    found = page.get_by_role("region", name="What we found in the file")
    expect(found.get_by_role("paragraph")).to_have_text(
        "Class Scalar, number in .value, gradient in .gradient, backprop()."
    )
    expect(found.get_by_role("listitem")).to_have_text("Line 40 was left out: it plots.")


def test_a_broken_rule_comes_first_and_links_to_its_simplest_test(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    first = page.get_by_role("region", name="Fix this first")
    expect(first.get_by_role("heading", level=3)).to_have_text(
        ["Multiplication has the wrong gradient", "Not supported"]
    )
    expect(first).to_contain_text("2 tests couldn't be tested because of it.")
    expect(first).to_contain_text("Value has no tanh().")
    first.get_by_role("link", name="A product crosses over").click()
    assert page.evaluate("document.querySelector(':target').open")


def test_missing_operations_are_one_line_of_a_suite_and_a_link_unfolds_them(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    unfold(page)
    rules = page.get_by_role("region", name="The table of rules")
    expect(rules.get_by_text("1 test needs tanh, which this engine doesn't have")).to_be_visible()
    program = rules.get_by_label("The graph's program").last
    expect(program).to_be_hidden()
    page.get_by_role("link", name="tanh()", exact=True).click()
    expect(program).to_be_visible()
    expect(program).to_be_in_viewport()
    page.reload()
    expect(program).to_be_visible()


def test_only_the_simplest_test_of_each_wrong_rule_is_open(guests: Guests, site: Site) -> None:
    wrong = [
        make_case(f"{rule}@{point}", Verdict.WRONG_GRADIENT, rule=rule)
        for rule in ("multiplication", "power")
        for point in (1, 2)
    ]
    report = make_report(make_suite("rules", *wrong, make_case("order", Verdict.WRONG_VALUE)))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    opened = page.locator("details.case[open]")
    expect(opened).to_have_count(2)
    expect(opened.nth(1)).to_have_id("case-rules-power@1")


def test_the_first_failing_point_of_a_graph_is_open(guests: Guests, site: Site) -> None:
    wrong = [make_case(f"sum@{point}", Verdict.WRONG_VALUE) for point in range(4)]
    report = make_report(make_suite("order", *wrong, make_case("last", Verdict.ERROR)))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    opened = page.locator("details.case[open]")
    expect(opened).to_have_count(2)
    expect(opened.nth(1)).to_have_id("case-order-last")


def test_on_a_phone_no_number_of_a_check_is_cut(guests: Guests, site: Site) -> None:
    wrong = Check("x", Quantity.GRAD, -1.234567890123456e-10, -2 / 3, 0.66, 1e-15, False)
    case = make_case("sum", Verdict.WRONG_GRADIENT, title="Long numbers", checks=(wrong,))
    submission = site.add_submission(ADA, report=make_report(make_suite("rules", case)))
    page = guests.come(ADA, f"/submissions/{submission}", viewport={"width": 360, "height": 740})
    unfold(page)
    row = page.get_by_role("table", name="Checks of Long numbers").get_by_role("row").nth(1)
    expected, actual = row.get_by_role("cell").nth(0), row.get_by_role("cell").nth(1)
    expect(actual).to_have_text("-0.6666666666666666")
    for cell in (expected, actual):
        box = cell.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 360
        assert cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth")


def test_no_chart_is_drawn_if_tests_took_no_measurable_time(guests: Guests, site: Site) -> None:
    cost = Cost(cpu_seconds=9e-4, memory_bytes=0)
    quick = [
        make_case(f"c@{n}", title=f"A chain, at n = {n}", point={"n": n}, cost=cost) for n in (1, 2)
    ]
    report = make_report(make_suite("rules", make_case()), make_suite("x", *quick, points=0))
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    unfold(page)
    expect(page.get_by_role("table", name="A chain")).to_be_visible()
    expect(page.locator(".curve")).to_have_count(0)


def test_untested_tests_of_an_older_report_are_folded_and_the_page_says_what_they_earn(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    unfold(page)
    paragraphs = page.locator(".outcome").first.get_by_role("paragraph")
    expect(paragraphs.nth(0)).to_have_text("1 test passed, 2 failed, 3 couldn't be tested.")
    expect(paragraphs.nth(1)).to_contain_text("the share of points that similar tests earn")
    rules = page.get_by_role("region", name="The table of rules")
    line = page.locator("#suite-rules > summary")
    expect(line).to_contain_text("1 of 3 tests passed, 2 couldn't be tested 26.67 of 80")
    neuron = rules.get_by_text("Neuron")
    expect(neuron).to_be_hidden()
    rules.get_by_text("1 test couldn't be tested because of multiplication").click()
    expect(neuron).to_be_visible()
    lucky = rules.get_by_text("A product with 0")
    expect(lucky).to_be_hidden()
    rules.get_by_text(
        "1 more test passed, but doesn't count because it depends on "
        "something that's wrong or missing"
    ).click()
    expect(lucky).to_be_visible()
    nets = page.locator("#suite-networks > summary, #suite-nets > summary")
    expect(nets).to_contain_text("1 couldn't be tested 0 of 20")


def test_suites_without_points_have_their_own_section(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    unfold(page)
    section = page.get_by_role("region", name="For your information, no points")
    expect(section.get_by_role("term")).to_have_text("The slope of relu at 0")
    expect(section.get_by_role("definition")).to_have_text("It is taken to be 0.")
    expect(section.get_by_text("Tanh far out")).to_be_visible()
    expect(section).not_to_contain_text("0 of 0")
    error = section.locator(".badge", has_text="Error").first
    assert error.evaluate("badge => getComputedStyle(badge).color") == page.evaluate(
        "getComputedStyle(document.body).color"
    )


def test_growth_is_a_table_and_a_chart_of_the_same_numbers(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=broken_report())}")
    unfold(page)
    table = page.get_by_role("table", name="A chain of n sums")
    expect(table.get_by_role("row")).to_have_text(
        [
            re.compile("Size"),
            re.compile(r"n = 100\s+Passed\s+500\s+5\.0\s+2\.0\s+20\.0"),
            re.compile(r"n = 400\s+Passed\s+2,000\s+5\.0\s+8\.0\s+21\.0"),
            re.compile(r"n = 1600\s+Error\s*RecursionError"),
        ]
    )
    curve = page.locator(".curve")
    expect(curve).to_have_count(1)
    expect(curve).to_have_text(re.compile(r"2,000 calls\s+0\s*n = 400"))
    expect(curve).to_have_attribute("aria-hidden", "true")
    assert curve.locator("polyline").get_attribute("points") == "63,72 234,6"


def test_on_a_phone_the_result_is_next_to_its_size(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=broken_report())
    page = guests.come(ADA, f"/submissions/{submission}", viewport={"width": 390, "height": 844})
    unfold(page)
    table = page.get_by_role("table", name="A chain of n sums")
    for badge in table.locator(".badge").all():
        box = badge.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 390


def test_a_wrong_number_is_marked_by_a_word(guests: Guests, site: Site) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=faulty_report())}")
    unfold(page)
    table = page.get_by_role("table", name="Checks of A value that is used twice")
    expect(table.get_by_role("row").nth(3)).to_have_text("x.grad 7 3 wrong 4 1e-13")
    table = page.get_by_role("table", name="Checks of tanh behind a constant factor")
    rows = table.get_by_role("row")
    expect(rows.nth(2)).to_have_text("y.data 0.8853516482022625 nan wrong nan 2.4e-16")
    expect(rows.nth(3)).to_have_text("x.grad 0.43230491826063394 none wrong none 5.1e-16")


def test_a_syntax_error_shows_its_line_with_a_caret_under_the_column(
    guests: Guests, site: Site
) -> None:
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=unreadable_report())}")
    box = page.get_by_role("region", name="Python can't read this file")
    expect(box).to_contain_text("'(' was never closed")
    line, caret = box.locator("pre").inner_text().split("\n")
    assert line[caret.index("^")] == "("
    box.get_by_role("link", name="Line 7").click()
    assert page.evaluate("document.querySelector(':target').id") == "L7"


def test_an_errored_grading_is_our_fault_and_costs_no_attempt(guests: Guests, site: Site) -> None:
    site.change_assignment(attempt_limit=1)
    submission = site.add_submission(ADA, status=Status.ERRORED)
    page = guests.come(ADA, f"/submissions/{submission}")
    expect(page.get_by_role("heading", name="That's our fault")).to_be_visible()
    expect(page.get_by_text("it didn't cost an attempt")).to_be_visible()
    expect(page.get_by_text("the worker vanished")).to_have_count(0)
    page.goto(f"/courses/{COURSE}/assignments/{ASSIGNMENT}")
    expect(page.get_by_text("1 of 1")).to_be_visible()


@pytest.mark.parametrize("where", ["stdout", "message"])
def test_markup_in_the_output_of_a_program_is_text(guests: Guests, site: Site, where: str) -> None:
    report = faulty_report(**{where: HOSTILE})
    page = guests.come(ADA, f"/submissions/{site.add_submission(ADA, report=report)}")
    unfold(page)
    shown = "<script>alert(1)</script> \u241b[31mred\u241b[0m [U+202E]dlrow longlong"
    expect(page.get_by_text(shown)).to_be_visible()
    expect(page.locator("main script")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("part", ["", "/report", "/source", "/review"])
def test_a_student_cannot_open_the_submission_of_another(
    guests: Guests, site: Site, part: str
) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(BLAISE, f"/submissions/{submission}{part}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    assert page.request.get(f"/submissions/{submission}{part}").status == 404


def test_staff_see_whose_submission_it_is_and_can_review_it(guests: Guests, site: Site) -> None:
    submission = site.add_submission(ADA, report=perfect_report())
    page = guests.come(TEACHER, f"/submissions/{submission}")
    expect(page.locator(".lead")).to_contain_text("Ada Lovelace")
    page.get_by_role("link", name="Review and mark").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace, attempt 1")
