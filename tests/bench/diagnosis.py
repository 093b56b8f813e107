"""The CPU time of diagnoses and smallest failing graphs, in the process of a worker."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from service.supervision.collector import freeze_objects
from tests import students
from tests.strength.grading import grade_all
from worker.grading import explain
from worker.grading import grade as grade_module
from worker.grading.counterexample import find_counterexample
from worker.grading.diagnosis.diagnose import diagnose
from worker.grading.diagnosis.tables import warm
from worker.sandbox import Sandbox

EVERY = 2  # of the wrong engines


def measure() -> dict[str, float]:
    """Milliseconds of this process, for engines that it hasn't seen and then for the same ones."""
    sources = [students.engine(name) for name in students.names("wrong")[::EVERY]]
    warm()
    freeze_objects()  # as a slot does
    figures: dict[str, float] = {}
    with Sandbox() as sandbox:
        for seen, most in (("", 80), (" seen before", 30)):
            diagnoses, graphs = _Timed(diagnose), _Timed(find_counterexample)
            with (
                patch.object(explain, "diagnose", diagnoses),
                patch.object(grade_module, "find_counterexample", graphs),
            ):
                for source in sources:
                    grade_all(source, sandbox)
            figures |= {
                f"diagnosis of numbers{seen}, CPU ms, median": statistics.median(diagnoses.times),
                f"diagnosis of numbers{seen}, CPU ms, p90 (target {most})": diagnoses.find_p90(),
                f"smallest failing graph{seen}, CPU ms, p90 (target 300)": graphs.find_p90(),
            }
    return figures


class _Timed:
    """A function, and the milliseconds of CPU that each call of it has taken in this process."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.times: list[float] = []

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return self._function(*arguments, **named)
        finally:
            self.times.append(1000 * (time.process_time() - before))

    def find_p90(self) -> float:
        """The time that nine tenths of the calls need at most."""
        return statistics.quantiles(self.times, n=10)[-1]


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:70} {figure:10.3g}", flush=True)
