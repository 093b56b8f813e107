"""What a report says: what to fix first, which tests count, how cost grows.

It reads summaries. A report is a summary too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.feedback.wording import BY_PRECISION, OTHER_ENDING, RULE_ENDINGS
from worker.report.model import (
    CaseSummary,
    Interface,
    SuiteSummary,
    Summary,
    Verdict,
    show_point,
)
from worker.suites.rules import REUSE, spell_rule

MOST_NAMED = 3  # rules
NOISE_MS = 1.0  # a clock's ticks would dominate anything shorter


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """A case, and the name of its suite."""

    suite: str
    case: CaseSummary

    @property
    def address(self) -> str:
        """How to ask for the case, such as `rules/product@1`."""
        return f"{self.suite}/{self.case.id}"

    @property
    def graph(self) -> str:
        """The address of its graph, without the point, such as `rules/product`."""
        return f"{self.suite}/{self.case.graph}"

    @property
    def needs_missing_rule(self) -> bool:
        """Whether the case establishes a rule that the engine does not support."""
        return self.case.verdict is Verdict.UNSUPPORTED and self.case.rule is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule whose own cases fail, the simplest first.

    `blocked` is how many other cases with points fail because of it.
    """

    rule: str
    cases: tuple[SuiteCase, ...]
    blocked: int

    @property
    def missing(self) -> bool:
        """Whether the engine lacks the rule, rather than computing it wrongly."""
        return self.cases[0].case.verdict is Verdict.UNSUPPORTED

    @property
    def because(self) -> str:
        """The rule in words, such as `multiplication`."""
        return spell_rule(self.rule)

    @property
    def heading(self) -> str:
        """What is wrong in a few words, such as `Multiplication is wrong`."""
        subject = (
            "the gradient of a value used more than once" if self.rule == REUSE else self.because
        )
        end = RULE_ENDINGS.get(self.cases[0].case.verdict, OTHER_ENDING)
        return f"{subject[:1].upper()}{subject[1:]} {end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A graph of some size and its cost; None if the case didn't finish."""

    label: str
    size: float
    verdict: Verdict
    message: str
    milliseconds: float | None
    megabytes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the cost of a graph grows with its size."""

    graph: str
    title: str
    points: tuple[Point, ...]


def name_rules(rules: Sequence[str]) -> str:
    """Rules in words, the first few of many: `power, tanh, division and 4 more`."""
    named = [spell_rule(rule) for rule in rules[:MOST_NAMED]]
    if len(rules) > MOST_NAMED:
        named.append(f"{len(rules) - MOST_NAMED} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def is_untested(suite: SuiteSummary, case: CaseSummary) -> bool:
    """Whether the case needs a broken rule, so that its verdict says nothing.

    Only in suites that give points. A passing case with a message is a convention, not untested.
    """
    is_convention = case.passed and bool(case.message)
    return suite.gives_points and not _is_tested(case) and not is_convention


def count_suite(suite: SuiteSummary) -> tuple[int, int]:
    """How many of a suite's tested cases passed, and how many were tested.

    In a suite without points all cases are tested but the blocked ones.
    """
    tested = [
        case
        for case in suite.cases
        if (_is_tested(case) if suite.gives_points else not case.blocked_by)
    ]
    return sum(case.passed for case in tested), len(tested)


def count_report(report: Summary) -> tuple[int, int]:
    """The same counts over all suites that give points, or over all suites where none does."""
    counts = [count_suite(suite) for suite in report.suites_with_points]
    return sum(passed for passed, _ in counts), sum(tested for _, tested in counts)


def count_untested(suite: SuiteSummary) -> int:
    """How many of a suite's cases couldn't be tested."""
    return sum(is_untested(suite, case) for case in suite.cases)


def all_passed(report: Summary) -> bool:
    """Whether all cases passed in the suites with points, or in all suites if none has points."""
    return all(case.passed for suite in report.suites_with_points for case in suite.cases)


def find_failing(suites: Iterable[SuiteSummary]) -> list[SuiteCase]:
    """The cases that fail, but not because of another broken rule."""
    return [
        SuiteCase(suite.name, case)
        for suite in suites
        for case in suite.cases
        if not case.passed and not case.blocked_by
    ]


def find_broken_rules(report: Summary) -> list[BrokenRule]:
    """The rules to fix first: the wrong ones, then the missing ones.

    A case that several rules block is counted for the first of them.
    """
    broken: dict[str, list[SuiteCase]] = {}
    for found in find_failing(report.suites):
        if found.case.rule:
            broken.setdefault(found.case.rule, []).append(found)
    broken = dict(
        sorted(broken.items(), key=lambda item: item[1][0].case.verdict is Verdict.UNSUPPORTED)
    )
    blocked = dict.fromkeys(broken, 0)
    for suite in report.suites_with_points:
        for case in suite.cases:
            because = next((rule for rule in broken if rule in case.blocked_by), None)
            if because is not None:
                blocked[because] += 1
    return [
        BrokenRule(rule=rule, cases=tuple(cases), blocked=blocked[rule])
        for rule, cases in broken.items()
    ]


def find_growth(suite: SuiteSummary) -> list[Growth]:
    """The graphs of several sizes whose cost was measured, at one size at least."""
    series: dict[str, list[CaseSummary]] = {}
    for case in suite.cases:
        if case.point:
            series.setdefault(case.graph, []).append(case)
    return [
        Growth(
            graph=graph,
            title=cases[0].graph_title,
            points=tuple(_read_point(case, number) for number, case in enumerate(cases, 1)),
        )
        for graph, cases in series.items()
        if any(case.cost for case in cases)
    ]


def find_conventions(suite: SuiteSummary) -> list[CaseSummary]:
    """The cases that passed with a message, which says what convention the engine follows."""
    return [case for case in suite.cases if case.passed and case.message]


def list_warnings(report: Summary) -> list[str]:
    """What makes most tests fail, a sentence each. Pages show it first."""
    warnings = [report.interface.warning] if report.interface and report.interface.warning else []
    if report.precision and not report.precision.accepted:
        warnings.append(report.precision.message)
    return warnings


def list_notes(report: Summary) -> list[str]:
    """What else was found in the file, such as a precision that the tests allow for."""
    notes = [report.precision.message] if report.precision and report.precision.accepted else []
    return [*notes, *(report.interface.notes if report.interface else ())]


def explain_case(case: CaseSummary) -> str:
    """The message of a case. A case that passed has one only if something is to be said."""
    return case.message or (BY_PRECISION if case.passed and case.by_precision else "")


def describe_interface(interface: Interface) -> str:
    """How an engine names its parts: `class Scalar, number in .value, gradient in .grad, …`."""
    name = interface.class_name
    parts = [
        f"class {name}" if name else "functions without a class",
        f"number in {_attribute(interface.data)}",
    ]
    if interface.backward is None:
        return ", ".join((*parts, "no backward()"))
    if interface.grad == interface.backward:
        parts.append(f"gradient by {interface.backward}")
    elif interface.grad.startswith("returned "):
        parts += [interface.backward, f"gradient {interface.grad}"]
    else:
        parts += [f"gradient in {_attribute(interface.grad)}", interface.backward]
    return ", ".join(parts)


def _read_point(case: CaseSummary, number: int) -> Point:
    return Point(
        label=show_point(case.point),
        size=number if case.size is None else case.size,
        verdict=case.verdict,
        message=case.message,
        milliseconds=None if case.cost is None else case.cost.cpu_seconds * 1000,
        megabytes=None if case.cost is None else case.cost.memory_bytes / 2**20,
    )


def _is_tested(case: CaseSummary) -> bool:
    return case.counts and not case.blocked_by


def _attribute(name: str) -> str:
    return f".{name}" if name.isidentifier() else name
