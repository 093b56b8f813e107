"""The CPU time of a whole grading, compared with the same graphs without a sandbox."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.students import engine
from worker.driver.base.channel import read_question
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.sandbox import Sandbox
from worker.suites import catalogue

ROUNDS, GRADINGS = 10, 5  # in a round both are measured, so that a slow minute slows both
SEED = 7
SOURCE = engine("right/closures")


def measure() -> dict[str, float]:
    """Milliseconds of CPU, means over many gradings, of all processes that take part."""
    chosen = [catalogue.load(name, SEED) for name in catalogue.names()]
    selections = [Selection(suite=suite, weight=suite.weight) for suite in chosen]
    # Twice, since this engine walks sets, so a grading runs them in two orders.
    questions = [case.question for suite in chosen for case in suite.cases * 2]
    requests = [read_question(question.body) for question in questions]
    sandboxed = within = 0.0
    with Sandbox() as sandbox:
        _grade(selections, sandbox)  # its zygote and its caches are warm then
        gc.collect()
        gc.freeze()  # what is held here is no business of the student's garbage collections
        for _ in range(ROUNDS):
            before = _used(sandbox)
            for _ in range(GRADINGS):
                _grade(selections, sandbox)
            between = _used(sandbox)
            for _ in range(GRADINGS):
                _run_in_process(requests)
            sandboxed += between - before
            within += _used(sandbox) - between
    each = 1000 / (ROUNDS * GRADINGS)
    return {
        "standard suites, sandboxed and judged, CPU ms (target 80)": sandboxed * each,
        "the same graphs in process, CPU ms": within * each,
        "ratio of the two (target 1.5)": sandboxed / within,
    }


def _grade(selections: list[Selection], sandbox: Sandbox) -> None:
    report = grade(SOURCE, selections, sandbox, seed=SEED)
    assert report.score == report.max_score > 0


def _used(sandbox: Sandbox) -> float:
    """Seconds of CPU of this process, of the zygote and of the children that have ended."""
    fields = Path(f"/proc/{sandbox.zygote_pid}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _run_in_process(requests: list[dict[str, Any]]) -> None:
    """The student's file loaded, and every graph made."""
    found = load(SOURCE, ModuleType(MODULE))
    assert isinstance(found, Engine)
    answers = [observe(request, found) for request in requests]
    assert sum("numbers" in answer for answer in answers) > 0.9 * len(answers)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:70} {figure:10.3g}", flush=True)
