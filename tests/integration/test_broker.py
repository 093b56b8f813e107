"""Slots and a real Redis: kills, outages, wiped data, and messages of an earlier version."""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import subprocess
from collections.abc import Iterator

import pytest
from celery import Celery

from service.settings import Settings
from tests.students import engine
from tests.support.http_client import Client, probe
from tests.support.installation import Stack, installation
from tests.support.ports import free_port, wait_for
from tests.support.processes import descendants, named, still_there
from tests.support.servers import postgres, redis

SLOTS = 2
RIGHT = engine("right/closures")
SLOW = "sum(range(60_000_000))\n" + RIGHT  # most of a second


class Broker:
    """A Redis that can be stopped and started again. It keeps no data."""

    def __init__(self) -> None:
        self.port = free_port()
        self._stopping = contextlib.ExitStack()
        self.start()

    def start(self) -> None:
        """Start an empty server."""
        self._stopping.enter_context(redis(self.port))

    def stop(self) -> None:
        """Stop the server."""
        self._stopping.close()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the server."""
        (pid,) = named(os.getpid(), f"redis-server 127.0.0.1:{self.port}")
        os.kill(pid, number)


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    """The broker of all tests here."""
    broker = Broker()
    yield broker
    broker.stop()


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, broker: Broker) -> Iterator[Stack]:
    """An installation with web process, scheduler and database."""
    with postgres() as database_url, contextlib.ExitStack() as stopping:
        broker_url = f"redis://127.0.0.1:{broker.port}/0"
        folder = tmp_path_factory.mktemp("broker")
        # On a busy machine a short lease may run out although its slot is alive.
        stack = installation(folder, database_url, broker_url, CHAINRULE_MAX_TRIES="1000")
        stopping.enter_context(stack.process("serve"))
        stopping.enter_context(stack.process("scheduler"))
        wait_for(lambda: stack.answers("/healthz") == 200, what="the web process")
        yield stack


@pytest.fixture(scope="module")
def client(stack: Stack) -> Client:
    """A student's client."""
    return stack.student()


@pytest.fixture(scope="module")
def shared(stack: Stack) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with two slots, of which nothing is left in the end."""
    with stack.process("worker") as worker:
        yield worker
        everyone = descendants(worker.pid)
    wait_for(lambda: not still_there(everyone), what="every process to end")


@pytest.fixture
def worker(shared: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """A worker with two slots, both of them there."""
    wait_for(lambda: len(slots_of(shared)) == SLOTS, what="the slots")
    return shared


def slots_of(worker: subprocess.Popen[bytes]) -> list[int]:
    """The slots that have a zygote, so that they are nearly ready."""
    slots = named(worker.pid, "service.cli slot")
    return [pid for pid in slots if named(pid, "zygote.py")]


@contextlib.contextmanager
def paused(pids: list[int]) -> Iterator[None]:
    """Stop processes for the time of the block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def submit(client: Client, source: str = RIGHT) -> str:
    """The id of a submission that was accepted."""
    accepted = client.submit("engine", source)
    assert accepted.status == 202, accepted
    submission: str = accepted.body["id"]
    return submission


def is_graded(client: Client, submission: str) -> bool:
    """Whether a submission is graded with full points."""
    graded = client.graded(submission)
    return (graded["status"], graded["score"]) == ("done", graded["max_score"])


def is_running(client: Client, submission: str) -> bool:
    """Whether a slot grades a submission."""
    status: str = client.get(f"/submissions/{submission}").body["status"]
    return status == "running"


def test_the_slots_and_zygotes_of_a_killed_worker_end_with_it(stack: Stack, client: Client) -> None:
    with stack.process("worker") as worker:
        wait_for(lambda: len(slots_of(worker)) == SLOTS, what="the slots")
        everyone = descendants(worker.pid)
        os.kill(worker.pid, signal.SIGKILL)
        wait_for(lambda: not still_there(everyone), what="every process to end")
        submission = submit(client)
    with stack.process("worker"):
        assert is_graded(client, submission)


def test_a_worker_that_is_stopped_gives_its_grading_back_without_spending_a_try(
    stack: Stack, client: Client
) -> None:
    with stack.process("worker"):
        submission = submit(client, SLOW)
        wait_for(lambda: is_running(client, submission), what="the grading to run")
    assert client.get(f"/submissions/{submission}").body["status"] == "queued"
    with stack.process("worker"):
        assert is_graded(client, submission)
    (tries,) = stack.tries([submission])
    assert tries <= 1  # 0 if the lease ran out before the result came


def test_killing_an_idle_slot_never_stops_the_others(
    worker: subprocess.Popen[bytes], client: Client
) -> None:
    for slot in slots_of(worker):
        os.kill(slot, signal.SIGKILL)
        assert is_graded(client, submit(client))
    wait_for(lambda: len(slots_of(worker)) == SLOTS, what="all slots to be back")


def test_a_submission_survives_the_kill_of_the_slot_that_grades_it(
    worker: subprocess.Popen[bytes], client: Client
) -> None:
    submission = submit(client, SLOW)
    wait_for(lambda: is_running(client, submission), what="the grading to run")
    for slot in slots_of(worker):  # one of them grades it
        os.kill(slot, signal.SIGKILL)
    assert is_graded(client, submission)


def test_slots_go_on_after_the_broker_was_away_and_has_lost_its_data(
    worker: subprocess.Popen[bytes], client: Client, broker: Broker
) -> None:
    assert is_graded(client, submit(client))
    slots = slots_of(worker)

    broker.stop()
    running = submit(client, SLOW)
    broker.start()
    waiting = submit(client)

    assert is_graded(client, running)
    assert is_graded(client, waiting)
    assert is_graded(client, submit(client))
    assert slots_of(worker) == slots  # none of them has ended


@pytest.mark.usefixtures("worker")
def test_a_slot_that_grades_while_the_broker_restarts_still_stores_the_result(
    client: Client, broker: Broker
) -> None:
    submission = submit(client, SLOW)
    wait_for(lambda: is_running(client, submission), what="the grading to run")
    broker.stop()
    broker.start()
    assert is_graded(client, submission)
    assert is_graded(client, submit(client))


def test_slots_go_on_after_gradings_that_ended_while_the_broker_was_away(
    worker: subprocess.Popen[bytes], client: Client, broker: Broker
) -> None:
    slots = slots_of(worker)
    for _ in slots:  # a slot that didn't go on would leave the next one to the other slot
        submission = submit(client, SLOW)
        wait_for(functools.partial(is_running, client, submission), what="the grading to run")
        broker.stop()
        assert is_graded(client, submission)
        wait_for(lambda: is_away(client), what="the probe to notice it")
        broker.start()
    assert is_graded(client, submit(client))
    assert slots_of(worker) == slots  # none of them has ended


def test_slots_go_on_after_the_broker_was_silent(
    worker: subprocess.Popen[bytes], client: Client, broker: Broker
) -> None:
    assert is_graded(client, submit(client))
    broker.signal(signal.SIGSTOP)
    waiting = submit(client)  # the web process doesn't wait for the broker
    wait_for(lambda: is_away(client), what="the probe to notice it")
    broker.signal(signal.SIGCONT)
    assert is_graded(client, waiting)
    assert len(slots_of(worker)) == SLOTS


def is_away(client: Client) -> bool:
    """Whether the probe says that the broker is down."""
    answer = probe(f"{client.url}/readyz")
    return answer is not None and answer.status == 503 and answer.body["broker"] == "down"


def test_messages_of_an_earlier_version_do_no_harm(
    worker: subprocess.Popen[bytes], client: Client, stack: Stack
) -> None:
    slots = slots_of(worker)
    celery = Celery(set_as_current=False)
    celery.conf.update(Settings.from_env(stack.environ).celery)
    for task in ("worker.tasks.reap", "worker.tasks.convert_reports"):
        for _ in range(SLOTS):
            celery.send_task(task)
    celery.close()
    assert is_graded(client, submit(client))
    assert slots_of(worker) == slots
    assert "unregistered task" in (stack.logs / "worker.log").read_text()


def test_a_queue_that_no_slot_serves_is_stalled(
    worker: subprocess.Popen[bytes], client: Client, stack: Stack
) -> None:
    assert is_graded(client, submit(client))
    with paused([worker.pid, *slots_of(worker)]):
        submission = submit(client)
        stack.age_gradings(seconds=3600)
        answer = probe(f"{client.url}/readyz")
        alive = stack.answers("/healthz")

    assert answer is not None
    assert (answer.status, answer.body["queue"]) == (503, "stalled")
    assert alive == 200
    assert is_graded(client, submission)
    assert stack.answers("/readyz") == 200


def test_the_probe_says_that_the_scheduler_runs(stack: Stack) -> None:
    def runs() -> bool:
        answer = probe(f"{stack.url}/readyz")
        return answer is not None and answer.body["scheduler"] == "running"

    wait_for(runs, what="the scheduler's heartbeat")
