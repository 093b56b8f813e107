"""Metrics of several real processes, merged as Prometheus reads them."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.telemetry import exposition, shared_folder
from service.telemetry.exposition import fold_ended
from service.telemetry.shared_folder import VARIABLE
from tests.support.ports import free_port, wait_for

COUNT = """
import sys
from service.telemetry import exposition, metrics
metrics.count_ended("done", None, ["passed", "wrong_value"])
metrics.WAIT_SECONDS.labels("first").observe(0.3)
metrics.SLOTS.set(1)
metrics.REAPER_LAST_RUN.set(float(sys.argv[1]))
metrics.REFUSED.set(float(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
RENDER = "from service.telemetry import exposition; print(exposition.render().decode())"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of processes that share metrics in a folder of this test."""
    return {**os.environ, VARIABLE: str(tmp_path)}


@pytest.fixture
def counting(environ: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that have counted the same and still run."""
    started = [start(environ, COUNT, str(moment)) for moment in (100, 200)]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    yield started
    for process in started:
        process.kill()
        process.communicate()


def start(environ: dict[str, str], program: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process with pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def render(environ: dict[str, str]) -> list[str]:
    """What a third process answers to Prometheus."""
    output, _ = start(environ, RENDER).communicate()
    return output.splitlines()


@pytest.mark.usefixtures("counting")
def test_the_counts_of_all_processes_are_added(environ: dict[str, str]) -> None:
    lines = render(environ)
    assert 'chainrule_gradings_ended_total{problem="none",status="done"} 2.0' in lines
    assert 'chainrule_tests_total{verdict="wrong_value"} 2.0' in lines
    assert 'chainrule_wait_seconds_count{kind="first"} 2.0' in lines
    assert "chainrule_slots 2.0" in lines
    assert "chainrule_reaper_last_run_timestamp_seconds 200.0" in lines


def test_a_killed_process_keeps_its_counts_but_is_no_slot_any_more(
    environ: dict[str, str], counting: list[subprocess.Popen[str]]
) -> None:
    counting[1].kill()
    counting[1].wait()

    for lines in (render(environ), render(environ)):  # the first one folds, the second one reads
        assert 'chainrule_gradings_ended_total{problem="none",status="done"} 2.0' in lines
        assert 'chainrule_wait_seconds_bucket{kind="first",le="0.25"} 0.0' in lines
        assert 'chainrule_wait_seconds_bucket{kind="first",le="+Inf"} 2.0' in lines
        assert "chainrule_slots 1.0" in lines
        assert "chainrule_sandbox_refused_timestamp_seconds 200.0" in lines


def test_a_sweep_before_the_clock_was_set_back_hides_no_silence(
    environ: dict[str, str], counting: list[subprocess.Popen[str]]
) -> None:
    counting[1].kill()  # the later one, by a clock that was ahead
    counting[1].wait()

    for lines in (render(environ), render(environ)):
        assert "chainrule_reaper_last_run_timestamp_seconds 100.0" in lines


def test_files_stay_few_though_many_processes_end(environ: dict[str, str], tmp_path: Path) -> None:
    once = COUNT.replace("sys.stdin.read()", "")
    for moment in range(3):
        start(environ, once, str(moment)).communicate()
        fold_ended(tmp_path)

    names = sorted(file.name for file in tmp_path.glob("*.db"))
    assert names == ["counter_0.db", "gauge_max_0.db", "histogram_0.db"]
    assert 'chainrule_gradings_ended_total{problem="none",status="done"} 3.0' in render(environ)


@pytest.mark.usefixtures("counting")
def test_a_process_killed_while_it_makes_its_file_breaks_no_metrics(
    environ: dict[str, str], tmp_path: Path
) -> None:
    ended = start(environ, "")
    ended.communicate()
    of_ended = tmp_path / f"counter_{ended.pid}.db"
    of_living = tmp_path / f"histogram_{os.getpid()}.db"
    for file in (of_ended, of_living):
        file.touch()
    assert "chainrule_slots 2.0" in render(environ)
    assert not of_ended.exists()
    assert of_living.exists()


def test_a_worker_serves_its_metrics_on_the_port_of_the_settings(environ: dict[str, str]) -> None:
    port = free_port()
    program = (
        "import sys; from service.settings import Settings; "
        "from service.telemetry import exposition, metrics; metrics.count_sweep(7); "
        "exposition.serve(Settings.from_env()); print('ready', flush=True); sys.stdin.read()"
    )
    settings = {"CHAINRULE_METRICS_PORT": str(port), "CHAINRULE_SECRET_KEY": "s" * 40}
    process = start(environ | settings, program)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            text = answer.read().decode()
    finally:
        process.kill()
        process.communicate()
    assert "chainrule_reaper_requeued_total 7.0" in text


def test_a_port_that_is_in_use_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as used:
        port = used.getsockname()[1]
        environ = {"CHAINRULE_METRICS_PORT": str(port), "CHAINRULE_SECRET_KEY": "s" * 40}
        exposition.serve(Settings.from_env(environ))
    assert f"port {port} can't serve metrics: " in caplog.text


def test_a_process_and_those_that_it_starts_share_a_folder_that_is_gone_afterwards() -> None:
    program = (
        "import os, subprocess, sys; from service.telemetry import shared_folder; "
        "first = shared_folder.share(); print(first, oct(os.stat(first).st_mode), flush=True); "
        "subprocess.run([sys.executable, '-c', "
        "'from service.telemetry import shared_folder; print(shared_folder.share())'])"
    )
    bare = {name: text for name, text in os.environ.items() if name != VARIABLE}
    output, _ = start(bare, program).communicate()
    first, mode, second = output.split()
    assert first == second
    assert mode.endswith("700")
    assert not Path(first).exists()


def test_the_folder_of_a_killed_process_is_removed_but_never_one_in_use(tmp_path: Path) -> None:
    folders = {name: tmp_path / f"{shared_folder.PREFIX}{name}" for name in ("old", "used", "new")}
    long_ago = time.time() - 2 * shared_folder.YOUNG_SECONDS
    for name, folder in folders.items():
        folder.mkdir()
        if name != "new":
            os.utime(folder, (long_ago, long_ago))
    lock = os.open(folders["used"], os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    shared_folder.remove_abandoned(tmp_path)

    os.close(lock)
    wait_for(lambda: not folders["old"].exists(), what="the old folder to go")
    assert folders["used"].exists()
    assert folders["new"].exists()
