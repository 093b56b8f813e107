"""The wrong engines of tests/students, and what their headers promise.

# misconception: 1, 33             the numbers of the list that it follows, two for a pair
# title: 1 - x as x - 1            in a sentence
# told: robustness (why)           only where no suite that gives points can show it; or
# told: conventions/case: ...      the sentence that tells it
# wrong_value: operators/one-minus@* random/graph-3
# blocked: composite/* ...         failing for a broken rule's sake, so left out of the score

`suite/*` is every case of a suite, `case@*` every point of a case. What is not listed passed.
"""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.students import HERE
from worker.report.model import Report, Verdict

HEADING = re.compile(r"# (\w+): (.*)$")
BLOCKED = "blocked"
OUTCOMES = (*(str(verdict) for verdict in Verdict if verdict is not Verdict.PASSED), BLOCKED)
UNRECORDED = frozenset({"conventions"})  # any answer is right there
WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands above a wrong engine; `outcomes` has the patterns of cases under each outcome."""

    misconceptions: tuple[int, ...]
    title: str
    told: str | None
    outcomes: Mapping[str, tuple[str, ...]]


def files() -> list[Path]:
    """The wrong engines."""
    return sorted((HERE / "wrong").glob("*.py"))


def read_header(source: str) -> Header:
    """The header of a wrong engine."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in source.splitlines():
        match = HEADING.match(line)
        if match is None:
            break
        found[match[1]].append(match[2])
    unknown = found.keys() - {"misconception", "title", "told", *OUTCOMES}
    if unknown:
        raise ValueError(f"no such heading: {', '.join(sorted(unknown))}")
    return Header(
        misconceptions=tuple(int(number) for number in found["misconception"][0].split(",")),
        title=found["title"][0],
        told=found["told"][0] if "told" in found else None,
        outcomes={key: tuple(" ".join(found[key]).split()) for key in OUTCOMES if key in found},
    )


def outcomes_of(report: Report) -> dict[str, str]:
    """Each case that did not pass, as suite/id, with its verdict; "blocked" where it is that."""
    return {
        f"{suite.name}/{case.id}": BLOCKED if case.blocked_by else str(case.verdict)
        for suite in report.suites
        if suite.name not in UNRECORDED
        for case in suite.cases
        if case.verdict is not Verdict.PASSED
    }


def expand(header: Header, cases: Iterable[str]) -> dict[str, str]:
    """The outcomes that a header promises, case by case; `cases` are all there are."""
    cases = list(cases)
    promised: dict[str, str] = {}
    for outcome, patterns in header.outcomes.items():
        for pattern in patterns:
            stem = pattern.removesuffix("*")
            matching = [case for case in cases if case == pattern or _is_under(case, pattern, stem)]
            if not matching:
                raise ValueError(f"{pattern} is no case")
            promised |= dict.fromkeys(matching, outcome)
    return promised


def _is_under(case: str, pattern: str, stem: str) -> bool:
    return stem != pattern and case.startswith(stem)


def render(outcomes: Mapping[str, str], cases: Iterable[str]) -> str:
    """The lines of a header that promise these outcomes, as short as they can be."""
    cases = list(cases)
    lines = []
    for outcome in OUTCOMES:
        chosen = [case for case in cases if outcomes.get(case) == outcome]
        patterns = _shorten(_shorten(chosen, cases, "/"), cases, "@")
        lines += [
            f"# {outcome}: {part}"
            for part in textwrap.wrap(
                " ".join(patterns), WIDTH - len(outcome) - 4, break_on_hyphens=False
            )
        ]
    return "".join(f"{line}\n" for line in lines)


def _shorten(chosen: list[str], cases: list[str], mark: str) -> list[str]:
    """With `stem*` in the place of all cases of a stem, which ends in the mark."""
    whole: dict[str, None] = {}
    for case in chosen:
        stem = case[: case.index(mark) + 1] if mark in case and not case.endswith("*") else ""
        family = [other for other in cases if stem and other.startswith(stem)]
        is_whole = len(family) > 1 and set(family) <= set(chosen)
        whole[f"{stem}*" if is_whole else case] = None
    return list(whole)


def with_outcomes(source: str, lines: str) -> str:
    """The source with the outcomes in its header replaced."""
    own = re.compile(rf"# ({'|'.join(OUTCOMES)}): .*\n")
    head_end = re.match(r"(# \w+: .*\n)*", source)
    assert head_end is not None
    head = own.sub("", source[: head_end.end()])
    return head + lines + source[head_end.end() :]
