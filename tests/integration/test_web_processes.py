"""Web processes as they really run: several at once, waiting requests, and how they end."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.submissions.models import Submission
from tests.service.conftest import Class, make_class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.ports import free_port, wait_for

REPORT = make_report(make_suite("rules", make_case()))
MANY = 12


class Web:
    """`chainrule serve` on SQLite, with a class and a queued submission."""

    def __init__(self, settings: Settings, session: Session, members: Class) -> None:
        self.settings, self.session, self.members = settings, session, members
        self.queued: Submission = factories.make_submission(
            session, members.assignment, members.ada
        )
        session.commit()
        self.process: subprocess.Popen[bytes]

    def get(self, path: str, **headers: str) -> bytes:
        """The body of an answer that must be 200."""
        connection = HTTPConnection("127.0.0.1", self.settings.port, timeout=60)
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            assert response.status == 200
            return response.read()

    def wait(self) -> str:
        """The status that a waiting request is answered with."""
        token = self.members.tokens[self.members.ada.email]
        path = f"/api/v1/submissions/{self.queued.id}?wait=30"
        status: str = json.loads(self.get(path, Authorization=f"Bearer {token}"))["status"]
        return status

    def answers(self) -> bool:
        """Whether it answers now."""
        with contextlib.suppress(OSError):
            return bool(self.get("/healthz"))
        return False

    def finish(self) -> None:
        """Store a result as a worker does."""
        factories.finish(self.queued.grading, REPORT)
        self.session.commit()

    @property
    def listeners(self) -> set[int]:
        """The processes that listen for results."""
        return {
            int(each.name.partition("-")[0]) for each in self.settings.data_dir.glob("*.results")
        }

    @property
    def waiting(self) -> int:
        """How many requests wait, in all processes."""
        (line,) = [
            line
            for line in self.get("/metrics").decode().splitlines()
            if line.startswith("chainrule_waiting_requests ")
        ]
        return int(float(line.split()[1]))

    @contextlib.contextmanager
    def waiters(self) -> Iterator[list[Future[str]]]:
        """Requests that wait for the submission now."""
        with ThreadPoolExecutor(MANY) as pool:
            asked = [pool.submit(self.wait) for _ in range(MANY)]
            wait_for(lambda: self.waiting == MANY, what="everybody to wait")
            yield asked


@pytest.fixture
def web(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Web]:
    """A running `chainrule serve`; its parameter is the number of processes."""
    environ = {name: text for name, text in os.environ.items() if "CHAINRULE" not in name}
    environ |= {
        "CHAINRULE_DATA_DIR": str(tmp_path),
        "CHAINRULE_SECRET_KEY": "k" * 40,
        "CHAINRULE_PORT": str(free_port()),
        "CHAINRULE_WEB_PROCESSES": str(request.param),
    }
    (tmp_path / "broker").mkdir()
    settings = Settings.from_env(environ)
    upgrade(settings)
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        web = Web(settings, session, make_class(session))
        with (tmp_path / "serve.log").open("wb") as log:
            web.process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve"],
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            wait_for(web.answers, what="the web process")
            wait_for(lambda: len(web.listeners) == request.param, what="all processes to listen")
            yield web
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(web.process.pid, signal.SIGKILL)
            web.process.wait()
    engine.dispose()


@pytest.mark.parametrize("web", [1, 2], indirect=True)
def test_a_result_wakes_the_requests_of_all_web_processes(web: Web) -> None:
    with web.waiters() as asked:
        web.finish()
        assert {each.result(60) for each in asked} == {"done"}
    assert web.waiting == 0


@pytest.mark.parametrize("web", [1, 2], indirect=True)
def test_sigterm_answers_waiting_requests_and_ends(web: Web) -> None:
    with web.waiters() as asked:
        web.process.terminate()
        # Much earlier than after the 30 seconds that they wanted to wait.
        assert web.process.wait(20) == 0
        assert {each.result(60) for each in asked} == {"queued"}
    assert web.listeners == set()


@pytest.mark.parametrize("web", [2], indirect=True)
def test_a_killed_web_process_is_replaced(web: Web) -> None:
    before = web.listeners
    os.kill(min(before), signal.SIGKILL)
    wait_for(lambda: len(web.listeners - before) == 1, what="another process")
    with web.waiters() as asked:
        web.finish()
        assert {each.result(60) for each in asked} == {"done"}


@pytest.mark.parametrize("web", [2], indirect=True)
def test_no_web_process_outlives_the_one_that_started_it(web: Web) -> None:
    os.kill(web.process.pid, signal.SIGKILL)
    web.process.wait(20)
    wait_for(lambda: web.listeners == set(), what="both processes to end")
    assert not web.answers()
