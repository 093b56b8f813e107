"""`chainrule up`, as `make up` runs it: real processes on their own data folder."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.students import engine
from tests.support.embedded import Service, started
from tests.support.http_client import Client
from tests.support.ports import wait_for

# A proxy that doesn't exist, in each variable that can name one.
PROXY = {"http_proxy": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "no_proxy": ""}
SLOW = "sum(range(60_000_000))\n" + engine("right/closures")  # most of a second


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A started service for the tests that leave it running. No request may use the proxy."""
    with started(tmp_path_factory.mktemp("shared") / "var", **PROXY) as service:
        yield service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A started service for a test that stops it."""
    with started(tmp_path / "var") as service:
        yield service


def has_ipv6() -> bool:
    """Whether this machine's loopback has an IPv6 address."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def test_the_worked_example_passes_over_http_with_the_documented_gradients(
    shared: Service,
) -> None:
    accepted = shared.client().submit("autograd-from-scratch", engine("right/closures"))
    assert accepted.status == 202

    graded = shared.client().graded(accepted.body["id"])

    assert graded["status"] == "done"
    assert graded["score"] == graded["max_score"]
    suite = next(s for s in graded["report"]["suites"] if s["name"] == "worked-example")
    gradients = {
        check["node"]: check["actual"]
        for case in suite["cases"]
        for check in case["checks"]
        if check["quantity"] == "grad"
    }
    assert [gradients[n] for n in ("x1", "x2", "x3", "x4", "x5", "x6", "L")] == [
        8,
        6,
        2,
        2,
        2,
        17,
        1,
    ]
    assert {case["verdict"] for case in suite["cases"]} == {"passed"}


def test_a_regrade_is_graded_by_a_worker_and_counts_only_after_it_is_applied(
    shared: Service,
) -> None:
    teacher = Client(shared.demo["url"], shared.demo["teacher"]["token"])
    student = shared.client()
    course, assignment = shared.demo["course"], "/assignments/regraded"
    options = {"slug": "regraded", "title": "Regraded", "suites": {"worked-example": 10}}
    assert teacher.send("POST", f"/courses/{course}/assignments", options).status == 201
    submission = student.submit("regraded", engine("right/closures")).body["id"]
    assert student.graded(submission)["max_score"] == 10
    harder = {"suites": {"worked-example": 10, "reuse": 5}}
    assert teacher.send("PATCH", assignment, harder).status == 200

    started = teacher.send("POST", f"{assignment}/regrades", {"which": "counting"})
    assert (started.status, started.body["of"]) == (202, 1)
    regrade = f"/regrades/{started.body['id']}"
    wait_for(lambda: teacher.get(regrade).body["status"] == "ready", what="the regrade")

    ready = teacher.get(regrade).body
    assert (ready["done"], ready["errored"]) == (1, 0)
    (change,) = ready["changes"]
    assert (change["before"], change["after"], change["max_after"]) == (10, 15, 15)
    assert student.get(f"/submissions/{submission}").body["score"] == 10
    assert teacher.send("POST", f"{regrade}/apply").body["status"] == "applied"
    assert student.get(f"/submissions/{submission}").body["score"] == 15


def test_every_file_of_the_service_is_private(shared: Service) -> None:
    shared.client().graded(
        shared.client().submit("autograd-from-scratch", engine("right/closures")).body["id"]
    )
    found = {path.relative_to(shared.data_dir): path for path in shared.data_dir.rglob("*")}
    assert {Path("chainrule.db"), Path("demo.json"), Path("secret.key")} <= found.keys()
    assert any(path.suffix == ".log" for path in found)
    assert shared.data_dir.stat().st_mode & 0o077 == 0
    for name, path in found.items():
        with contextlib.suppress(FileNotFoundError):  # a message that was read meanwhile
            assert path.lstat().st_mode & 0o077 == 0, name


def test_a_command_that_creates_the_database_keeps_it_private(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    environ = {"CHAINRULE_DATA_DIR": str(data_dir), "CHAINRULE_SECRET_KEY": "k" * 40}
    command = [sys.executable, "-m", "service.cli", "db", "upgrade"]
    subprocess.run(command, env=os.environ | environ, umask=0, check=True)
    assert [path.name for path in data_dir.iterdir()] == ["chainrule.db"]
    assert (data_dir / "chainrule.db").stat().st_mode & 0o777 == 0o600


def test_metrics_of_web_slots_and_scheduler_are_merged(shared: Service) -> None:
    accepted = shared.client().submit("autograd-from-scratch", engine("right/closures"))
    assert shared.client().graded(accepted.body["id"])["status"] == "done"

    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def shows_all() -> bool:
        with straight.open(f"{shared.demo['url']}/metrics", timeout=10) as answer:
            text = answer.read().decode()
        wanted = (
            rf"chainrule_slots {os.cpu_count()}\.0",
            r'chainrule_gradings_ended_total\{problem="none",status="done"\} [1-9]',
            r"chainrule_reaper_runs_total [1-9]",
            r'chainrule_request_seconds_count\{method="POST",route="[^"]+",status="202"\} [1-9]',
        )
        return all(re.search(line, text) for line in wanted)

    wait_for(shows_all, what="the metrics of all processes")


def test_ctrl_c_ends_every_process_and_a_second_start_keeps_the_data(service: Service) -> None:
    accepted = service.client().submit("autograd-from-scratch", engine("right/closures"))
    before = service.client().graded(accepted.body["id"])
    tokens = [student["token"] for student in service.demo["students"]]

    printed = service.interrupt()
    assert 0 < printed.find("Stopping. This takes a few seconds") < printed.find("has stopped")
    service.start()

    assert [student["token"] for student in service.demo["students"]] == tokens
    assert service.client().graded(accepted.body["id"]) == before


def test_a_grading_that_was_interrupted_by_a_kill_is_graded_after_the_next_start(
    service: Service,
) -> None:
    client = service.client()
    slow = client.submit("autograd-from-scratch", SLOW).body["id"]
    waiting = client.submit("autograd-from-scratch", engine("right/closures")).body["id"]
    wait_for(
        lambda: client.get(f"/submissions/{slow}").body["status"] == "running",
        what="the first grading to run",
    )

    service.kill()
    service.start()

    assert service.client().graded(waiting)["status"] == "done"
    interrupted = service.client().graded(slow)
    assert interrupted["status"] == "done"
    assert interrupted["score"] == interrupted["max_score"]


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_listens_on_an_ipv6_address(tmp_path: Path) -> None:
    with started(tmp_path / "var", CHAINRULE_HOST="::1") as service:
        assert service.demo["url"] == f"http://[::1]:{service.environ['CHAINRULE_PORT']}"
        assert service.client().get("/courses").status == 200
        in_use = chainrule(
            "up", environ={**service.environ, "CHAINRULE_DATA_DIR": str(tmp_path / "other")}
        )
    assert "on ::1 can't be used" in in_use.stderr


def test_a_second_service_on_the_same_data_folder_fails_with_a_message(
    shared: Service,
) -> None:
    second = chainrule("up", environ=shared.environ)

    assert second.returncode == 2
    assert "is already running" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_message_for_a_port_in_use_says_what_to_do(shared: Service, tmp_path: Path) -> None:
    elsewhere = {**shared.environ, "CHAINRULE_DATA_DIR": str(tmp_path / "other")}

    second = chainrule("up", environ=elsewhere)

    assert second.returncode == 2
    assert "CHAINRULE_PORT=8001 make up" in second.stderr


def test_the_embedded_service_rejects_a_configured_broker(tmp_path: Path) -> None:
    rejected = chainrule(
        "up",
        environ={
            **os.environ,
            "CHAINRULE_DATA_DIR": str(tmp_path),
            "CHAINRULE_BROKER_URL": "redis://127.0.0.1:1/0",
            "CHAINRULE_SECRET_KEY": "s" * 48,
        },
    )

    assert rejected.returncode == 2
    assert "chainrule serve" in rejected.stderr


@pytest.mark.parametrize(
    ("name", "status", "printed"),
    [
        ("right/closures", 0, "100 of 100 points"),
        ("wrong/assigns_gradients", 1, "Wrong gradient"),
    ],
)
def test_submit_waits_for_the_result_and_exits_accordingly(
    shared: Service, tmp_path: Path, name: str, status: int, printed: str
) -> None:
    done = submit(shared, tmp_path, engine(name), shared.demo["students"][1]["token"])

    assert done.returncode == status, done.stderr
    assert "Receipt: " in done.stdout
    assert printed in done.stdout


def test_submit_can_answer_in_json_and_need_not_wait(shared: Service, tmp_path: Path) -> None:
    token = shared.demo["students"][1]["token"]

    done = submit(shared, tmp_path, engine("right/closures"), token, "--json", "--no-wait")

    assert done.returncode == 0
    assert {"id", "attempt", "status", "sha256", "receipt"} <= json.loads(done.stdout).keys()


def test_submit_exits_with_2_and_a_message_when_rejected(shared: Service, tmp_path: Path) -> None:
    token = shared.demo["students"][1]["token"]
    wrong_token = submit(shared, tmp_path, "x = 1", "cr_wrong")
    unknown = submit(shared, tmp_path, "x = 1", token, assignment="none")
    nobody_there = submit(shared, tmp_path, "x = 1", token, url="http://127.0.0.1:9")

    for rejected, printed in (
        (wrong_token, "401 unauthorized"),
        (unknown, "404 not_found"),
        (nobody_there, "doesn't answer"),
        (submit(shared, tmp_path, "x = 1", token, url="http://127.0.0.1:80x"), "80x"),
        (submit(shared, tmp_path, "x = 1", token, url="http://[::1"), "--url can't be read"),
        (submit(shared, tmp_path, "x = 1", "cr_€"), "no token has"),
    ):
        assert rejected.returncode == 2
        assert printed in rejected.stderr
        assert "Traceback" not in rejected.stderr


def submit(
    service: Service,
    folder: Path,
    source: str,
    token: str,
    *options: str,
    assignment: str = "autograd-from-scratch",
    url: str | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `chainrule submit` on a source."""
    file = folder / "value.py"
    file.write_text(source, encoding="utf-8")
    where = (
        "--assignment",
        assignment,
        "--url",
        url or service.demo["url"],
        "--token",
        token,
    )
    return chainrule("submit", str(file), *where, *options, environ=service.environ)


def chainrule(*command: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a `chainrule` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *command],
        env=environ,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
