"""What a report says: what to fix first, which tests count, how cost grows.

It reads summaries. A report is a summary too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.feedback.wording import (
    BY_PRECISION,
    OTHER_ENDING,
    RULE_ENDINGS,
    SUBJECTS,
    Look,
    look_of,
    lost,
    tests,
)
from worker.graph import FUNCTIONS
from worker.report.model import CaseSummary, Interface, SuiteSummary, Summary, Verdict
from worker.report.numbers import show_point
from worker.suites.rules import PRECISION, RULES_IN_ORDER, spell_rule

MOST_NAMED = 3  # rules
MOST_MESSAGES = 3  # of a rule
NOISE_MS = 1.0  # a clock's ticks would dominate anything shorter

_rank = {rule: rank for rank, rule in enumerate((PRECISION, *RULES_IN_ORDER))}
_varying = re.compile(r"\w+\.(?:data|grad)|-?\d[\w.+-]*")


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
    """A rule whose own cases fail, the simplest first, and what it costs.

    `rule` is empty for the failing cases of a suite that belong to no rule; `suite` is its title.
    `blocked` is how many other cases with points fail because of the rule. `points` are those that
    all these cases lose together; None in older reports.
    """

    rule: str
    suite: str
    cases: tuple[SuiteCase, ...]
    blocked: int
    points: float | None = None

    @property
    def missing(self) -> bool:
        """Whether the engine lacks the rule, rather than computing it wrongly."""
        return self.cases[0].case.verdict is Verdict.UNSUPPORTED

    @property
    def because(self) -> str:
        """The rule in words, such as `multiplication`; the suite's title if there is no rule."""
        return spell_rule(self.rule) or self.suite

    @property
    def heading(self) -> str:
        """What is wrong in a few words, such as `Multiplication has the wrong gradient`."""
        verdict = self.cases[0].case.verdict
        subject, if_wrong = SUBJECTS.get(self.rule, (self.because, ""))
        end = RULE_ENDINGS.get(verdict, OTHER_ENDING)
        if self.rule in FUNCTIONS:
            return f"{self.rule}() {end}"
        if not self.rule:
            return f"{self.suite}: something is still wrong"
        if if_wrong and verdict in {Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT}:
            end = if_wrong
        return f"{subject[:1].upper()}{subject[1:]} {end}"

    @property
    def messages(self) -> list[str]:
        """What the cases say, each kind of message once. Numbers and names make no difference."""
        kinds: dict[str, str] = {}
        for found in self.cases:
            kinds.setdefault(_varying.sub("", found.case.message), found.case.message)
        return list(kinds.values())[:MOST_MESSAGES]

    @property
    def extent(self) -> str:
        """How much of the report it is: `3 tests fail, 12 more because of it: −14.00 points.`"""
        own = f"{tests(len(self.cases))} {'fails' if len(self.cases) == 1 else 'fail'}"
        more = f", {self.blocked} more because of it" if self.blocked else ""
        return f"{own}{more}" + ("." if self.points is None else f": {lost(self.points)} points.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A graph of some size and its cost; None if the case didn't finish.

    `calls` is None in older reports, too. Then only CPU time shows how cost grows.
    """

    label: str
    size: float
    verdict: Verdict
    message: str
    calls: int | None
    calls_per_node: float | None
    milliseconds: float | None
    megabytes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the cost of a graph grows with its size."""

    graph: str
    title: str
    points: tuple[Point, ...]

    @property
    def counts_calls(self) -> bool:
        """Whether calls were counted. Older reports have CPU time alone."""
        return any(point.calls is not None for point in self.points)


def name_rules(rules: Sequence[str]) -> str:
    """Rules in words, the first few of many: `power, tanh, division and 4 more`."""
    named = [spell_rule(rule) for rule in rules[:MOST_NAMED]]
    if len(rules) > MOST_NAMED:
        named.append(f"{len(rules) - MOST_NAMED} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def is_untested(suite: SuiteSummary, case: CaseSummary) -> bool:
    """Whether an older report doesn't count the case, because it needs a broken rule.

    Only in suites that give points. A passing case with a message is a convention, not untested.
    """
    return suite.gives_points and not case.counts and not is_convention(case)


def count_suite(suite: SuiteSummary) -> tuple[int, int]:
    """How many of a suite's tested cases passed, and how many were tested.

    Older reports don't count blocked cases. A convention counts in a suite without points.
    """
    tested = [
        case for case in suite.cases if case.counts or not (suite.gives_points or case.blocked_by)
    ]
    return sum(case.passed for case in tested), len(tested)


def count_report(report: Summary) -> tuple[int, int]:
    """The same counts over all suites that give points, or over all suites where none does."""
    counts = [count_suite(suite) for suite in report.suites_with_points]
    return sum(passed for passed, _ in counts), sum(tested for _, tested in counts)


def count_untested(suite: SuiteSummary) -> int:
    """How many of a suite's cases an older report doesn't count."""
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

    They are in the order in which engines are built, so a rule comes before those built from it.
    Every lost point has its rule here, or the suite that it was lost in. Older reports have the
    rules in the order of their cases, and nothing else.
    """
    if report.ledger is None:
        return _find_broken_rules_of_older(report)
    causes: dict[tuple[str, str], list[SuiteCase]] = {}
    for suite in report.suites_with_points:
        for case in suite.cases:
            if not case.passed:
                rule = case.blocked_by[0] if case.blocked_by else case.rule or ""
                key = (rule, "" if rule else suite.title)
                causes.setdefault(key, []).append(SuiteCase(suite.name, case))
    found = []
    for (rule, title), cases in causes.items():
        own = [each for each in cases if not each.case.blocked_by] or cases[:1]
        own.sort(key=lambda each: each.case.verdict is Verdict.UNSUPPORTED)  # a wrong form first
        name = spell_rule(rule) or title
        found.append(
            BrokenRule(
                rule=rule,
                suite=title,
                cases=tuple(own),
                blocked=len(cases) - len(own),
                points=sum(line.points for line in report.ledger if line.cause == name)
                if report.ledger
                else None,
            )
        )
    return sorted(found, key=lambda each: (each.missing, _rank.get(each.rule, len(_rank))))


def _find_broken_rules_of_older(report: Summary) -> list[BrokenRule]:
    """A case that several rules block is counted for the first of them."""
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
        BrokenRule(rule=rule, suite="", cases=tuple(cases), blocked=blocked[rule])
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
    return [case for case in suite.cases if is_convention(case)]


def is_convention(case: CaseSummary) -> bool:
    """Whether a case is neither right nor wrong. Its message says what the engine does."""
    return case.passed and bool(case.message)


def find_look(case: CaseSummary) -> Look:
    """The badge of a case. A convention that is only reported hasn't passed."""
    return look_of(case.verdict, message=case.message)


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
    cost = case.cost
    return Point(
        label=show_point(case.point),
        size=number if case.size is None else case.size,
        verdict=case.verdict,
        message=case.message,
        calls=None if cost is None else cost.calls,
        calls_per_node=cost.calls / cost.nodes if cost and cost.calls and cost.nodes else None,
        milliseconds=None if cost is None else cost.cpu_seconds * 1000,
        megabytes=None if cost is None else cost.memory_bytes / 2**20,
    )


def _attribute(name: str) -> str:
    return f".{name}" if all(map(str.isidentifier, name.split("."))) else name
