"""Grades engines that could depend on luck again and again, and compares the reports.

`python -m tests.worker.grading.repeated` prints a line, and ends with 1 if two reports differ.
`tests.worker.sandbox.everywhere` does so on every Python, as root and as an ordinary user. With the
argument `whole`, only the engines that are graded over all suites.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from tests.students import engine
from tests.support.engines.clocked import clocked_engines, timed_engine
from tests.support.engines.lucky import lucky_engines
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.json import to_json
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.suites.catalogue import load, names, outline

ZYGOTES, GRADINGS = 10, 5
SHORT = ("order", "random")
WHOLE = ("chance/set_order", "wrong/parents_before_children", "right/closures")


def main() -> None:
    """Prints how many reports of each engine there are."""
    lucky_ones = {**dict(lucky_engines()), **dict(clocked_engines()), "times": timed_engine()}
    others = {} if sys.argv[1:] == ["whole"] else lucky_ones
    lucky = repeat(others, SHORT, ZYGOTES, GRADINGS)
    whole = repeat({name: engine(name) for name in WHOLE}, names(), ZYGOTES, GRADINGS)
    found = lucky | whole
    different = [name for name, reports in found.items() if len(set(reports)) > 1]
    digest = sha256("".join(sorted(min(reports) for reports in found.values())).encode())
    gradings = f"{ZYGOTES * GRADINGS} gradings over {ZYGOTES} zygotes"
    if different:
        sys.exit(f"{gradings}: these engines have more than one report: {', '.join(different)}")
    sys.stdout.write(
        f"{gradings} of each of {len(found)} engines: one report each ({digest.hexdigest()[:12]})\n"
    )


def repeat(
    engines: Mapping[str, str], suites: Iterable[str], zygotes: int, gradings: int
) -> dict[str, list[str]]:
    """The reports of each engine as text, without what may differ."""
    found = defaultdict(list)
    selections = select(suites)
    for _ in range(zygotes):
        with Sandbox() as sandbox:
            for name, text in engines.items():
                for _ in range(gradings):
                    report = grade(text, selections, sandbox, seed=1)
                    found[name].append(json.dumps(to_json(comparable(report))))
    return dict(found)


def select(suites: Iterable[str]) -> Sequence[Selection]:
    """These suites with their usual points."""
    return [Selection(suite=load(name, 1), weight=outline(name).weight) for name in suites]


def comparable(report: Report) -> Report:
    """The report without what may differ from one grading to the next: cost and provenance."""
    suites = tuple(
        replace(suite, cases=tuple(replace(case, cost=None) for case in suite.cases))
        for suite in report.suites
    )
    same = replace(report.provenance, seconds=0.0, cpu_seconds=0.0, python="", sandbox_layers=())
    return replace(report, suites=suites, provenance=same)


if __name__ == "__main__":
    main()
