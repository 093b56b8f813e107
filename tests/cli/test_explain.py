"""`chainrule check --explain`: everything about one case."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from service.cli.errors import CommandError
from service.cli.output.explain import explain, find_cases
from service.cli.output.progress import show_progress
from service.submissions.runnable import Loader
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Cost, Verdict
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite

HEAD = "# suite: {}\n# title: T\n# version: 1\n# about: A\n# weight: 1\n"
SUM = "# case: sum\n# title: Sum\n# rule: addition\nx = Value(1)\nL = x + x\nL.backward()\n"
CHAIN = "# case: chain\n# title: Chain\n# at: n=2 | n=3\nx = Value(n)\nL = x * x\nL.backward()\n"


def suite(name: str, *cases: str) -> Suite:
    return read_suite(HEAD.format(name) + "".join(cases), f"{name}.suite")


RULES, DEPTH = suite("rules", SUM, CHAIN), suite("depth", SUM)


def addresses(wanted: str) -> list[str]:
    return [f"{home.name}/{case.id}" for home, case in find_cases([RULES, DEPTH], wanted)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("chain@2", ["rules/chain@2"]),
        ("chain", ["rules/chain@1", "rules/chain@2"]),
        ("depth/sum", ["depth/sum"]),
        ("rules/chain@1", ["rules/chain@1"]),
    ],
)
def test_a_case_is_found_by_its_id_or_all_points_by_its_name(wanted: str, found: list[str]) -> None:
    assert addresses(wanted) == found


def test_an_id_in_two_suites_is_ambiguous() -> None:
    with pytest.raises(CommandError, match="rules/sum or depth/sum"):
        addresses("sum")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("chian", "Did you mean rules/chain"),
        ("rules/chain@9", "rules/chain@1"),
        ("zzzzzz", "chainrule suites"),
    ],
)
def test_the_message_for_an_unknown_case_suggests_similar_ones(wanted: str, expected: str) -> None:
    with pytest.raises(CommandError) as error:
        addresses(wanted)
    assert expected in error.value.message
    assert error.value.exit_code == 2


def test_the_message_for_a_case_in_an_unchosen_suite_says_what_to_add() -> None:
    with pytest.raises(CommandError, match="add --suite reuse"):
        addresses("reuse/sum-twice@1")


LOADER = Loader(filename="value.py", is_notebook=False)


def explained(wanted: str) -> tuple[bool, str]:
    """The explanation of a case when addition is wrong."""
    cost = Cost(cpu_seconds=0.0125, memory_bytes=2**20)
    report = make_report(
        make_suite(
            "rules",
            make_case("sum", Verdict.WRONG_GRADIENT, title="Sum"),
            make_case("chain@1", title="Chain, at n = 2", cost=cost),
            make_case("chain@2", Verdict.ERROR, blocked_by=("addition",), checks=()),
        ),
        make_suite("depth", make_case("sum")),
    )
    text = io.StringIO()
    console = Console(file=text, width=80, highlight=False)
    return explain(report, [RULES, DEPTH], wanted, LOADER, console), text.getvalue()


def test_a_failing_case_is_explained_with_every_check_and_what_it_depends_on() -> None:
    passed, text = explained("rules/sum")
    assert not passed
    assert "Wrong gradient  rules/sum" in text
    assert "x.grad is 2.0 and should be 1.0." in text
    row = next(line.split() for line in text.splitlines() if line.strip().startswith("x.grad  "))
    assert row == ["x.grad", "1", "2", "1", "1e-12", "wrong"]
    assert "\nfrom value import Value\n" in text  # its program loads the file
    assert "It tests: addition." in text
    assert "It depends on: the backward pass, values used more than once." in text


def test_a_convention_is_neither_passed_nor_failed() -> None:
    convention = make_case("sum", title="Sum", message="It is taken to be 0.")
    text = io.StringIO()
    console = Console(file=text, width=80, highlight=False)
    report = make_report(make_suite("rules", convention))
    assert explain(report, [RULES], "rules/sum", LOADER, console)
    assert text.getvalue().startswith("For information  rules/sum\n")


def test_all_points_of_a_graph_are_explained_and_blocked_ones_say_so() -> None:
    passed, text = explained("chain")
    assert not passed
    assert text.startswith("Passed  rules/chain@1\n")
    assert "\n\nError  rules/chain@2\n" in text
    assert "It took 12.5 ms of CPU, 1.0 MB at its peak." in text
    assert "Fix what it depends on first." in text
    assert explained("chain@1")[0]


def test_a_progress_bar_grows_on_a_terminal_and_disappears_at_the_end() -> None:
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True, color_system=None)
    with show_progress([RULES, DEPTH], console) as on_case:
        assert on_case is not None
        for _ in range(4):
            on_case(make_case())
    drawn = text.getvalue()
    assert "Grading" in drawn
    assert "4/4" in drawn
    assert drawn.rstrip("\n").endswith("\x1b[2K")


def test_there_is_no_progress_bar_without_a_terminal() -> None:
    text = io.StringIO()
    with show_progress([RULES], Console(file=text)) as on_case:
        assert on_case is None
    assert text.getvalue() == ""
