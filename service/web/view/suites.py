"""A suite of a report as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from service.feedback import summary
from service.feedback.summary import Found, Json
from service.web.view.cases import Case, prepare_case, prepare_links
from service.web.view.growth_charts import Curve, draw_curve
from worker.report.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """Addresses of failing cases: those whose details are in the list, and those that are open."""

    inline: Set[str]
    open: Set[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite: what fails, what is not judged, and what is right.

    `missing` are cases of rules that the engine does without, which `lacking` names. Not judged are
    those `blocked` because of broken rules, and the `lucky`, which pass although they need one.
    `told` are cases that pass and have something to tell; `curves` how cost grows.
    """

    name: str
    title: str
    score: float
    max_score: float
    passed: int
    judged: int
    not_judged: int
    failing: tuple[Case, ...]
    missing: tuple[Case, ...]
    lacking: str
    blocked: tuple[Case, ...]
    because: str
    lucky: tuple[Case, ...]
    right: tuple[Case, ...]
    told: tuple[Case, ...]
    curves: tuple[Curve, ...]


def prepare_suite(suite: Json, unfolded: Unfolded) -> Suite:
    """A suite of a report's JSON, ready for a template."""
    name = suite["name"]
    passed, judged = summary.count(suite)
    growth = summary.find_growth(suite)
    measured = {each.case for each in growth}
    plain = [case for case in suite["cases"] if case["id"].partition("@")[0] not in measured]
    failing = summary.find_failing([{**suite, "cases": plain}])
    missing = [found for found in failing if is_missing(found)]
    blocked = [case for case in plain if summary.is_blocked(case)]
    told = summary.find_sentences(suite)
    right = [case for case in plain if summary.has_passed(case) and case not in told]
    lucky = [case for case in right if summary.is_not_judged(suite, case)]
    return Suite(
        name=name,
        title=suite["title"],
        score=suite["score"],
        max_score=suite["max_score"],
        passed=passed,
        judged=judged,
        not_judged=summary.count_not_judged(suite),
        failing=_prepare((found for found in failing if found not in missing), unfolded),
        missing=_prepare(missing, unfolded),
        lacking=_name(found.case["rule"] for found in missing),
        blocked=prepare_links(name, blocked),
        because=_name(rule for case in blocked for rule in case["blocked_by"]),
        lucky=prepare_links(name, lucky),
        right=prepare_links(name, (case for case in right if case not in lucky)),
        told=prepare_links(name, told),
        curves=tuple(map(draw_curve, growth)),
    )


def is_missing(found: Found) -> bool:
    """Whether the case tests a rule that the engine does without."""
    return bool(found.case["verdict"] == Verdict.UNSUPPORTED and found.case.get("rule"))


def _prepare(cases: Iterable[Found], unfolded: Unfolded) -> tuple[Case, ...]:
    return tuple(
        prepare_case(
            found, inline=found.address in unfolded.inline, opened=found.address in unfolded.open
        )
        for found in cases
    )


def _name(rules: Iterable[str]) -> str:
    """The rules in words, each once."""
    return summary.name_rules(list(dict.fromkeys(rules)))
