"""A web process and a worker process with a real PostgreSQL and Redis."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from service.submissions.models import Grading
from tests.students import engine
from tests.support.http_client import Client
from tests.support.ports import free_port, wait_for
from tests.support.servers import postgres, redis


@dataclass(frozen=True, slots=True)
class Stack:
    """An installation's settings, and its commands."""

    environ: dict[str, str]
    url: str
    logs: Path

    def run(self, *command: str) -> str:
        """Run a `chainrule` command to its end; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *command],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextlib.contextmanager
    def process(self, *command: str) -> Iterator[subprocess.Popen[bytes]]:
        """A long-running `chainrule` command, ended after the block."""
        with (self.logs / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", *command],
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def tries(self, submission_ids: list[str]) -> list[int]:
        """How often a worker started each submission, from the database."""
        engine_ = create_engine(self.environ["CHAINRULE_DATABASE_URL"])
        wanted = [uuid.UUID(submission_id) for submission_id in submission_ids]
        with engine_.connect() as connection:
            query = select(Grading.tries).where(Grading.submission_id.in_(wanted))
            found = list(connection.scalars(query))
        engine_.dispose()
        return found

    def student(self) -> Client:
        """A new student of the course, with a token."""
        email = f"student-{os.urandom(4).hex()}@example.edu"
        self.run("user", "add", email, "--name", "A Student", "--course", "ml")
        return Client(self.url, self.run("token", "new", email).strip())

    def answers(self, path: str) -> int | None:
        """The status of a GET, or None while nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as response:
                status: int = response.status
                return status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except (urllib.error.URLError, ConnectionError):
            return None


def installation(tmp_path: Path, database_url: str, broker_url: str) -> Stack:
    """Settings for both servers, with the schema and a course in place."""
    port = free_port()
    environ = {name: text for name, text in os.environ.items() if "CHAINRULE" not in name}
    environ |= {
        "CHAINRULE_DATA_DIR": str(tmp_path),
        "CHAINRULE_DATABASE_URL": database_url,
        "CHAINRULE_BROKER_URL": broker_url,
        "CHAINRULE_SECRET_KEY": "for-tests-only-" + "x" * 32,
        "CHAINRULE_PORT": str(port),
        "CHAINRULE_WORKER_CONCURRENCY": "2",
        "CHAINRULE_REAP_SECONDS": "1",
        "CHAINRULE_LEASE_SECONDS": "3",
        "CHAINRULE_SUBMISSIONS_PER_MINUTE": "1000",
    }
    stack = Stack(environ, f"http://127.0.0.1:{port}", tmp_path)
    stack.run("db", "upgrade")
    stack.run("course", "add", "ml", "--title", "Machine learning")
    stack.run("assignment", "add", "ml", "engine", "--title", "An engine")
    return stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, Redis and the web process."""
    with postgres() as database_url, redis() as broker_url, contextlib.ExitStack() as stopping:
        stack = installation(tmp_path_factory.mktemp("production"), database_url, broker_url)
        stopping.enter_context(stack.process("serve"))
        wait_for(lambda: stack.answers("/healthz") == 200, what="the web process")
        yield stack


def test_a_submission_is_graded_through_postgresql_and_redis(stack: Stack) -> None:
    client = stack.student()
    with stack.process("worker"):
        accepted = client.submit("engine", engine("right/closures"))
        graded = client.graded(accepted.body["id"])

    assert accepted.status == 202
    assert stack.answers("/readyz") == 200
    assert graded["status"] == "done"
    assert graded["score"] == graded["max_score"]


def test_thirty_submissions_at_once_are_each_graded_once(stack: Stack) -> None:
    client = stack.student()
    source = engine("wrong/as_printed")
    with stack.process("worker"), stack.process("worker"), ThreadPoolExecutor(10) as crowd:
        accepted = list(crowd.map(lambda _: client.submit("engine", source), range(30)))
        assert [answer for answer in accepted if answer.status != 202] == []
        ids = [answer.body["id"] for answer in accepted]
        graded = list(crowd.map(client.graded, ids))

    assert [answer["status"] for answer in graded] == ["done"] * 30
    assert len({answer["score"] for answer in graded}) == 1
    assert sorted(answer["attempt"] for answer in graded) == list(range(1, 31))
    assert stack.tries(ids) == [1] * 30


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
    tmp_path: Path,
) -> None:
    with postgres() as database_url:
        port = free_port()
        broker_url = f"redis://127.0.0.1:{port}/0"
        stack = installation(tmp_path, database_url, broker_url)
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
