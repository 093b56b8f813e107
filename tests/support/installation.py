"""A larger installation: the `chainrule` commands on a given database and broker."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from service.submissions.models import Grading
from tests.support.http_client import Client
from tests.support.ports import free_port

# One process for several commands: to import the service takes a second.
RUN_ALL = """\
import json, sys
from service.cli import cli
for command in json.loads(sys.argv[1]):
    cli(command, standalone_mode=False)
"""


@dataclass(frozen=True, slots=True)
class Stack:
    """An installation's settings, and its commands."""

    environ: dict[str, str]
    url: str
    logs: Path

    def run(self, *commands: list[str]) -> str:
        """Run `chainrule` commands to their end; their output."""
        done = subprocess.run(
            [sys.executable, "-c", RUN_ALL, json.dumps(commands)],
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
                process.wait(timeout=60)
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

    def age_gradings(self, seconds: float) -> None:
        """Move the times of all gradings into the past."""
        engine_ = create_engine(self.environ["CHAINRULE_DATABASE_URL"])
        earlier = timedelta(seconds=seconds)
        with Session(engine_) as session:
            for grading in session.scalars(select(Grading)):
                grading.queued_at -= earlier
                if grading.started_at is not None:
                    grading.started_at -= earlier
            session.commit()
        engine_.dispose()

    def student(self) -> Client:
        """A new student of the course, with a token."""
        email = f"student-{os.urandom(4).hex()}@example.edu"
        output = self.run(
            ["user", "add", email, "--name", "A Student", "--course", "ml"],
            ["token", "new", email],
        )
        return Client(self.url, output.split()[-1])

    def behind(self, broker_url: str) -> Stack:
        """The same data behind another broker, for a web process of its own."""
        port = free_port()
        environ = {**self.environ, "CHAINRULE_BROKER_URL": broker_url, "CHAINRULE_PORT": str(port)}
        return replace(self, environ=environ, url=f"http://127.0.0.1:{port}")

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


def installation(tmp_path: Path, database_url: str, broker_url: str, **more_environ: str) -> Stack:
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
        **more_environ,
    }
    stack = Stack(environ, f"http://127.0.0.1:{port}", tmp_path)
    stack.run(
        ["db", "upgrade"],
        ["course", "add", "ml", "--title", "Machine learning"],
        ["assignment", "add", "ml", "engine", "--title", "An engine"],
    )
    return stack
