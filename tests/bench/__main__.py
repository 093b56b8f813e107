"""`make bench`: figures as ratios and differences measured side by side in one run."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import diagnosis, gradebook, pages, reports, sandbox, suites, web
from tests.bench import engine as reference_engine
from tests.students import engine
from tests.support.http_client import Client
from tests.support.ports import free_port

ROUNDS = 20


def main() -> None:
    """Measure everything and print a figure a line; its name says the unit and the target."""
    for measure in (
        reference_engine.measure,
        sandbox.measure,
        suites.measure,
        diagnosis.measure,
        reports.measure,
        web.measure,
        gradebook.measure,
        pages.measure,
        measure_check,
        measure_post_to_done,
    ):
        for name, figure in measure().items():
            print(f"{name:70} {figure:10.3g}", flush=True)


def measure_check() -> dict[str, float]:
    """`chainrule check` on a correct engine as a whole process, compared with a bare Python."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "value.py"
        file.write_text(engine("right/closures"), encoding="utf-8")
        check = [sys.executable, "-m", "service.cli", "check", str(file)]
        bare = [sys.executable, "-I", "-S", "-c", "pass"]
        took, beside = _alternate(lambda: _run(check), lambda: _run(bare))
    return {
        "chainrule check, whole process, median s (target 0.5)": took,
        "bare python3 -I -S -c pass beside it, median s": beside,
    }


def measure_post_to_done() -> dict[str, float]:
    """POST to `done` on the embedded stack when idle, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ,
            "CHAINRULE_DATA_DIR": folder,
            "CHAINRULE_PORT": str(free_port()),
            "CHAINRULE_SUBMISSIONS_PER_MINUTE": "1000",
        }
        service = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "up"],
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert service.stdout is not None
            for line in service.stdout:
                if "Ctrl-C" in line:
                    break
            demo = json.loads((Path(folder) / "demo.json").read_text())
            client = Client(demo["url"], demo["students"][0]["token"])
            _post_and_wait(client, demo["assignment"])
            times = [
                _timed(lambda: _post_and_wait(client, demo["assignment"])) for _ in range(ROUNDS)
            ]
        finally:
            service.terminate()
            service.wait(timeout=30)
    return {
        "POST to done, embedded and idle, median ms (target 150)": statistics.median(times) * 1e3
    }


def _post_and_wait(client: Client, assignment: str) -> None:
    submission = client.submit(assignment, engine("right/closures")).body["id"]
    assert client.graded(submission)["status"] == "done"


def _alternate(first: Callable[[], object], second: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of two things done in turn, so that a noisy moment hits both."""
    rounds = [(_timed(first), _timed(second)) for _ in range(ROUNDS)]
    return statistics.median(a for a, _ in rounds), statistics.median(b for _, b in rounds)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _run(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    main()
