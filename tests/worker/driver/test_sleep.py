"""Sleeping takes no time and is counted, so a program that sleeps keeps nobody waiting."""

from __future__ import annotations

import queue
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import process_time

import pytest

from tests.worker.driver.in_process import PRODUCT, failure, found, line_of, observe
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, reads
from worker.driver.base.errors import OvertimeError
from worker.driver.base.sleep import MOST_SECONDS, SLEPT, WAITED, allow_sleep, install, sleep
from worker.driver.file.program import OVERTIME
from worker.report.model import Verdict
from worker.sandbox import Failure, Limits, Loaded, Sandbox

NAPS = "import time\n" + HONEST.replace("self.data = data", "time.sleep({}); self.data = data")


@pytest.fixture(autouse=True)
def _virtual(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of student code as in a child, but where a sandbox runs. It's put back after it."""
    if "sandbox" not in request.fixturenames:
        install()
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


def test_a_sleep_that_is_too_long_for_python_is_an_error() -> None:
    allow_sleep(float("inf"))
    with pytest.raises(OverflowError, match="timestamp out of range"):
        sleep(1e10)


@pytest.mark.parametrize("name", ["time", "monotonic", "perf_counter"])
def test_all_clocks_go_on_by_what_was_slept(name: str) -> None:
    clock, in_nanoseconds = getattr(time, name), getattr(time, f"{name}_ns")
    before, before_ns, real = clock(), in_nanoseconds(), process_time()
    sleep(0.75)
    assert clock() - before >= 0.75
    assert in_nanoseconds() - before_ns >= 750_000_000
    assert process_time() - real < 0.75


def test_a_loop_until_a_time_ends() -> None:
    turns, end = 0, time.time() + 0.95
    while time.time() < end:
        time.sleep(0.1)
        turns += 1
    assert turns == 10
    with pytest.raises(OvertimeError):
        time.sleep(0.1)


WAITS: dict[str, Callable[[float | None], object]] = {
    "an event": lambda timeout: threading.Event().wait(timeout),
    "a semaphore": lambda timeout: threading.Semaphore(0).acquire(timeout=timeout),
    "a queue": lambda timeout: queue.Queue[int]().get(timeout=timeout),
    "nothing": lambda timeout: select.select([], [], [], timeout),
}


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_waiting_is_sleeping(wait: Callable[[float | None], object]) -> None:
    before = time.monotonic()
    with suppress(queue.Empty):
        assert wait(0.4) in (False, ([], [], []))
    assert time.monotonic() - before >= 0.4
    with pytest.raises(OvertimeError, match="sleeps for more than 1 s in all"):
        wait(0.7)


@pytest.mark.parametrize("wait", WAITS.values(), ids=WAITS)
def test_waiting_without_a_time_is_stopped_at_once(
    wait: Callable[[float | None], object],
) -> None:
    with pytest.raises(OvertimeError, match=WAITED):
        wait(None)


def test_a_condition_waits_as_the_real_one_does() -> None:
    condition = threading.Condition()
    with pytest.raises(RuntimeError, match="cannot wait on un-acquired lock"):
        condition.wait(0)
    before = time.monotonic()
    with condition:
        assert condition.wait(-1) is False
        assert condition.wait_for(lambda: True) is True
        assert condition.wait_for(lambda: False, timeout=0.5) is False
    assert time.monotonic() - before >= 0.5


def test_a_descriptor_can_still_be_waited_for_where_the_system_allows_it() -> None:
    """In a child it refuses."""
    with pytest.raises(ValueError, match="negative"):
        select.select([-1], [], [], 0)


def test_a_test_that_waits_for_a_thread_is_stopped_with_the_line() -> None:
    source = "import threading\n" + HONEST + "def wait(self):\n    threading.Event().wait()\n"
    source += "Value.backward = wait\n"
    line = line_of(source, "threading.Event")
    assert failure(source, PRODUCT) == ("timeout", f"{WAITED} (line {line}).")


ENDLESS_WAYS = {  # of waiting in C, for a while or for what never comes
    "usleep": "ctypes.CDLL(None).usleep(900_000)",
    "a lock": "lock.acquire(timeout=900)",
    "a queue": "isinstance(attempt(lambda: queue.SimpleQueue().get(timeout=900)), queue.Empty)",
    "poll": "isinstance(attempt(lambda: select.poll().poll(900_000)), PermissionError)",
    "a signal": "signal.pause()",
    "a child": "isinstance(attempt(lambda: os.waitpid(-1, 0)), PermissionError)",
}


@pytest.mark.parametrize("way", ENDLESS_WAYS)
def test_no_other_way_to_sleep_is_left(sandbox: Sandbox, way: str) -> None:
    source = f"""\
import ctypes, os, queue, select, signal, threading, time
lock = threading.Lock()
lock.acquire()
def attempt(action):
    try:
        return action()
    except Exception as error:
        return error
print({ENDLESS_WAYS[way]})
"""
    with sandbox.session(source + HONEST, Limits(waiting_seconds=0)) as session:
        assert isinstance(session.load(), Loaded)
        assert session.stdout in {"-1\n", "False\n", "True\n", "None\n"}


def test_a_student_gets_it_in_the_sandbox(sandbox: Sandbox) -> None:
    source = "from time import sleep\n" + HONEST + "Value.backward = lambda self: sleep(9)\n"
    with sandbox.session(source, Limits(waiting_seconds=0)) as session:
        assert isinstance(session.load(), Loaded)
        result = session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
        assert isinstance(result, Failure)
        assert result.verdict is Verdict.TIMEOUT
        assert result.message.startswith(SLEPT)
        assert session.alive
