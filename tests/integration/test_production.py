"""A web process and a worker process with a real PostgreSQL and Redis."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.students import engine
from tests.support.installation import Stack, installation
from tests.support.ports import free_port, wait_for
from tests.support.servers import postgres, redis

MANY = 12


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, Redis and the web process."""
    with postgres() as database_url, redis() as broker_url, contextlib.ExitStack() as stopping:
        stack = installation(tmp_path_factory.mktemp("production"), database_url, broker_url)
        stopping.enter_context(stack.process("serve"))
        wait_for(lambda: stack.answers("/healthz") == 200, what="the web process")
        yield stack


def test_simultaneous_submissions_are_each_graded_once_through_postgresql_and_redis(
    stack: Stack,
) -> None:
    client = stack.student()
    source = engine("right/closures")
    with stack.process("worker"), stack.process("worker"), ThreadPoolExecutor(MANY) as crowd:
        accepted = list(crowd.map(lambda _: client.submit("engine", source), range(MANY)))
        assert [answer for answer in accepted if answer.status != 202] == []
        ids = [answer.body["id"] for answer in accepted]
        graded = list(crowd.map(client.graded, ids))

        assert stack.answers("/readyz") == 200
    assert [answer["status"] for answer in graded] == ["done"] * MANY
    assert {answer["score"] for answer in graded} == {graded[0]["max_score"]}
    assert sorted(answer["attempt"] for answer in graded) == list(range(1, MANY + 1))
    assert stack.tries(ids) == [1] * MANY


def test_a_submission_survives_a_killed_worker(stack: Stack) -> None:
    client = stack.student()
    slow = "import math\nsum(range(60_000_000))\n" + engine("right/closures")
    with stack.process("scheduler"):
        with stack.process("worker") as worker:
            submission = client.submit("engine", slow).body["id"]
            wait_for(
                lambda: client.get(f"/submissions/{submission}").body["status"] == "running",
                what="the grading to run",
            )
            os.killpg(worker.pid, signal.SIGKILL)
        with stack.process("worker"):
            graded = client.graded(submission)

    assert graded["status"] == "done"
    assert graded["score"] == graded["max_score"]


def test_a_submission_accepted_while_the_broker_is_down_is_graded_later(
    stack: Stack,
) -> None:
    port = free_port()
    stack = stack.behind(f"redis://127.0.0.1:{port}/0")
    with stack.process("serve"):
        wait_for(lambda: stack.answers("/healthz") == 200, what="the web process")
        client = stack.student()
        accepted = client.submit("engine", engine("right/closures"))
        assert accepted.status == 202
        assert stack.answers("/readyz") == 503
        with redis(port), stack.process("scheduler"), stack.process("worker"):
            assert client.graded(accepted.body["id"])["status"] == "done"
            assert stack.answers("/readyz") == 200


def test_without_its_database_the_service_says_503_and_recovers(tmp_path: Path) -> None:
    with redis() as broker_url, contextlib.ExitStack() as database:
        database_url = database.enter_context(postgres())
        stack = installation(tmp_path, database_url, broker_url)
        with stack.process("serve"):
            wait_for(lambda: stack.answers("/healthz") == 200, what="the web process")
            client = stack.student()
            database.close()

            rejected = client.submit("engine", engine("right/closures"))

            assert rejected.status == 503
            assert rejected.body["error"]["code"] == "unavailable"
            assert stack.answers("/healthz") == 200
            assert stack.answers("/readyz") == 503
