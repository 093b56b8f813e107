"""A report as pages show it where its feedback level hides a part: tests, a score, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.feedback.levels import (
    CaseOutcome,
    OutcomeReport,
    OwnNumber,
    ProblemReport,
    Reduced,
    Sight,
    SuiteOutcome,
)
from service.feedback.summary import describe_interface
from service.feedback.wording import Look, describe_sight, look_of, points_of
from service.web.view.cases import ShownCase, find_graph, find_shown
from service.web.view.drawing import Drawing, draw_graph
from service.web.view.report import Trouble, describe_problem
from service.web.view.times import local
from worker.report.model import Provenance, Quantity
from worker.suites.cases import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedCase:
    """A test with its badge, its input and the engine's own numbers. It names no rule."""

    id: str
    suite: str
    title: str
    look: Look
    message: str
    program: str
    checks: tuple[OwnNumber, ...]
    rule: None = None
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedSuite:
    """A suite with its tests: those that failed, then those that passed. Each has its own page.

    The first suite with a test that failed is open.
    """

    name: str
    title: str
    score: float | None
    max_score: float
    failing: tuple[LimitedCase, ...]
    right: tuple[LimitedCase, ...]
    open: bool = False

    @property
    def tested(self) -> int:
        """How many tests the suite has."""
        return len(self.failing) + len(self.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A reduced report ready for the template.

    `notice` says what is left out. `score` is None while points aren't shown. `suites` is empty
    where tests aren't shown; `for_information` are those without points.
    """

    notice: str
    summary: str
    score: float | None
    max_score: float | None
    problem: Trouble | None
    suites: tuple[LimitedSuite, ...] = ()
    for_information: tuple[LimitedSuite, ...] = ()
    interface: str = ""
    notes: tuple[str, ...] = ()
    stdout: str = ""
    stderr: str = ""
    provenance: Provenance | None = None


def show_limited(report: Reduced, sight: Sight) -> Limited:
    """Prepare a reduced report."""
    problem = describe_problem(report.problem) if report.problem else None
    score, max_score = (
        (None, None) if isinstance(report, ProblemReport) else (report.score, report.max_score)
    )
    limited = Limited(
        notice=describe_sight(sight, local),
        summary=_summarise(report),
        score=score,
        max_score=max_score,
        problem=problem,
    )
    if not isinstance(report, OutcomeReport):
        return limited
    main = [suite for suite in report.suites if suite.max_score > 0 or report.problem]
    rest = [suite for suite in report.suites if suite not in main]
    first = next((suite for suite in main if not all(case.passed for case in suite.cases)), None)
    return replace(
        limited,
        suites=tuple(
            _show_suite(suite, is_open=suite is first and report.problem is None) for suite in main
        ),
        for_information=tuple(map(_show_suite, rest)),
        interface=describe_interface(report.interface) if report.interface else "",
        notes=report.interface.notes if report.interface else (),
        stdout=report.stdout,
        stderr=report.stderr,
        provenance=report.provenance,
    )


def show_limited_case(
    report: OutcomeReport, suite_name: str, case_id: str
) -> ShownCase[LimitedCase] | None:
    """Prepare one test of a reduced report; None if there is no such test."""
    suite = next((each for each in report.suites if each.name == suite_name), None)
    return find_shown(_show_cases(suite, suite.cases), case_id, suite.title) if suite else None


def draw_limited_case(report: OutcomeReport, shown: LimitedCase, seed: int) -> Drawing | None:
    """The drawing of a test's graph with the engine's own numbers, right or wrong.

    None if the suites have changed since then. The seed is that of the grading.
    """
    case = find_graph(report.provenance, shown.suite, shown.id, seed)
    if case is None:
        return None
    own = {(each.node, each.quantity): each.actual for each in shown.checks}
    names = {node: name for name, node in case.graph.names.items()}
    data, grad = (
        [own.get((names.get(node, ""), quantity)) for node in range(len(case.graph.nodes))]
        for quantity in Quantity
    )
    is_shown = case.kind is not Kind.CONVENTION or any(own.values())
    return draw_graph(shown.title, case.graph, (), data=data, grad=grad) if is_shown else None


def _summarise(report: Reduced) -> str:
    if report.problem is not None:
        return "No test could run."
    if isinstance(report, OutcomeReport):
        marked = [suite for suite in report.suites if suite.max_score > 0] or report.suites
        cases = [case for suite in marked for case in suite.cases]
        return f"{sum(case.passed for case in cases)} of {len(cases)} tests passed."
    if isinstance(report, ProblemReport) or report.score is None or report.max_score is None:
        return "Your file was graded."
    return f"Your file was graded: {points_of(report.score, report.max_score)} points."


def _show_suite(suite: SuiteOutcome, *, is_open: bool = False) -> LimitedSuite:
    return LimitedSuite(
        open=is_open,
        name=suite.name,
        title=suite.title,
        score=suite.score,
        max_score=suite.max_score,
        failing=_show_cases(suite, (case for case in suite.cases if not case.passed)),
        right=_show_cases(suite, (case for case in suite.cases if case.passed)),
    )


def _show_cases(suite: SuiteOutcome, cases: Iterable[CaseOutcome]) -> tuple[LimitedCase, ...]:
    return tuple(
        LimitedCase(
            id=case.id,
            suite=suite.name,
            title=case.title,
            look=look_of(case.verdict, message=case.message),
            message=case.message,
            program=case.program,
            checks=case.checks,
        )
        for case in cases
    )
