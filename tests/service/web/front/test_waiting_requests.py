"""`?wait=`: many requests wait for a result without threads and without queries."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from uuid import UUID

import pytest
from flask import Flask, request_finished
from sqlalchemy import text

from service.courses.models import Role
from service.submissions.models import Status, Submission
from service.web.request import EXTENSION
from tests.service.web.front.conftest import Site
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.ports import wait_for
from tests.support.sql_statements import queries

REPORT = make_report(make_suite("rules", make_case()))
MANY = 100


@pytest.fixture
def queued(site: Site) -> Submission:
    submission = factories.make_submission(site.session, site.members.assignment, site.members.ada)
    site.session.commit()
    return submission


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(MANY) as pool:
        yield pool


def finish(site: Site, submission: Submission) -> None:
    """Store a result as a worker does."""
    factories.finish(submission.grading, REPORT)
    site.session.commit()


def ask(site: Site, submission_id: UUID, token: str, wait: float = 30) -> tuple[str, str | None]:
    """The status that a waiting request is answered with, and when to ask again."""
    connection = HTTPConnection("127.0.0.1", site.server.port, timeout=60)
    headers = {"Authorization": f"Bearer {token}"}
    connection.request("GET", f"/api/v1/submissions/{submission_id}?wait={wait}", headers=headers)
    response: HTTPResponse = connection.getresponse()
    body = json.load(response)
    connection.close()
    assert response.status == 200, body
    return body["status"], response.headers["Retry-After"]


def start(
    pool: ThreadPoolExecutor, site: Site, submission: Submission, tokens: list[str]
) -> list[Future[tuple[str, str | None]]]:
    futures = [pool.submit(ask, site, submission.id, token) for token in tokens]
    wait_for(lambda: site.server.waits.waiting == len(tokens), what="everybody to wait")
    return futures


def ada(site: Site) -> str:
    return site.members.tokens[site.members.ada.email]


def threads_of_fronts() -> set[threading.Thread]:
    """The threads that answer requests; those of another test's server may not have ended yet."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("web")}


def test_a_hundred_requests_wait_without_threads_or_queries_and_all_wake(
    site: Site, queued: Submission, pool: ThreadPoolExecutor
) -> None:
    before = threads_of_fronts()
    staff = [
        factories.enrol(
            site.session, site.members.course, factories.make_account(site.session), Role.TEACHER
        )
        for _ in range(MANY // 20)
    ]
    tokens = [factories.token_of(site.session, account) for account in staff]
    site.session.commit()
    first_runs: list[object] = []

    def note(_: Flask, response: object) -> None:
        first_runs.append(response)

    with request_finished.connected_to(note, site.server.app):
        futures = start(pool, site, queued, tokens * 20)
        wait_for(lambda: len(first_runs) == MANY, what="all threads to be free")
    # While they wait, another request finds a thread, and the database is not asked.
    with queries(site.server.app.extensions[EXTENSION].engine) as seen:
        connection = HTTPConnection("127.0.0.1", site.server.port, timeout=60)
        for _ in range(50):
            connection.request("GET", "/healthz")
            assert connection.getresponse().read()
        connection.close()
        assert site.server.waits.waiting == MANY
        assert seen == []
    settings = site.server.app.extensions[EXTENSION].settings
    assert len(threads_of_fronts() - before) <= settings.web_threads
    finish(site, queued)
    assert {future.result(60) for future in futures} == {("done", None)}
    assert site.server.waits.waiting == 0


def test_each_request_wakes_by_its_own_result(
    site: Site, queued: Submission, pool: ThreadPoolExecutor
) -> None:
    other = factories.make_submission(site.session, site.members.assignment, site.members.blaise)
    site.session.commit()
    token = site.members.tokens[site.members.teacher.email]
    (first,) = start(pool, site, queued, [token])
    second = pool.submit(ask, site, other.id, token)
    wait_for(lambda: site.server.waits.waiting == 2, what="both to wait")
    finish(site, other)
    assert second.result(30) == ("done", None)
    assert not first.done()
    factories.give_up(queued.grading)
    site.session.commit()
    assert first.result(30) == ("errored", None)


def test_when_the_time_is_over_the_answer_has_the_current_status(
    site: Site, queued: Submission
) -> None:
    assert ask(site, queued.id, ada(site), wait=0.05) == ("queued", None)
    assert site.server.waits.waiting == 0


def test_more_requests_than_an_account_may_have_are_answered_at_once(
    site: Site, queued: Submission, pool: ThreadPoolExecutor
) -> None:
    futures = start(pool, site, queued, [ada(site)] * 20)
    assert ask(site, queued.id, ada(site)) == ("queued", "2")
    teacher = site.members.tokens[site.members.teacher.email]
    futures.append(pool.submit(ask, site, queued.id, teacher))
    wait_for(lambda: site.server.waits.waiting == 21, what="the teacher to wait")
    finish(site, queued)
    assert {future.result(30) for future in futures} == {("done", None)}


def test_a_client_that_leaves_no_longer_waits(site: Site, queued: Submission) -> None:
    with socket.create_connection(("127.0.0.1", site.server.port)) as connection:
        request = (
            f"GET /api/v1/submissions/{queued.id}?wait=30 HTTP/1.1\r\nHost: here\r\n"
            f"Authorization: Bearer {ada(site)}\r\n\r\n"
        )
        connection.sendall(request.encode())
        wait_for(lambda: site.server.waits.waiting == 1, what="the request to wait")
    wait_for(lambda: site.server.waits.waiting == 0, what="the request to be gone")


def test_a_submission_that_nobody_may_see_is_not_waited_for(site: Site, queued: Submission) -> None:
    stranger = site.members.tokens[site.members.stranger.email]
    with pytest.raises(AssertionError, match="not_found"):
        ask(site, queued.id, stranger)
    assert site.server.waits.waiting == 0


def test_who_may_no_longer_see_it_gets_no_result(
    site: Site, queued: Submission, pool: ThreadPoolExecutor
) -> None:
    teacher = site.members.teacher
    (future,) = start(pool, site, queued, [site.members.tokens[teacher.email]])
    site.session.execute(text("DELETE FROM enrolments WHERE role = 'teacher'"))
    finish(site, queued)
    with pytest.raises(AssertionError, match="not_found"):
        future.result(30)


def test_a_waiting_request_is_one_request_in_the_metrics(
    site: Site, queued: Submission, pool: ThreadPoolExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="service.web.ops.requests"):
        (future,) = start(pool, site, queued, [ada(site)])
        assert not caplog.records
        finish(site, queued)
        assert future.result(30)[0] == Status.DONE
    (record,) = caplog.records
    assert record.getMessage().startswith(f"GET /api/v1/submissions/{queued.id} 200 in ")
