"""The clock of student code depends only on what the code does."""

from __future__ import annotations

import copy
import datetime
import logging
import os
import pickle
import time
import timeit
from _thread import start_new_thread
from collections.abc import Callable
from time import sleep as machine_sleep
from typing import Any

import pytest

from tests.support.clock import clock_put_back
from tests.worker.driver.in_process import line_of
from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE, grade, reads
from worker.driver.base.clock import REVERSED, USUAL, start_clock
from worker.driver.base.sleep import install
from worker.driver.file.program import OVERTIME
from worker.sandbox import Failure, Limits, Loaded, Sandbox

STEP = USUAL.step / 1e9
OF_DATES, STEADY = ("time",), ("monotonic", "perf_counter")
CPU = ("process_time", "thread_time")
UTC = datetime.UTC


@pytest.fixture
def _clock() -> None:
    """The clock as in a child. It's put back after each test."""
    install()
    start_clock(reverse=False)


def times(name: str, count: int = 3) -> list[int]:
    """Readings of one clock."""
    return [getattr(time, f"{name}_ns")() for _ in range(count)]


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize("name", [*OF_DATES, *STEADY, *CPU])
def test_each_reading_is_a_step_later(name: str) -> None:
    first, second, third = times(name)
    assert second - first == third - second == USUAL.step
    read: Callable[[], float] = getattr(time, name)
    assert type(read()) is float
    assert -read() + read() == pytest.approx(STEP, rel=1e-2)


@pytest.mark.usefixtures("_clock")
def test_all_clocks_go_together() -> None:
    begun = {name: times(name, 1)[0] for name in (*OF_DATES, *STEADY, *CPU)}
    for name, before in begun.items():
        assert times(name, 1)[0] - before == len(begun) * USUAL.step


@pytest.mark.usefixtures("_clock")
def test_sleeping_moves_all_clocks_but_those_of_cpu_time() -> None:
    for names, slept in ((OF_DATES + STEADY, 0.5), (CPU, 0)):
        for name in names:
            (before,) = times(name, 1)
            time.sleep(0.1)
            (after,) = times(name, 1)
            assert after - before == (USUAL.step + 100_000_000 if slept else USUAL.step)


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize(
    ("number", "like"),
    [
        (time.CLOCK_REALTIME, "time"),
        (time.CLOCK_MONOTONIC, "monotonic"),
        (time.CLOCK_BOOTTIME, "monotonic"),
        (time.CLOCK_PROCESS_CPUTIME_ID, "process_time"),
        (time.CLOCK_THREAD_CPUTIME_ID, "process_time"),
        (-6, "process_time"),
    ],
)
def test_a_clock_by_its_number_is_the_same_clock(number: int, like: str) -> None:
    (before,) = times(like, 1)
    assert time.clock_gettime_ns(number) - before == USUAL.step
    assert time.clock_gettime(number) == pytest.approx(before / 1e9 + 2 * STEP)


@pytest.mark.usefixtures("_clock")
def test_the_times_of_the_process_are_of_the_same_clocks() -> None:
    (used,), (steady,) = times("process_time", 1), times("monotonic", 1)
    seen = os.times()
    assert seen.user == pytest.approx(used / 1e9 + 2 * STEP)
    assert seen.elapsed == pytest.approx(steady / 1e9 + 2 * STEP)
    assert seen.system == seen.children_user == seen.children_system == 0


@pytest.mark.usefixtures("_clock")
def test_a_clock_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(OSError, match="Invalid argument"):
        time.clock_gettime(999)


@pytest.mark.usefixtures("_clock")
def test_dates_are_this_moment_unless_another_one_is_given() -> None:
    now = time.gmtime(USUAL.date // 10**9)
    assert time.gmtime() == time.gmtime(None) == now
    assert time.localtime() == time.localtime(None) == time.localtime(USUAL.date / 1e9)
    assert time.ctime() == time.ctime(None) == time.asctime() == time.strftime("%c")
    assert time.gmtime(0).tm_year == 1970
    assert time.localtime(86_400).tm_year == 1970
    assert time.ctime(86_400).endswith(" 1970")
    assert time.asctime(time.gmtime(0)) == "Thu Jan  1 00:00:00 1970"
    assert time.strftime("%Y", time.gmtime(0)) == "1970"
    wrong: list[tuple[Any, ...]] = [(time.asctime, None), (time.strftime,), (time.time, 1)]
    for function, *arguments in wrong:
        with pytest.raises(TypeError):
            function(*arguments)


@pytest.mark.usefixtures("_clock")
def test_clocks_can_be_kept_in_classes_and_copied() -> None:
    class Timer:
        read: Any = time.perf_counter
        wait: Any = time.sleep

        def __init__(self) -> None:
            self.clock = time.time

    timer = copy.deepcopy(Timer())
    timer.wait(0.1)
    assert Timer().read() < timer.read()
    assert timer.clock == time.time
    assert time.time.__name__ == "time"
    assert -time.time() + timer.clock() == pytest.approx(STEP, rel=1e-2)


@pytest.mark.usefixtures("_clock")
def test_timers_use_it() -> None:
    assert timeit.default_timer == time.perf_counter
    assert timeit.timeit("1 + 1", number=10) == pytest.approx(STEP)
    assert timeit.repeat("1 + 1", number=10, repeat=2) == pytest.approx([STEP, STEP])
    assert timeit.Timer("1 + 1").timeit(10) == pytest.approx(STEP)


class Moment(datetime.datetime):
    """A student's own class."""


@pytest.mark.usefixtures("_clock")
def test_dates_stay_of_their_class() -> None:
    now, day = datetime.datetime.now(), datetime.date.today()  # noqa: DTZ005, DTZ011
    assert type(now) is datetime.datetime
    assert type(day) is datetime.date is type(now.date())
    assert repr(now).startswith("datetime.datetime(2026, 1, 5, ")
    assert pickle.loads(pickle.dumps((now, day))) == (now, day)
    assert copy.deepcopy(now) == now
    assert type(now + datetime.timedelta(1)) is datetime.datetime
    assert type(Moment.now()) is Moment is type(Moment.today())
    assert issubclass(datetime.datetime, datetime.date)


@pytest.mark.usefixtures("_clock")
def test_dates_are_of_this_clock_in_any_time_zone() -> None:
    east = datetime.timezone(datetime.timedelta(hours=3))
    begun = datetime.datetime.fromtimestamp(USUAL.date / 1e9, UTC)
    moments: list[datetime.datetime] = [
        datetime.datetime.now(UTC),
        datetime.datetime.now(tz=east),
        datetime.datetime.utcnow().replace(tzinfo=UTC),  # noqa: DTZ003
        datetime.datetime.now().astimezone(),
        datetime.datetime.today().astimezone(),
    ]
    differences = [
        later - moment for moment, later in zip([begun, *moments], moments, strict=False)
    ]
    assert all(0 < one.total_seconds() < 3 * STEP for one in differences)
    assert moments[1].utcoffset() == datetime.timedelta(hours=3)
    wrong: Any = 3
    with pytest.raises(TypeError, match="tzinfo"):
        datetime.datetime.now(wrong)


def test_a_reversed_session_has_another_date_in_every_part() -> None:
    parts = []
    for reverse in (False, True):
        with clock_put_back():
            install()
            start_clock(reverse=reverse)
            now = datetime.datetime.now(UTC)
            parts.append((*now.timetuple()[:8], now.microsecond))
            assert times("time", 2)[1] - times("time", 1)[0] < 0
    usual, reverse_parts = parts
    assert all(one != other for one, other in zip(usual, reverse_parts, strict=True))
    assert REVERSED.step != USUAL.step


@pytest.mark.parametrize("in_nanoseconds", [False, True], ids=["3.11", "3.13"])
def test_a_log_counts_from_the_start(monkeypatch: pytest.MonkeyPatch, in_nanoseconds: bool) -> None:
    real = time.time_ns() if in_nanoseconds else time.time()
    monkeypatch.setattr(logging, "_startTime", real)
    install()
    start_clock(reverse=False)
    begun = logging._startTime  # type: ignore[attr-defined]
    assert type(begun) is type(real)
    first = times("time", 1)[0] - USUAL.step
    assert begun == (first if in_nanoseconds else first / 1e9)


def test_the_machine_has_its_own_clock_after_it() -> None:
    before = time.time(), datetime.datetime.now(UTC), datetime.date.today()  # noqa: DTZ011
    with clock_put_back():
        install()
        start_clock(reverse=True)
        assert datetime.datetime.now(UTC).year == 2027
        assert datetime.date.today().year == 2027  # noqa: DTZ011
    after = time.time(), datetime.datetime.now(UTC), datetime.date.today()  # noqa: DTZ011
    assert before <= after
    assert after[0] - before[0] < 600


WAITS = {
    "the time": "end = time.time() + 1\nwhile time.time() < end: pass",
    "a steady time": "end = time.monotonic() + 1\nwhile time.monotonic() < end: pass",
    "CPU time": "end = time.process_time() + 1\nwhile time.process_time() < end: pass",
    "a date": (
        "end = datetime.datetime.now() + datetime.timedelta(seconds=1)\n"
        "while datetime.datetime.now() < end: pass"
    ),
    "another second": "now = time.ctime()\nwhile time.ctime() == now: pass",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("name", WAITS)
def test_a_loop_until_a_time_ends_in_a_demo_and_in_a_test(sandbox: Sandbox, name: str) -> None:
    wait = WAITS[name].replace("\n", "\n    ")
    source = f"{HONEST}import datetime, time\ndef wait():\n    {wait}\nwait()\nprint('done')\n"
    source += "plain = Value.backward\ndef backward(self):\n    wait()\n    plain(self)\n"
    source += "Value.backward = backward\n"
    with sandbox.session(source, Limits()) as session:
        loaded = session.load()
        assert isinstance(loaded, Loaded)
        assert loaded.interface.notes == ()
        assert session.stdout == "done\n"
        assert not isinstance(session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE)), Failure)
    assert grade(sandbox, source) == "passed"


@pytest.mark.sandbox
def test_a_loop_for_too_long_is_stopped_as_too_much_work(sandbox: Sandbox) -> None:
    source = f"{HONEST}import time\nend = time.time() + 60\nwhile time.time() < end: pass\n"
    with sandbox.session(source, Limits()) as session:
        loaded = session.load()
    assert isinstance(loaded, Loaded)
    line = line_of(source, "while time")
    assert loaded.interface.notes == (f"Line {line} was left out: {OVERTIME}",)


LOOK = """\
import sys, types
OTHERS = [module for name, module in sys.modules.items() if name != "time" and module is not None]
def is_clock(value):
    is_builtin = type(value) is type(len) and value.__module__ == "time"
    return is_builtin and value.__name__.removesuffix("_ns") in CLOCKS
CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time", "clock_gettime")
kept = []
for module in OTHERS:
    for name, value in list(vars(module).items()):
        owners = [value] if type(value) is types.FunctionType else []
        if isinstance(value, type):
            owners = [one for one in vars(value).values() if type(one) is types.FunctionType]
        values = [value, *(d for one in owners for d in one.__defaults__ or ())]
        kept += [(module.__name__, name) for one in values if is_clock(one)]
kept += [name for name, value in vars(sys.modules["time"]).items() if is_clock(value)]
print(len(OTHERS) > 100, kept)
"""


@pytest.mark.sandbox
def test_no_module_keeps_the_clock_of_the_machine(sandbox: Sandbox) -> None:
    with sandbox.session(HONEST + LOOK, Limits()) as session:
        loaded = session.load()
        assert isinstance(loaded, Loaded)
        assert loaded.interface.notes == ()
        assert session.stdout == "True []\n"


@pytest.mark.sandbox
def test_local_time_is_utc_on_every_machine(sandbox: Sandbox) -> None:
    source = (
        "import datetime, os, time\n"
        "print(time.tzname, time.timezone, time.localtime(0).tm_hour)\n"
        "print(time.mktime(time.gmtime(0)))\n"
        "print(datetime.datetime.fromtimestamp(0), os.environ.get('TZ'))\n"
    )
    with sandbox.session(HONEST + source, Limits()) as session:
        assert isinstance(session.load(), Loaded)
        assert session.stdout == "('UTC', 'UTC') 0 0\n0.0\n1970-01-01 00:00:00 None\n"


def test_while_tests_replace_the_clock_other_threads_keep_the_machines() -> None:
    """A server in such a thread would otherwise sleep for the difference."""
    read: list[tuple[float, ...]] = []

    def look() -> None:
        read.append((time.time(), time.monotonic(), time.perf_counter(), time.process_time()))

    before = time.time(), time.monotonic(), time.perf_counter(), time.process_time()
    with clock_put_back():
        install()
        start_clock(reverse=False)
        assert time.time() == pytest.approx(USUAL.date / 1e9, abs=1)
        start_new_thread(look, ())  # without waiting, which is replaced too
        while not read:
            machine_sleep(0.001)
    assert all(0 <= now - then < 60 for now, then in zip(read[0], before, strict=True))
