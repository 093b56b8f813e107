"""Processes of `chainrule up` are killed: each comes back, and no submission is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.students import engine
from tests.support.embedded import Service, started
from tests.support.http_client import probe
from tests.support.ports import wait_for
from tests.support.processes import command_of, descendants, named, slots_of, still_there

SLOTS = 2
SLOW = "sum(range(60_000_000))\n" + engine("right/closures")  # most of a second

Roles = Callable[[int], list[int]]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with two slots. None of the processes that it ever had outlives it."""
    data_dir = tmp_path_factory.mktemp("kills") / "var"
    with started(
        data_dir,
        CHAINRULE_WEB_PROCESSES="2",
        CHAINRULE_WORKER_CONCURRENCY=str(SLOTS),
        CHAINRULE_LEASE_SECONDS="3",
        CHAINRULE_MAX_TRIES="1000",  # on a busy machine a lease may run out unfairly
    ) as service:
        yield service
        everyone = {**SEEN, **descendants(pid_of(service))}
    wait_for(lambda: not still_there(everyone), what="every process to end")


SEEN: dict[int, str] = {}  # every process that was ever there before a kill


def pid_of(service: Service) -> int:
    """The process id of `chainrule up`."""
    assert service.process is not None
    return service.process.pid


def kill(service: Service, victim: int) -> None:
    """Kill one process, and wait until it is gone."""
    SEEN.update(descendants(pid_of(service)))
    command = command_of(victim)
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: command_of(victim) != command, what="the killed process to be gone")


def is_graded(service: Service) -> bool:
    """Whether a new submission is graded with full points."""
    client = service.client()
    accepted = client.submit("autograd-from-scratch", engine("right/closures"))
    assert accepted.status == 202, accepted
    graded = client.graded(accepted.body["id"])
    return (graded["status"], graded["score"]) == ("done", graded["max_score"])


def is_whole(service: Service) -> bool:
    """Whether all slots are there, and the probe says ready."""
    ready = probe(f"{service.demo['url']}/readyz")
    slots = named(pid_of(service), "service.cli slot")
    return len(slots) == SLOTS and ready is not None and ready.status == 200


def test_killing_an_idle_slot_never_stops_the_others(service: Service) -> None:
    wait_for(lambda: len(slots_of(pid_of(service))) == SLOTS, what="all slots")
    for slot in slots_of(pid_of(service)):
        kill(service, slot)
        assert is_graded(service)
    wait_for(lambda: is_whole(service), what="all slots to be back")


def test_a_submission_survives_the_kill_of_the_slot_that_grades_it(service: Service) -> None:
    client = service.client()
    submission = client.submit("autograd-from-scratch", SLOW).body["id"]
    wait_for(
        lambda: client.get(f"/submissions/{submission}").body["status"] == "running",
        what="the grading to run",
    )
    for slot in slots_of(pid_of(service)):  # one of them grades it
        kill(service, slot)

    graded = client.graded(submission)

    assert (graded["status"], graded["score"]) == ("done", graded["max_score"])
    wait_for(lambda: is_whole(service), what="all slots to be back")


def web_workers(up: int) -> list[int]:
    """The processes that answer requests, where there are two of them."""
    return named(up, "spawn_main")


@pytest.mark.parametrize(
    "roles",
    [
        pytest.param(lambda up: named(up, "zygote.py"), id="the zygote of a slot"),
        pytest.param(lambda up: named(up, "service.cli worker"), id="the worker"),
        pytest.param(lambda up: named(up, "service.cli scheduler"), id="the scheduler"),
        pytest.param(lambda up: named(up, "service.cli serve"), id="the web process"),
        pytest.param(web_workers, id="a process of the web server"),
    ],
)
def test_what_is_killed_comes_back_and_submissions_are_graded(
    service: Service, roles: Roles
) -> None:
    wait_for(lambda: is_whole(service), what="the service to be whole")
    (victim, *_) = roles(pid_of(service))

    kill(service, victim)

    def came_back() -> bool:
        found = roles(pid_of(service))
        if found == [] or victim in found:
            return False
        answer = probe(f"{service.demo['url']}/healthz")
        return answer is not None and answer.status == 200

    if "zygote.py" not in command_of(victim):
        wait_for(came_back, what="another one")
    assert is_graded(service)
    wait_for(lambda: is_whole(service), what="the service to be whole again")


def test_a_restart_is_shown_on_the_terminal_with_its_limit(tmp_path: Path) -> None:
    with started(tmp_path / "var") as service:
        (web, *_) = named(pid_of(service), "service.cli serve")
        kill(service, web)
        wait_for(
            lambda: named(pid_of(service), "service.cli serve")[:1] not in ([], [web]),
            what="another web process",
        )
        wait_for(lambda: probe(f"{service.demo['url']}/healthz") is not None, what="an answer")
        printed = service.interrupt()
    assert "serve was killed by SIGKILL. It starts again in 0.5 s" in printed
    assert "given up after 40" in printed
