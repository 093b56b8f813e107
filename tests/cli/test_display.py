"""A report on a terminal: what to fix first, untested cases, and suites without points."""

from __future__ import annotations

import dataclasses
import io
from typing import Any

import pytest
from rich.console import Console

from service.cli.output import terminal
from service.cli.output.report import show_report
from service.submissions.runnable import About, Loader
from tests.support.factories import (
    make_case,
    make_counterexample,
    make_diagnosis,
    make_report,
    make_suite,
)
from worker.report.model import (
    Check,
    Cost,
    Interface,
    LedgerLine,
    Quantity,
    Report,
    SuiteReport,
    Verdict,
)

INTERFACE = Interface(
    class_name="Scalar",
    data="value",
    grad="gradient",
    backward="backprop()",
    notes=("matplotlib is not here: what plots was left out.",),
)
RIGHT = make_case("sum")
PRODUCT = make_case("product@1", Verdict.WRONG_GRADIENT, rule="multiplication")
AGAIN = make_case("product@2", Verdict.WRONG_GRADIENT, rule="multiplication")
BLOCKED = make_case(
    "neuron",
    Verdict.WRONG_GRADIENT,
    blocked_by=("multiplication",),
    message="Fails because of multiplication: w.grad is 1, expected 2.",
)


def shown(report: Report, service: str = "", **options: Any) -> str:
    """The report on a terminal with 80 columns, by default without colours."""
    text = io.StringIO()
    console = Console(file=text, width=80, highlight=False, **options)
    show_report(report, "value.py", "", service=service, console=console)
    return text.getvalue()


def row(text: str, start: str) -> list[str]:
    """The cells of the line that starts with this text; several spaces separate cells."""
    line = next(line.strip() for line in text.splitlines() if line.strip().startswith(start))
    return [cell for cell in line.removeprefix(start).split("  ") if cell.strip()]


def test_the_parts_of_the_engine_are_shown_first() -> None:
    lines = shown(make_report(make_suite("rules", RIGHT), interface=INTERFACE)).splitlines()
    found = "Found: class Scalar, number in .value, gradient in .gradient, backprop()"
    assert lines[0] == found
    assert lines[1].strip() == "matplotlib is not here: what plots was left out."


def test_a_broken_rule_is_shown_with_its_simplest_case_and_the_number_of_blocked_cases() -> None:
    order = make_case("order", Verdict.WRONG_GRADIENT, title="The order of it")
    first = make_suite("order", order, title="Order")
    text = shown(make_report(first, make_suite("rules", PRODUCT, AGAIN, BLOCKED, BLOCKED, RIGHT)))
    assert text.index("Multiplication has the wrong gradient") < text.index("The order of it")
    assert "The same in rules/product@2." in text
    assert "2 tests couldn't be tested because of multiplication." in text
    assert "neuron" not in text
    assert [cell.strip() for cell in row(text, "Rules")] == ["1 of 3", "2", "16 of 80"]
    assert "--explain rules/product@1 --seed 7" in text


def test_a_diagnosis_comes_first_with_what_shows_it_and_others_are_short() -> None:
    half = make_diagnosis(title="Another one", exact=False)
    text = shown(make_report(make_suite("rules", PRODUCT), diagnoses=(make_diagnosis(), half)))
    parts = (
        "Fix this first",
        "The slope of tanh",
        "Its gradient is 1 - t.",
        "Where is tanh almost flat",
        "And 2 more",
        "Another one",
        "Something else is wrong too.",
        "rules/product@1",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert text.count("Something else is wrong too.") == 1
    assert "1 - t**2" not in text
    assert "x = Value(2)" not in text  # no program of a test, since none is evidence


def test_rules_that_a_diagnosis_explains_are_a_line_each() -> None:
    wrong = [make_case(rule, Verdict.WRONG_GRADIENT, rule=rule) for rule in ("exp", "tanh")]
    for exact in (True, False):
        diagnosis = make_diagnosis(exact=exact)
        text = shown(make_report(make_suite("functions", *wrong), diagnoses=(diagnosis,)))
        assert ("2 rules fail because of it:" in text) == exact
        assert ("And 2 more" in text) == (not exact)
        assert text.count("Wrong gradient") == (0 if exact else 2)
        assert "tanh() has the wrong gradient" in text


def test_the_counterexample_is_a_sketch_and_a_program_in_place_of_a_test() -> None:
    diagnosis = make_diagnosis(evidence=("rules/product@1",))
    report = make_report(
        make_suite("rules", PRODUCT), diagnoses=(diagnosis,), counterexample=make_counterexample()
    )
    text = shown(report)
    assert "A small graph shows it. x is used twice." in text
    lines = [line.strip() for line in text.splitlines()]
    assert [" ".join(line.split()) for line in lines if line.startswith(("L =", "|", "`"))][:3] == [
        "L = x + x 6 1",
        "|-- x = Value(3) 3 2, yours 1 <-- used twice",
        "`-- x (above)",
    ]
    assert lines.count("x = Value(3)") == 1  # the program of the small graph, and no other
    assert "assert math.isclose(x.grad, 2, rel_tol=1e-9, abs_tol=1e-12), x.grad" in lines
    assert "rules/product@1 is a test that fails too." in lines
    assert lines.index("from value import Value") < lines.index("x = Value(3)")


def test_a_program_to_copy_runs_as_it_is_printed() -> None:
    program = f"x = Value(3)\nassert x.data == 3, {'x' * 90!r}"
    report = make_report(
        make_suite("rules", PRODUCT), counterexample=make_counterexample(program=program)
    )
    loader = Loader(filename="value.py", is_notebook=False)
    assert f"\n{loader.make_runnable(program, About.SMALL_GRAPH)}" in shown(report)


@pytest.mark.parametrize(
    ("service", "where"),
    [("", "/learn/tanh on the service"), ("https://a.example", "https://a.example/learn/tanh")],
)
def test_each_thing_to_fix_comes_with_its_lesson(service: str, where: str) -> None:
    wrong = make_case("relu", Verdict.WRONG_GRADIENT, rule="relu")
    found = make_diagnosis(rule="tanh", exact=False)
    text = shown(make_report(make_suite("functions", wrong), diagnoses=(found,)), service)
    assert f"Lesson: The hyperbolic tangent, {where}" in text
    assert "Lesson: The rectifier, " in text
    alone = shown(make_report(make_suite("functions", wrong)), service)
    assert "Lesson: The rectifier, " in alone


def test_the_counterexample_of_a_rule_without_a_diagnosis_comes_with_its_message() -> None:
    wrong = dataclasses.replace(PRODUCT, message="x.grad is 1, expected 2.")
    report = make_report(make_suite("rules", wrong), counterexample=make_counterexample())
    text = shown(report)
    parts = ("Multiplication has the wrong", "x.grad is 1, expected 2.", "A small graph shows it")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_a_suite_with_only_blocked_cases_has_no_tested_case() -> None:
    text = shown(make_report(make_suite("rules", PRODUCT), make_suite("x", BLOCKED, title="Nets")))
    assert [cell.strip() for cell in row(text, "Nets")] == ["–", "1", "0 of 80"]
    assert "1 test couldn't be tested because of multiplication." in text


def test_the_note_about_untested_cases_is_shown_once_and_only_if_there_are_some() -> None:
    note = "Some tests depend on something that's broken or missing"
    assert shown(make_report(make_suite("rules", PRODUCT, BLOCKED))).count(note) == 1
    assert note not in shown(make_report(make_suite("rules", PRODUCT, RIGHT)))


def test_each_missing_rule_has_one_line() -> None:
    tanh = make_case("tanh", Verdict.UNSUPPORTED, rule="tanh", message="Value has no tanh().")
    needs = make_case("tanh-sum", Verdict.UNSUPPORTED, blocked_by=("tanh",))
    text = shown(make_report(make_suite("rules", tanh, needs, RIGHT)))
    assert "Not supported\n" in text
    assert row(text, "tanh")[0].strip() == "Value has no tanh()."
    assert "1 test couldn't be tested because of these." in text
    assert "x = Value(2)" not in text  # the program says no more than the line
    assert "--explain" not in text


def test_if_many_cases_fail_the_first_are_shown_in_full_and_all_are_counted() -> None:
    cases = [make_case(f"graph-{n}@{p}", Verdict.ERROR) for n in range(40) for p in (1, 2)]
    text = shown(make_report(make_suite("rules", *cases)))
    assert text.count("x = Value(2)") == 6
    assert "Error  rules/graph-6@1 (2 points)" in text
    assert "... and 14 more graphs that fail; --json has them all." in text
    assert len(text.splitlines()) < 110


def test_a_graph_that_fails_at_many_points_stays_short() -> None:
    cases = [make_case(f"graph@{n}", Verdict.ERROR) for n in range(60)]
    assert "and 51 more." in shown(make_report(make_suite("rules", *cases)))


def test_brackets_in_a_message_are_not_read_as_colours() -> None:
    relu = make_case("relu", message="[red]x[/red] and [/bold] are as they are")
    text = shown(make_report(make_suite("conventions", relu, points=0)))
    assert "[red]x[/red] and [/bold] are as they are" in " ".join(text.split())


def test_if_there_are_many_checks_the_wrong_ones_are_shown() -> None:
    (good,) = RIGHT.checks
    (bad,) = PRODUCT.checks
    case = make_case("big", Verdict.WRONG_GRADIENT, checks=(*[good] * 30, bad))
    text = shown(make_report(make_suite("rules", case)))
    assert "and 20 more" in text
    assert [line.split()[-1] for line in text.splitlines() if "x.grad  " in line].count(
        "wrong"
    ) == 1


def told_suites() -> tuple[SuiteReport, SuiteReport]:
    """Suites without points: one with growth, one with conventions."""
    growing = [
        make_case(
            f"chain@{place}",
            title=f"A chain of n sums, at n = {size}",
            point={"n": size},
            size=size,
            cost=Cost(cpu_seconds=size / 1e4, memory_bytes=size * 2**20),
        )
        for place, size in enumerate((100, 400), 1)
    ]
    too_deep = make_case(
        "chain@3",
        Verdict.ERROR,
        title="A chain of n sums, at n = 1600",
        point={"n": 1600},
        size=1600,
        checks=(),
    )
    far = make_case("tanh-far", Verdict.ERROR, title="Tanh far out", message="OverflowError")
    robustness = make_suite("robustness", *growing, too_deep, far, BLOCKED, title="Depth", points=0)
    relu = make_case("relu", title="The slope of relu at 0", message="It is taken to be 0.")
    return robustness, make_suite("conventions", relu, title="Conventions", points=0)


def test_suites_without_points_have_their_own_part() -> None:
    text = shown(make_report(make_suite("rules", RIGHT), *told_suites()))
    marked, unmarked = text.split("For your information, no points")
    assert "Depth" not in marked
    assert "Error  robustness/tanh-far" in unmarked
    assert "Tanh far out: OverflowError" in unmarked
    assert "1 test fails because of the mistakes above." in unmarked
    assert row(unmarked, "The slope of relu at 0") == [" It is taken to be 0."]
    assert "80 of 80 points" in unmarked
    assert "0 of 0" not in text


def test_growth_is_a_table_with_bars() -> None:
    text = shown(make_report(make_suite("rules", RIGHT), *told_suites()))
    assert row(text, "n = 100")[0].strip() == "10.0"
    assert "██▌" in text
    assert row(text, "n = 400")[1].strip() == "██████████"
    assert row(text, "n = 1600")[-1].strip() == "Error"


def test_growth_is_shown_in_calls_if_they_were_counted() -> None:
    cases = [
        make_case(
            f"c@{place}",
            title=f"C, at n = {size}",
            point={"n": size},
            cost=Cost(cpu_seconds=1, memory_bytes=2**20, calls=4 * size, nodes=size),
        )
        for place, size in enumerate((500, 1000), 1)
    ]
    text = shown(make_report(make_suite("rules", RIGHT), make_suite("x", *cases, points=0)))
    assert "calls" in text
    assert "CPU ms" not in text
    assert [cell.strip() for cell in row(text, "n = 1000")[:3]] == ["4,000", "██████████", "4.0"]


def test_unmeasurable_times_have_no_bars() -> None:
    cost = Cost(cpu_seconds=1e-5, memory_bytes=0)
    cases = [make_case(f"c@{n}", title=f"C, at n = {n}", point={"n": n}, cost=cost) for n in (1, 2)]
    text = shown(make_report(make_suite("rules", RIGHT), make_suite("x", *cases, points=0)))
    assert row(text, "n = 2")[1].strip() == "▏"


def test_a_convention_in_a_suite_with_points_is_shown_with_the_unmarked_suites() -> None:
    inner = make_case("inner", title="Inner nodes", message="Every node keeps its gradient.")
    text = shown(make_report(make_suite("rules", RIGHT, inner)))
    unmarked = text.partition("For your information, no points")[2]
    assert row(unmarked, "Inner nodes") == [" Every node keeps its gradient."]
    assert "tests passed" not in unmarked


def test_if_no_suite_gives_points_tests_are_counted_instead() -> None:
    text = shown(make_report(*told_suites()))
    assert "3 of 5 tests passed; they give no points" in text
    assert "0 of 0" not in text


@pytest.mark.parametrize("terminal", [False, True])
def test_only_terminals_get_colours(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    report = make_report(make_suite("rules", PRODUCT, RIGHT), *told_suites())
    assert ("\x1b[" in shown(report, force_terminal=terminal)) == terminal
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in shown(report, force_terminal=terminal)


def test_a_missing_backward_is_explained_once() -> None:
    message = "Value has no backward()."
    seed = make_case("seed", Verdict.UNSUPPORTED, rule="seed", message=message, counts=True)
    line = LedgerLine(suite="rules", cause="the backward pass", tests=1, points=80.0)
    interface = dataclasses.replace(INTERFACE, backward=None, warning=message)
    text = shown(make_report(make_suite("rules", seed), interface=interface, ledger=(line,)))
    assert text.count(message) == 1
    assert row(text, "the backward pass") == ["1 test fails: −80.00 points."]


def test_each_cause_of_lost_points_is_one_line_that_does_not_wrap() -> None:
    number = "subtraction from a number (2 - x)"
    titles = ("The table of rules", "Numbers on either side", "Values used more than once", "Nets")
    suites = [make_suite(f"s{n}", RIGHT, title=title) for n, title in enumerate(titles)]
    lines = [LedgerLine(suite=one.name, cause=number, tests=2, points=1.25) for one in suites]
    lines.append(LedgerLine(suite="s3", cause="Nets", tests=1, points=4.0))
    text = shown(make_report(*suites, ledger=tuple(lines))).partition("Points lost")[2]
    assert [cell.strip() for cell in row(text, number)] == ["8", "−5.00"]
    assert row(text, "The table of rules\N{NO-BREAK SPACE}−1.25, ") != []
    assert [cell.strip() for cell in row(text, "Nets ")] == ["1", "−4.00"]
    assert [cell.strip() for cell in row(text, "together")] == ["9", "−9.00"]
    assert max(map(len, text.splitlines())) <= 80


def test_a_tolerance_is_rounded_up_as_in_programs() -> None:
    check = Check(
        node="x",
        quantity=Quantity.GRAD,
        expected=1,
        actual=2,
        error=1,
        tolerance=8.11e-15,
        passed=False,
    )
    case = make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication", checks=(check,))
    assert " 8.2e-15 " in shown(make_report(make_suite("rules", case)))


def test_no_line_is_wider_than_the_terminal() -> None:
    long = make_case("long", Verdict.ERROR, title="A title " * 20, message="Words " * 60)
    report = make_report(
        make_suite("rules", PRODUCT, long, title="A very long title " * 6),
        *told_suites(),
        interface=INTERFACE,
    )
    assert max(map(len, shown(report).splitlines())) <= 80


def test_lines_in_a_file_have_no_trailing_spaces() -> None:
    report = make_report(make_suite("rules", PRODUCT, RIGHT), *told_suites(), interface=INTERFACE)
    assert [line for line in shown(report).splitlines() if line != line.rstrip()] == []


def test_a_warning_comes_before_what_was_found() -> None:
    warning = "backward() never sets the output's own gradient."
    interface = dataclasses.replace(INTERFACE, unseeded=True, warning=warning)
    text = shown(make_report(make_suite("rules", PRODUCT, RIGHT), interface=interface))
    assert text.index(warning) < text.index("Found: ")


def test_control_characters_in_notes_and_messages_do_not_reach_the_terminal() -> None:
    hostile = make_case("x", Verdict.ERROR, message="\x1b[2Jgone\x7f")
    interface = Interface(
        class_name="A\x1b[2J", data="d", grad="g", backward="b", notes=("\x1b[31m",)
    )
    unmarked = make_suite("unmarked", hostile, make_case("y", message="\x1b[1m"), points=0)
    text = shown(make_report(make_suite("rules", hostile), unmarked, interface=interface))
    assert "\x1b" not in text
    assert "\u2421" in text


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, "▏"), (1 / 8, "█"), (0.5, "████"), (0.55, "████▍"), (1, "████████")]
)
def test_a_bar_is_as_long_as_its_share(share: float, drawn: str) -> None:
    assert terminal.bar(share, 8) == drawn
