"""What a report says, read from its JSON: what to mend first, what counts, what is only told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from worker.report.model import Verdict
from worker.report.tally import counts
from worker.suites.rules import REUSE, spell_rule

Json = Mapping[str, Any]

SUBJECTS: Mapping[str, str] = {REUSE: "the gradient of a value used more than once"}
ENDS: Mapping[Verdict, str] = {
    Verdict.WRONG_VALUE: "is wrong",
    Verdict.WRONG_GRADIENT: "is wrong",
    Verdict.NONDETERMINISTIC: "is not repeatable",
    Verdict.UNSUPPORTED: "is missing",
}
MOST_NAMED = 3  # rules
FOR_INFORMATION = "For your information, no points"
NOT_JUDGED = (
    "Some tests depend on something that's broken or missing, so they couldn't be tested. "
    "Each gets the share of points that similar tests earn, less for every wrong rule in it."
)
NOISE_MS = 1.0  # what takes less than this is not compared: a clock's ticks would be the curve
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A case, and the name of its suite."""

    suite: str
    case: Json

    @property
    def address(self) -> str:
        """How the case is asked for, such as `rules/product@1`."""
        return f"{self.suite}/{self.case['id']}"

    @property
    def graph(self) -> str:
        """What it shares with cases of the same graph at other points, such as `rules/product`."""
        return self.address.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule whose own cases fail, the simplest first, and how many others of those that give
    points fail because of it.
    """

    rule: str
    cases: tuple[Found, ...]
    blocked: int

    @property
    def missing(self) -> bool:
        """Whether the engine does without it, rather than doing it wrong."""
        return bool(self.cases[0].case["verdict"] == Verdict.UNSUPPORTED)

    @property
    def because(self) -> str:
        """What others fail because of, such as `multiplication`."""
        return spell_rule(self.rule)

    @property
    def heading(self) -> str:
        """What is the matter, such as `Multiplication is wrong`."""
        subject = SUBJECTS.get(self.rule, spell_rule(self.rule))
        end = ENDS.get(Verdict(self.cases[0].case["verdict"]), "fails")
        return f"{subject[:1].upper()}{subject[1:]} {end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A graph of some size and what it cost; nothing where the case did not come to its end."""

    label: str
    size: float
    verdict: Verdict
    message: str
    milliseconds: float | None
    megabytes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the cost of a graph grows with its size."""

    case: str
    title: str
    points: tuple[Point, ...]


def name_rules(rules: Sequence[str]) -> str:
    """Rules in words, and of many the first: `power, tanh, division and 4 more`."""
    named = [spell_rule(rule) for rule in rules[:MOST_NAMED]]
    if len(rules) > MOST_NAMED:
        named.append(f"{len(rules) - MOST_NAMED} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def has_passed(case: Json) -> bool:
    """Whether the case is right."""
    return bool(case["verdict"] == Verdict.PASSED)


def is_blocked(case: Json) -> bool:
    """Whether it fails because a rule that it needs is broken."""
    return bool(case.get("blocked_by"))


def is_not_judged(suite: Json, case: Json) -> bool:
    """Whether the case of a suite that gives points needs a broken rule; it may pass by luck."""
    told = has_passed(case) and case["message"]
    return is_marked(suite) and not counts(case) and not told


def is_marked(suite: Json) -> bool:
    """Whether the suite gives points; another is told, and not marked."""
    return bool(suite["max_score"] > 0)


def count(suite: Json) -> tuple[int, int]:
    """How many of a suite's judged cases passed, and how many are judged.

    Where a suite gives no points, those are judged that are not blocked.
    """
    marked = is_marked(suite)
    counted = [case for case in suite["cases"] if (counts if marked else _is_free)(case)]
    return sum(map(has_passed, counted)), len(counted)


def count_marked(report: Json) -> tuple[int, int]:
    """The same over all suites that give points, or over all where none does."""
    counts = [count(suite) for suite in _marked_or_all(report)]
    return sum(passed for passed, _ in counts), sum(counted for _, counted in counts)


def count_not_judged(suite: Json) -> int:
    """How many of a suite's cases are not judged."""
    return sum(is_not_judged(suite, case) for case in suite["cases"])


def all_passed(report: Json) -> bool:
    """Whether every case passed of every suite that gives points, or of all where none does."""
    return all(has_passed(case) for suite in _marked_or_all(report) for case in suite["cases"])


def find_failing(suites: Iterable[Json]) -> list[Found]:
    """The cases that fail for a reason of their own."""
    return [
        Found(suite["name"], case)
        for suite in suites
        for case in suite["cases"]
        if not has_passed(case) and not is_blocked(case)
    ]


def find_broken_rules(report: Json) -> list[BrokenRule]:
    """The rules to be mended first: what is wrong, then what is missing.

    A case that several of them block is told of the first.
    """
    broken: dict[str, list[Found]] = {}
    for found in find_failing(report["suites"]):
        if rule := found.case.get("rule"):
            broken.setdefault(rule, []).append(found)
    broken = dict(
        sorted(broken.items(), key=lambda item: item[1][0].case["verdict"] == Verdict.UNSUPPORTED)
    )
    blocked = dict.fromkeys(broken, 0)
    for suite in _marked_or_all(report):
        for case in suite["cases"]:
            because = next((rule for rule in broken if rule in case.get("blocked_by", ())), None)
            if because is not None:
                blocked[because] += 1
    return [
        BrokenRule(rule=rule, cases=tuple(cases), blocked=blocked[rule])
        for rule, cases in broken.items()
    ]


def find_growth(suite: Json) -> list[Growth]:
    """The cases at several sizes whose cost was measured, at one of them at least."""
    series: dict[str, list[Json]] = {}
    for case in suite["cases"]:
        base, at, _ = case["id"].partition("@")
        if at:
            series.setdefault(base, []).append(case)
    return [
        Growth(
            case=base,
            title=cases[0]["title"].rpartition(", at ")[0] or cases[0]["title"],
            points=tuple(_read_point(case, place) for place, case in enumerate(cases, 1)),
        )
        for base, cases in series.items()
        if any(case.get("cost") for case in cases)
    ]


def find_sentences(suite: Json) -> list[Json]:
    """The cases that have something to tell although they passed: conventions."""
    return [case for case in suite["cases"] if has_passed(case) and case["message"]]


def tell_interface(interface: Json) -> str:
    """How an engine is spelled: `class Scalar, number in .value, gradient in .gradient, …`."""
    name, grad, backward = (interface[part] for part in ("class_name", "grad", "backward"))
    parts = [
        f"class {name}" if name else "functions without a class",
        f"number in {_attribute(interface['data'])}",
    ]
    if grad == backward:
        parts.append(f"gradient by {backward}")
    elif grad.startswith("returned "):
        parts += [backward, f"gradient {grad}"]
    else:
        parts += [f"gradient in {_attribute(grad)}", backward]
    return ", ".join(parts)


def _is_free(case: Json) -> bool:
    return not is_blocked(case)


def _marked_or_all(report: Json) -> list[Json]:
    suites: list[Json] = report["suites"]
    return [suite for suite in suites if is_marked(suite)] or suites


def _read_point(case: Json, place: int) -> Point:
    label = case["title"].rpartition(", at ")[2]
    number = NUMBER.search(label)
    cost = case.get("cost")
    return Point(
        label=label,
        size=float(number[0]) if number else float(place),
        verdict=Verdict(case["verdict"]),
        message=case["message"],
        milliseconds=None if cost is None else cost["cpu_seconds"] * 1000,
        megabytes=None if cost is None else cost["memory_bytes"] / 2**20,
    )


def _attribute(name: str) -> str:
    return f".{name}" if name.isidentifier() else name
