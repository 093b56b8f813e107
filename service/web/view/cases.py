"""Cases of a report as pages show them, in a list or one by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from service.feedback.summary import SuiteCase, explain_case, find_look
from service.feedback.wording import Look
from service.submissions.models import Submission
from service.web.view.drawing import Drawing, draw_graph
from service.web.view.focus import find_focus
from worker.reference.engine import evaluate
from worker.report.model import CaseReport, CaseSummary, Check, Provenance, Report, Summary
from worker.suites import cases as suites
from worker.suites import catalogue
from worker.suites.cases import Kind

C = TypeVar("C", bound="Identified")

MOST_DRAWN = 2_000  # nodes of a graph; more take long, and all but 40 would be folded


class Identified(Protocol):
    """Something with the id of a case."""

    @property
    def id(self) -> str:
        """The id, unique in its suite."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with its badge.

    An `inline` case has its details in the list; any other is a link to its own page. `open` says
    whether the details are open at first. `rule` is the name of the rule that it tests.
    """

    id: str
    suite: str
    title: str
    rule: str | None
    look: Look
    inline: bool
    open: bool
    message: str
    program: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCase(Generic[C]):
    """One case of a report by itself, and the cases before and after it in its suite."""

    case: C
    suite_title: str
    before: C | None
    after: C | None


def find_shown(cases: Sequence[C], case_id: str, suite_title: str) -> ShownCase[C] | None:
    """The case of a suite with this id, between its neighbours; None if there is none."""
    for position, case in enumerate(cases):
        if case.id == case_id:
            return ShownCase(
                case=case,
                suite_title=suite_title,
                before=cases[position - 1] if position else None,
                after=cases[position + 1] if position + 1 < len(cases) else None,
            )
    return None


def prepare_case(found: SuiteCase, *, inline: bool = False, opened: bool = False) -> Case:
    """A case ready for a template. It is inline only if its details are there."""
    case = found.case
    details = case if isinstance(case, CaseReport) else None
    return Case(
        id=case.id,
        suite=found.suite,
        title=case.title,
        rule=case.rule,
        look=find_look(case),
        inline=inline and details is not None,
        open=opened,
        message=explain_case(case),
        program=details.program if details else "",
        checks=details.checks if details else (),
    )


def prepare_links(suite: str, cases: Iterable[CaseSummary]) -> tuple[Case, ...]:
    """Cases of a suite, each shown as a link."""
    return tuple(prepare_case(SuiteCase(suite, case)) for case in cases)


def show_case(report: Report, suite_name: str, case_id: str) -> ShownCase[Case] | None:
    """Prepare one case of a report; None if there is no such case."""
    suite = next((each for each in report.suites if each.name == suite_name), None)
    return (
        find_shown(prepare_links(suite_name, suite.cases), case_id, suite.title) if suite else None
    )


def draw_case(report: Summary, shown: Case, seed: int, *, theirs: bool = False) -> Drawing | None:
    """The drawing of a case with the numbers of its report, and with a mark at the node to look at.

    None if the suites have changed since then, or the graph is too large to be worth drawing. The
    seed is that of the grading. `theirs`: the engine isn't the reader's own.
    """
    case = find_graph(report.provenance, shown.suite, shown.id, seed)
    if case is None:
        return None
    right = evaluate(case.graph)
    nothing = [None] * len(case.graph.nodes)
    # A gradient check compares with the engine's own slopes, and a convention has several answers.
    fixed = case.kind in {Kind.NUMBERS, Kind.GROWTH}
    return draw_graph(
        shown.title,
        case.graph,
        shown.checks,
        data=nothing if case.kind is Kind.GRADIENT_CHECK else right.data,
        grad=right.grad if fixed and case.graph.outputs else nothing,
        focus=find_focus(report, f"{shown.suite}/{shown.id}", case.graph, shown.checks),
        theirs=theirs,
    )


def find_graph(
    provenance: Provenance, suite_name: str, case_id: str, seed: int
) -> suites.Case | None:
    """The case that a report is about, with its graph.

    None if the suites have changed since then, or the graph is too large to be worth drawing.
    """
    version = provenance.suite_versions.get(suite_name)
    if suite_name not in catalogue.names() or catalogue.outline(suite_name).version != version:
        return None
    suite = catalogue.load(suite_name, seed)
    case = next((case for case in suite.cases if case.id == case_id), None)
    return None if case is None or len(case.graph.nodes) > MOST_DRAWN else case


def check_command(submission: Submission, suite_name: str, case_id: str) -> str:
    """The command that shows the same case on a terminal, with what the assignment requires."""
    assignment = submission.assignment
    options = [f"--names {assignment.names.to_text()}"] if assignment.names else []
    options += ["--require-double"] if assignment.require_double else []
    options += [f"--seed {submission.counting.seed}", f"--explain {suite_name}/{case_id}"]
    return " ".join(["chainrule check FILE", *options])
