"""The lessons: open to everybody, one for each rule, with the reference's numbers."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.web.view.lessons import Prose, find_lesson, lesson_on, list_lessons, render
from service.web.view.rule_table import FORMULAS
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.grading.diagnosis.catalogue import MISCONCEPTIONS
from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.forms import RULES, rule_of
from worker.report.model import Verdict
from worker.suites.rules import ALL_FUNCTIONS, GRAPHS, RULES_IN_ORDER

SLUGS = [lesson.slug for lesson in list_lessons()]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_lesson_is_open_to_everybody_and_explains_a_graph_and_mistakes(
    client: FlaskClient, slug: str
) -> None:
    page = client.get(f"/learn/{slug}")
    assert page.status_code == 200
    assert "Sign out" not in page.text
    assert "$" not in page.text
    assert "elumrof" not in page.text
    assert "<math" in page.text
    if slug != "gradients":  # the first one says what all of them are about
        assert page.text.count('class="drawing"') == 1
        assert page.text.count('aria-label="The graph\'s program"') == 1
        assert "<h2>Typical mistakes</h2>" in page.text
        assert "A question for your code:" in page.text


def test_a_drawing_has_a_name_and_no_id_so_that_a_page_may_have_several(
    client: FlaskClient,
) -> None:
    page = client.get("/learn/chain").text
    (drawing,) = re.findall(r'<svg[^>]* class="drawing".*?</svg>', page, re.DOTALL)
    assert 'aria-label="A graph with its numbers. A graph of 3 nodes."' in drawing
    assert " id=" not in drawing


def test_every_rule_has_one_lesson() -> None:
    taught = [rule for lesson in list_lessons() for rule in lesson.rules]
    assert sorted(taught) == sorted([*RULES_IN_ORDER, GRAPHS, ALL_FUNCTIONS])
    assert lesson_on("no such rule") is None
    assert lesson_on(None) is None


@pytest.mark.parametrize("mistake", [*MISCONCEPTIONS, STATE], ids=lambda mistake: mistake.key)
def test_every_known_mistake_has_a_lesson(mistake: Misconception) -> None:
    rules = map(rule_of, RULES) if mistake.rule == OPERATION else [mistake.rule]
    assert None not in map(lesson_on, rules)


@pytest.mark.parametrize(
    ("form", "slug"),
    [("tanh", "tanh"), ("/VV", "quotient"), ("**=VN", "power"), ("-NV", "numbers")],
)
def test_a_wrong_slope_leads_to_the_lesson_on_its_operation(form: str, slug: str) -> None:
    lesson = lesson_on(rule_of(form))
    assert lesson is not None
    assert lesson.slug == slug


def test_every_lesson_is_listed_in_order_and_leads_to_the_next(client: FlaskClient) -> None:
    listed = re.findall(r'<li><a href="/learn/(\w+)">', client.get("/learn").text)
    assert [slug for slug in listed if slug in SLUGS] == SLUGS
    for slug, following in pairwise(SLUGS):
        assert f'href="/learn/{following}" rel="next"' in client.get(f"/learn/{slug}").text


@pytest.mark.parametrize("address", ["nothing", "rules.md", "%00", "worked-example?step=5"])
def test_a_page_that_does_not_exist_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(f"/learn/{address}").status_code == 404


def test_formulas_become_mathml_and_code_stays_as_it_is() -> None:
    html = render(
        "A slope: $x^2$ and `$x` cost.\n\n```python\nprice = '$1 or $2'\n```\n\n$$\\frac{1}{x}$$"
    )
    assert html.count("<math") == 2
    assert 'display="block"' in html
    assert "<code>$x</code>" in html
    assert "$1 or $2" in unescape(html)


def test_lessons_never_show_html_from_their_text() -> None:
    assert "<b>" not in render("<b>bold</b>")


def cells(page: str, code: str) -> list[str]:
    """The numbers in the rows of an operation."""
    body = next(part for part in page.split("<tbody>") if f"<code>{code}</code>" in part)
    return re.findall(r'class="num">([^<]*)</td>', body)


def test_the_table_of_rules_has_values_and_slopes_at_the_chosen_numbers(
    client: FlaskClient,
) -> None:
    page = client.get("/learn/rules?x=4&y=0.5").text
    assert cells(page, "x / y") == ["8", "2", "-16"]
    assert cells(page, "c / x") == ["0.5", "-0.125"]
    assert cells(page, "x.sqrt()") == ["2", "0.25"]
    assert cells(page, "x.relu()") == ["4", "1"]
    assert cells(client.get("/learn/rules").text, "x * y") == ["6", "3", "2"]


def test_every_number_of_the_table_is_the_visitors(client: FlaskClient) -> None:
    page = client.get("/learn/rules?x=4&n=0.5&c=-3").text
    assert cells(page, "x ** n") == ["2", "0.25"]
    assert cells(page, "c * x") == ["-12", "-3"]
    assert cells(page, "c - x") == ["-7", "-1"]
    assert cells(page, "c / x") == ["-0.75", "0.1875"]
    assert cells(page, "c ** x")[0] == "81"
    codes = re.findall(r'scope="rowgroup"[^>]*><code>([^<]*)', page)
    assert not any(re.search(r"[0-9]", code) for code in codes)


def test_the_slope_by_the_exponent_is_0_at_the_base_0(client: FlaskClient) -> None:
    assert cells(client.get("/learn/rules?x=0&y=3").text, "x ** y") == ["0", "0", "0"]
    assert cells(client.get("/learn/rules?x=0&y=-3").text, "x ** y")[2] == "not finite"
    assert cells(client.get("/learn/rules?x=3&c=0").text, "c ** x") == ["0", "0"]


@pytest.mark.parametrize("code", ["x.relu()", "abs(x)"])
def test_a_kink_is_explained_where_the_slope_is_a_convention(
    client: FlaskClient, code: str
) -> None:
    for x, said in (("0", True), ("-0.0", True), ("1", False)):
        page = client.get(f"/learn/rules?x={x}").text
        body = next(part for part in page.split("<tbody>") if f"<code>{code}</code>" in part)
        assert ("no slope. There the reference engine uses 0." in body) is said


def test_a_value_that_is_not_defined_says_so(client: FlaskClient) -> None:
    assert cells(client.get("/learn/rules?x=-1").text, "x.log()") == ["undefined", "undefined"]
    assert cells(client.get("/learn/rules?x=0").text, "c / x") == ["not finite", "not finite"]
    assert cells(client.get("/learn/rules?x=1000").text, "x.exp()") == ["not finite", "not finite"]


@pytest.mark.parametrize("text", ["many", "nan", "inf", "-1e7", "1" * 400, "<b>"])
def test_a_number_that_cannot_be_used_is_explained_next_to_its_field(
    client: FlaskClient, text: str
) -> None:
    page = client.get("/learn/rules", query_string={"x": text}).text
    assert "Use a number from -1,000,000 to 1,000,000" in page
    assert 'aria-invalid="true" aria-describedby="x-wrong"' in page
    assert "for x = 2, y = 3, n = 3 and c = 2." in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("step", "gradients"),
    [
        (1, []),
        (2, ["2", "17", "1"]),
        (3, ["2", "2", "2", "17", "1"]),
        (4, ["8", "6", "2", "2", "2", "17", "1"]),
    ],
)
def test_each_step_of_the_worked_example_adds_gradients(
    client: FlaskClient, step: int, gradients: list[str]
) -> None:
    page = client.get(f"/learn/worked-example?step={step}").text
    rows = re.findall(r'>(data|grad)</text>\s*<text class="number"[^>]*>([^<]*)<', page)
    assert [number for label, number in rows if label == "grad"] == gradients
    assert [number for label, number in rows if label == "data"] == [
        "3",
        "4",
        "12",
        "5",
        "17",
        "2",
        "34",
    ]
    assert ('rel="prev"' in page, 'rel="next"' in page) == (step > 1, step < 4)


def test_the_source_of_the_reference_engine_is_shown(client: FlaskClient) -> None:
    text = re.sub(r"<[^>]*>", "", client.get("/learn/reference").text)
    assert "def __mul__(self, other: Value | Number)" in unescape(text)
    assert "def differentiate_power(base: float, exponent: float)" in text


def test_each_method_of_the_reference_engine_stands_beside_its_slopes(client: FlaskClient) -> None:
    page = client.get("/learn/reference").text.partition("<h2>")[0]
    beside = [re.sub(r"<[^>]*>", "", part) for part in page.split('<div class="derivative">')[1:]]
    (power,) = [part for part in beside if "def __pow__" in part]
    assert [code in power for code in ("x ** n", "x ** y", "by y:")] == [True] * 3
    methods = re.findall(r"def (\w+)", " ".join(beside))
    assert {formula.method for formula in FORMULAS} <= set(methods)


def test_reports_and_tests_link_to_the_lesson_of_their_rule(
    app: Flask, members: Class, session: Session
) -> None:
    failed = make_case("relu", Verdict.WRONG_GRADIENT, rule="relu")
    report = make_report(make_suite("functions", failed))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    ada = signed_in(app, members.ada)
    for address in ("", "/cases/functions/relu"):
        page = ada.get(f"/submissions/{submission.id}{address}").text
        assert 'Lesson: <a href="/learn/relu">The rectifier</a>' in page


def test_a_lesson_begins_with_prose() -> None:
    lesson = find_lesson("order")
    assert lesson is not None
    assert isinstance(lesson.parts[0], Prose)
