"""Watched processes: restarts with growing pauses, a limit, and no process left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from service.supervision.supervisor import Supervisor
from service.supervision.watched import Command, GaveUp, RestartPolicy, Watched, end_with_parent
from tests.support.ports import wait_for
from tests.support.processes import command_of

FAST = RestartPolicy(first_pause=0.01, longest_pause=0.02, healthy_seconds=60, limit=3)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that stands in for `chainrule`: its source is the argument of a command."""
    package = tmp_path / "service"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text("import sys\nexec(sys.argv[1])\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PYTHONSAFEPATH", "1")  # not the service of the current folder
    return tmp_path


def watch(source: str, *, log: Path | None = None, policy: RestartPolicy = FAST) -> Watched:
    """A program that is watched, and forgets what is reported."""
    return Watched(Command(name="part", arguments=(source,), log=log), lambda _: None, policy)


def test_pauses_double_up_to_the_longest() -> None:
    policy = RestartPolicy()
    pauses = [policy.pause(crashes) for crashes in range(1, 10)]
    assert pauses == [0.5, 1, 2, 3, 3, 3, 3, 3, 3]


@pytest.mark.usefixtures("program")
def test_a_process_that_ends_is_started_again() -> None:
    reports: list[str] = []
    command = Command(name="part", arguments=("import time; time.sleep(1000)",))
    part = Watched(command, reports.append, FAST)
    part.start()
    first = part.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)

    def came_back() -> bool:
        part.look()
        return part.pid not in (None, first)

    wait_for(came_back, what="another process")
    part.wait(0)
    (report,) = reports
    assert report.startswith("part was killed by SIGKILL. It starts again in 0.01 s (failure 1 ")
    assert report.endswith("in a row, given up after 3).")


@pytest.mark.usefixtures("program")
def test_a_process_that_fails_too_often_is_given_up_with_the_end_of_its_log(
    tmp_path: Path,
) -> None:
    part = watch("print('no room'); sys.exit(7)", log=tmp_path / "log")
    supervisor = Supervisor([part])
    supervisor.start()
    with pytest.raises(GaveUp) as caught:
        supervisor.watch()
    assert "part has failed 3 times in a row" in str(caught.value)
    assert "ended with exit code 7" in str(caught.value)
    assert "no room\n    no room\n    no room" in str(caught.value)
    supervisor.stop(0)


@pytest.mark.usefixtures("program")
def test_a_process_that_has_lived_long_enough_starts_with_the_first_pause_again() -> None:
    reports: list[str] = []
    patient = RestartPolicy(first_pause=0.01, longest_pause=10, healthy_seconds=0, limit=3)
    part = Watched(Command(name="part", arguments=("",)), reports.append, patient)
    part.start()

    def ended_often() -> bool:
        part.look()
        return len(reports) > 3

    wait_for(ended_often, what="more ends than the limit")
    part.wait(0)
    assert all("in 0.01 s (failure 1 in a row" in report for report in reports)


@pytest.mark.usefixtures("program")
def test_a_program_that_cannot_be_started_counts_as_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reports: list[str] = []
    part = Watched(Command(name="part", arguments=("",)), reports.append, FAST)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    part.start()
    assert part.pid is None
    assert "couldn't be started (No such file or directory)" in reports[0]


def test_what_a_killed_process_has_started_ends_before_it_starts_again(program: Path) -> None:
    part = watch(
        "import subprocess, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(1000)']); "
        "open('child', 'w').write(str(child.pid)); time.sleep(1000)",
        policy=RestartPolicy(),
    )
    part.start()
    file = program / "child"
    wait_for(lambda: file.exists() and file.read_text() != "", what="a child")
    child = int(file.read_text())
    assert command_of(child) != ""
    assert part.pid is not None
    os.kill(part.pid, signal.SIGKILL)

    def pauses() -> bool:
        part.look()
        return part.restart_at is not None

    wait_for(pauses, what="the end")
    wait_for(lambda: command_of(child) == "", what="the child to end")
    part.wait(0)


def test_a_process_that_ignores_the_request_to_stop_is_killed(program: Path) -> None:
    part = watch(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open('ready', 'w'); time.sleep(1000)"
    )
    part.start()
    wait_for((program / "ready").exists, what="the program")
    pid = part.pid
    assert pid is not None
    Supervisor([part]).stop(0.1)
    assert command_of(pid) == ""
    part.look()
    assert part.pid is None  # and it isn't started again


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("program")
def test_a_signal_ends_the_watch_and_later_signals_act_as_before(
    number: signal.Signals,
) -> None:
    before = signal.getsignal(number)
    supervisor = Supervisor([watch("import time; time.sleep(1000)")])
    supervisor.start()
    main = threading.main_thread().ident
    assert main is not None

    def interrupt() -> None:
        wait_for(lambda: signal.getsignal(number) != before, what="the watch")
        signal.pthread_kill(main, number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    supervisor.watch()
    thread.join()
    supervisor.stop(5)
    assert signal.getsignal(number) == before


def test_a_process_ends_with_its_supervisor_even_if_that_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    child = (
        "import os, time; from service.supervision.watched import end_with_parent; "
        f"end_with_parent(); open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(1000)"
    )
    parent = (
        "import os, subprocess, sys, time; "
        "os.environ['CHAINRULE_SUPERVISOR'] = str(os.getpid()); "
        f"subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(1000)"
    )
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        wait_for(lambda: file.exists() and file.read_text() != "", what="the child")
        process.kill()
    wait_for(lambda: command_of(int(file.read_text())) == "", what="the child to end")


def test_a_process_whose_supervisor_has_ended_meanwhile_ends_at_once() -> None:
    end_with_parent()  # nothing happens without a supervisor
    code = "from service.supervision.watched import end_with_parent; end_with_parent()"
    other = {**os.environ, "CHAINRULE_SUPERVISOR": "1"}
    ended = subprocess.run([sys.executable, "-c", code], env=other, check=False)
    assert ended.returncode == 1
