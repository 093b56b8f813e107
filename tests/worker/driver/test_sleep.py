"""Sleeping takes no time and is counted, so a program that sleeps keeps nobody waiting."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.worker.driver.in_process import PRODUCT, failure, found, line_of, observe
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, reads
from worker.driver.base.errors import OvertimeError
from worker.driver.base.sleep import MOST_SECONDS, SLEPT, allow_sleep, sleep
from worker.driver.file.program import OVERTIME
from worker.report.model import Verdict
from worker.sandbox import Failure, Limits, Loaded, Sandbox

NAPS = "import time\n" + HONEST.replace("self.data = data", "time.sleep({}); self.data = data")


@pytest.fixture(autouse=True)
def virtual(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(time, "sleep", sleep)
    allow_sleep()
    yield
    allow_sleep()


def test_a_short_sleep_takes_no_time_and_costs_nothing() -> None:
    assert observe(NAPS.format(0.3), PRODUCT, "c") == {"numbers": [6, 1]}


def test_a_test_that_sleeps_for_long_is_stopped_with_the_line() -> None:
    source = NAPS.format(0.5)
    line = line_of(source, "time.sleep")
    assert failure(source, PRODUCT) == ("timeout", f"{SLEPT} (line {line}).")


def test_each_test_may_sleep_again() -> None:
    for _ in range(3):
        assert "numbers" in observe(NAPS.format(0.3), PRODUCT, "c")


def test_a_demo_that_sleeps_for_long_is_left_out() -> None:
    source = HONEST + "import time\nfor _ in range(11): time.sleep(0.1)\n"
    line = line_of(source, "for _")
    assert found(source)["notes"] == [f"Line {line} was left out: {OVERTIME}"]
    assert found(source.replace("11", "9"))["notes"] == []


@pytest.mark.parametrize(
    ("seconds", "kind"), [("1", TypeError), (None, TypeError), (-1, ValueError)]
)
def test_it_accepts_what_the_real_one_accepts(seconds: float, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        sleep(seconds)
    sleep(0)
    sleep(MOST_SECONDS)
    with pytest.raises(ValueError, match="non-negative"):
        sleep(float("nan"))
    with pytest.raises(OvertimeError):
        sleep(1e-9)


def test_no_other_way_to_sleep_is_left(sandbox: Sandbox) -> None:
    source = "import ctypes\nprint(ctypes.CDLL(None).usleep(900_000))\n" + HONEST
    with sandbox.session(source, Limits(waiting_seconds=0)) as session:
        assert isinstance(session.load(), Loaded)
        assert session.stdout == "-1\n"


def test_a_student_gets_it_in_the_sandbox(sandbox: Sandbox) -> None:
    source = "from time import sleep\n" + HONEST + "Value.backward = lambda self: sleep(9)\n"
    with sandbox.session(source, Limits(waiting_seconds=0)) as session:
        assert isinstance(session.load(), Loaded)
        result = session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
        assert isinstance(result, Failure)
        assert result.verdict is Verdict.TIMEOUT
        assert result.message.startswith(SLEPT)
        assert session.alive
