"""No correct engine loses a point, however it is written. The real sandbox grades whole files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest

from tests.students import engine, heading, names
from tests.support.oracles.graphs import TAME, draw_cases
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.graph import Graph
from worker.report.model import Report, Verdict
from worker.sandbox import Sandbox
from worker.sandbox.host import zygote_process
from worker.suites import catalogue, rules
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite
from worker.suites.rules import IN_PLACE_FORMS, VALUES, find_rules

SEED = 2026
OF_THE_PASS = (rules.SEED, rules.CHAIN, rules.REUSE, rules.EQUAL, rules.SHARED)
WILD_GRAPHS = 60
WEIGHTED = [name for name in catalogue.names() if catalogue.outline(name).weight]
ZERO_POWER = re.compile(r"\*\*=? 0$", re.MULTILINE)
NEEDY = [name for name in names("right") if heading(name, "needs")]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def is_plain(graph: Graph) -> bool:
    """Whether correct engines agree on all of it."""
    return VALUES["**"] not in find_rules(graph) and not ZERO_POWER.search(graph.program)


@cache
def draw_wild() -> Suite:
    """Graphs of every operation in every form, wilder than those that students are given."""
    drawn = draw_cases(seed=SEED, count=2 * WILD_GRAPHS, outputs=1, most=TAME)
    programs = (oracle.graph.program for oracle in drawn if is_plain(oracle.graph))
    cases = [
        f"# case: wild-{index}\n# title: A wild graph\n# equal: yes\n{program}\n"
        for index, program in enumerate(islice(programs, WILD_GRAPHS))
    ]
    head = "# suite: wild\n# title: Wild graphs\n# version: 1\n# about: All.\n# weight: 10\n"
    return read_suite("\n".join([head, *cases]), "wild.suite")


def grade_fully(name: str, sandbox: Sandbox) -> Report:
    """A student's file over every suite that gives points, each with its own, and wild graphs."""
    chosen = [*(catalogue.load(suite, SEED) for suite in WEIGHTED), draw_wild()]
    selections = [Selection(suite=suite, weight=suite.weight) for suite in chosen]
    return grade(engine(name), selections, sandbox, seed=SEED)


def tell(report: Report) -> str:
    """What has not passed and why, a line for each."""
    failed = [
        f"{suite.name}/{case.id}: {case.verdict}: {case.message}"
        for suite in report.suites
        for case in suite.cases
        if case.verdict is not Verdict.PASSED
    ]
    found = [] if report.problem is None else [report.problem.message]
    return "\n".join(found or failed)


@pytest.mark.no_cover
@pytest.mark.parametrize("name", names("right"))
def test_a_right_engine_gets_every_point(name: str, sandbox: Sandbox) -> None:
    report = grade_fully(name, sandbox)
    assert tell(report) == ""
    assert report.score == report.max_score
    assert len(report.suites) == len(WEIGHTED) + 1


@pytest.mark.parametrize("name", NEEDY)
def test_without_numpy_an_engine_that_needs_it_gets_a_message(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zygote_process, "find_numpy", lambda: "")
    with Sandbox() as bare:
        report = grade_fully(name, bare)
    assert report.score == 0
    assert all("numpy isn't available here" in line for line in tell(report).splitlines())


@pytest.mark.parametrize("name", names("partial"))
def test_a_partial_engine_is_right_or_unsupported(name: str, sandbox: Sandbox) -> None:
    has = {*heading(name, "has"), *OF_THE_PASS, *IN_PLACE_FORMS.values()}
    report = grade_fully(name, sandbox)
    graphs = {
        (suite.name, case.id): case.graph
        for suite in [*(catalogue.load(suite, SEED) for suite in WEIGHTED), draw_wild()]
        for case in suite.cases
    }
    for suite in report.suites:
        for case in suite.cases:
            lacking = find_rules(graphs[suite.name, case.id]) - has
            due = Verdict.UNSUPPORTED if lacking else Verdict.PASSED
            assert case.verdict is due, f"{suite.name}/{case.id}: {case.message}"
    verdicts = {case.verdict for suite in report.suites for case in suite.cases}
    assert verdicts == {Verdict.PASSED, Verdict.UNSUPPORTED}


def test_there_are_engines_of_every_kind() -> None:
    assert len(names("right")) >= 84
    assert len(names("partial")) >= 3
    assert {tuple(heading(name, "needs")) for name in NEEDY} == {("numpy",)}


def test_no_two_right_engines_have_the_same_design() -> None:
    """A `# design:` has three parts: the constructor, the traversal and the accumulation."""
    scripts = [name for name in names("right") if name.endswith(".py")]
    designs = {name: ", ".join(heading(name, "design")) for name in scripts}
    assert {name for name, design in designs.items() if design.count(" / ") != 2} == set()
    assert len(set(designs.values())) == len(designs)
    for part in range(3):
        assert len({design.split(" / ")[part] for design in designs.values()}) >= 40
