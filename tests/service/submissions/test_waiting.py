import logging
import threading
import uuid
from collections.abc import Iterator, Sized
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from service.store.database import make_readers
from service.submissions.models import Submission
from service.submissions.waiting import Watch
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.ports import wait_for

REPORT = make_report(make_suite("rules", make_case()))


@pytest.fixture
def watch(engine: Engine) -> Watch:
    return Watch(make_readers(engine), at_most=8)


@pytest.fixture
def submissions(members: Class, session: Session) -> list[Submission]:
    made = [
        factories.make_submission(session, members.assignment, members.ada, attempt=attempt)
        for attempt in range(1, 6)
    ]
    session.commit()
    return made


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as pool:
        yield pool


def start(
    pool: ThreadPoolExecutor, watch: Watch, gradings: list[uuid.UUID], seconds: float = 30.0
) -> list[Future[bool]]:
    futures = [pool.submit(watch.wait, grading, seconds) for grading in gradings]
    wait_for(lambda: watch.waiting == len(gradings), what="everybody to wait")
    return futures


def test_each_waiter_wakes_when_its_own_grading_ends(
    watch: Watch, session: Session, submissions: list[Submission], pool: ThreadPoolExecutor
) -> None:
    futures = start(pool, watch, [each.grading.id for each in submissions])
    for submission, future in zip(submissions, futures, strict=True):
        assert not future.done()
        factories.finish(submission.grading, REPORT)
        session.commit()
        assert future.result(20) is True
    wait_for(lambda: watch.waiting == 0, what="nobody to wait")


def test_an_errored_grading_wakes_its_waiter_too(
    watch: Watch, session: Session, submissions: list[Submission], pool: ThreadPoolExecutor
) -> None:
    (future,) = start(pool, watch, [submissions[0].grading.id])
    factories.give_up(submissions[0].grading)
    session.commit()
    assert future.result(20) is True


def test_all_waiters_share_one_query(
    watch: Watch, engine: Engine, submissions: list[Submission], pool: ThreadPoolExecutor
) -> None:
    looks: list[tuple[str, int]] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_: object, __: object, statement: str, parameters: Sized, *___: object) -> None:
        if "FROM gradings" in statement:
            looks.append((threading.current_thread().name, len(parameters)))

    gradings = [each.grading.id for each in submissions]
    futures = start(pool, watch, gradings, seconds=0.3)
    assert [future.result() for future in futures] == [False] * 5
    assert {thread for thread, _ in looks} == {"watch"}
    assert max(asked_for for _, asked_for in looks) == len(gradings) + 2  # and the two statuses


def test_the_thread_ends_without_waiters_and_the_next_waiter_starts_one(
    watch: Watch, session: Session, submissions: list[Submission], pool: ThreadPoolExecutor
) -> None:
    assert watch.wait(submissions[0].grading.id, 0.01) is False
    wait_for(lambda: watch._thread is None, what="the watcher to leave")
    (future,) = start(pool, watch, [submissions[0].grading.id])
    factories.finish(submissions[0].grading, REPORT)
    session.commit()
    assert future.result(20) is True


def test_a_waiter_over_the_limit_is_answered_at_once(
    engine: Engine, submissions: list[Submission], pool: ThreadPoolExecutor, session: Session
) -> None:
    watch = Watch(make_readers(engine), at_most=1)
    (future,) = start(pool, watch, [submissions[0].grading.id])
    assert watch.wait(submissions[1].grading.id, threading.TIMEOUT_MAX) is False
    factories.finish(submissions[0].grading, REPORT)
    session.commit()
    assert future.result(20) is True


def test_waiters_are_answered_if_the_database_goes_down(
    watch: Watch,
    engine: Engine,
    submissions: list[Submission],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING), engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gradings RENAME TO elsewhere")
        connection.commit()
        assert watch.wait(submissions[0].grading.id, 30) is True
    assert "cannot look" in caplog.text


def test_a_waiter_is_answered_at_once_if_no_thread_can_start(
    watch: Watch,
    session: Session,
    submissions: list[Submission],
    pool: ThreadPoolExecutor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    grading = submissions[0].grading
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        assert watch.wait(grading.id, threading.TIMEOUT_MAX) is False
    (future,) = start(pool, watch, [grading.id])
    factories.finish(grading, REPORT)
    session.commit()
    assert future.result(20) is True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_an_error_in_the_thread_the_next_waiter_starts_another(
    watch: Watch, submissions: list[Submission], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[object]:
        raise AssertionError("a fault of ours")

    monkeypatch.setattr(watch, "_find_ended", fail)
    grading = submissions[0].grading
    assert watch.wait(grading.id, 0.2) is False
    wait_for(lambda: watch._thread is None, what="the watcher to be gone")
    factories.finish(grading, REPORT)


@pytest.mark.usefixtures("blank")
def test_waiting_for_an_unknown_grading_runs_out_of_time(watch: Watch) -> None:
    assert watch.wait(uuid.uuid4(), 0.05) is False
