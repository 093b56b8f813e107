"""Whoever listens learns of every stored result, on either database."""

from __future__ import annotations

import logging
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.people.models import Account
from service.settings import Settings
from service.store.database import make_engine, make_readers, make_sessions
from service.submissions import notices
from service.submissions.models import Submission
from service.submissions.notices import Listener, announce
from service.submissions.waiting import Wait, Waits
from tests.service.conftest import make_class, make_settings
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.ports import wait_for

REPORT = make_report(make_suite("rules", make_case()))


@dataclass(frozen=True, slots=True)
class Web:
    """What a web process has: an engine, a listener, and a request that waits."""

    engine: Engine
    listener: Listener
    wait: Wait

    def is_woken(self) -> bool:
        """Whether its waiting request is woken."""
        return self.wait.stored.done()


class Installation:
    """A database with a submission that is queued, and web processes that wait for it."""

    def __init__(self, settings: Settings, session: Session) -> None:
        self.settings = settings
        self.session = session
        members = make_class(session)
        self.ada = members.ada
        self.queued: Submission = factories.make_submission(
            session, members.assignment, members.ada
        )
        session.commit()
        self.stack = ExitStack()

    def start_web(self, *, until_it_listens: bool = True) -> Web:
        """Start to listen in one more process."""
        return self.stack.enter_context(self._web(until_it_listens))

    @contextmanager
    def _web(self, until_it_listens: bool) -> Iterator[Web]:
        engine, waits = make_engine(self.settings), Waits()
        listener = Listener(engine, make_readers(engine), waits)
        wait = waits.join(self.queued.id, self.ada.id)
        assert wait is not None
        listener.start()
        if until_it_listens:
            wait_for(listener.listening.is_set, what="the listener")
        try:
            yield Web(engine, listener, wait)
        finally:
            listener.stop()
            engine.dispose()

    def finish(self, *, announced: bool = True) -> None:
        """Store a result as a worker does."""
        with pytest.MonkeyPatch.context() as patched:
            if not announced:
                patched.setattr(factories, "announce", lambda _: None)
            factories.finish(self.queued.grading, REPORT)
            self.session.commit()


MakeInstallation = Callable[[Settings], Installation]


@pytest.fixture
def make_installation() -> Iterator[MakeInstallation]:
    with ExitStack() as stack:

        def make(settings: Settings) -> Installation:
            engine = make_engine(settings)
            stack.callback(engine.dispose)
            session = stack.enter_context(make_sessions(engine)())
            made = Installation(settings, session)
            stack.push(made.stack)
            return made

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest,
    make_installation: MakeInstallation,
    monkeypatch: pytest.MonkeyPatch,
) -> Installation:
    """An installation on either database, whose listeners wake by notices alone."""
    monkeypatch.setattr(notices, "SLOW", float("inf"))
    name = "settings" if request.param == "sqlite" else "on_postgres"
    return make_installation(request.getfixturevalue(name))


def test_every_web_process_wakes_by_a_notice(installation: Installation) -> None:
    webs = [installation.start_web(), installation.start_web()]
    assert not any(web.is_woken() for web in webs)
    installation.finish()
    for web in webs:
        wait_for(web.is_woken, what="the notice")


def test_a_grading_that_errored_is_announced(installation: Installation) -> None:
    web = installation.start_web()
    factories.give_up(installation.queued.grading)
    installation.session.commit()
    wait_for(web.is_woken, what="the notice")


def test_a_result_that_is_rolled_back_is_not_announced(installation: Installation) -> None:
    web = installation.start_web()
    announce(installation.queued.grading)
    installation.session.rollback()
    # The next notice that is heard is another one, from another session.
    with make_sessions(web.engine)() as session:
        assignment = session.get_one(Assignment, installation.queued.assignment_id)
        ada = session.get_one(Account, installation.ada.id)
        other = factories.make_submission(session, assignment, ada, attempt=2)
        session.commit()
        heard = web.listener._waits.join(other.id, ada.id)
        assert heard is not None
        announce(other.grading)
        session.commit()
    wait_for(heard.stored.done, what="the other notice")
    assert not web.is_woken()


def test_a_result_that_was_stored_before_anybody_listened_wakes(
    installation: Installation,
) -> None:
    installation.finish(announced=False)
    web = installation.start_web()
    wait_for(web.is_woken, what="the look at the start")


def test_a_lost_notice_is_made_up_for_by_looking(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SLOW", 0.01)
    web = installation.start_web()
    installation.finish(announced=False)
    wait_for(web.is_woken, what="the next look")


@pytest.mark.parametrize("kind", [OSError, RuntimeError])
def test_while_nothing_can_be_heard_the_listener_looks(
    settings: Settings,
    make_installation: MakeInstallation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: type[Exception],
) -> None:
    def fail(_: object) -> None:
        raise kind("this file system has no sockets")

    monkeypatch.setattr(notices, "_on_socket", fail)
    monkeypatch.setattr(notices, "DEAF", 0.01)
    installation = make_installation(settings)
    with caplog.at_level(logging.WARNING):
        web = installation.start_web(until_it_listens=False)
        wait_for(lambda: "has no sockets" in caplog.text, what="the warning")
        assert not web.is_woken()
        installation.finish()
        wait_for(web.is_woken, what="the next look")


def test_with_postgres_a_lost_connection_is_made_again(
    on_postgres: Settings, make_installation: MakeInstallation, caplog: pytest.LogCaptureFixture
) -> None:
    installation = make_installation(on_postgres)
    web = installation.start_web()
    listening = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
    )
    with caplog.at_level(logging.WARNING):
        assert installation.session.scalar(listening) == 1
        wait_for(lambda: "cannot listen" in caplog.text, what="the loss to be noticed")
    # Stored while nobody listens, so nobody hears of it.
    installation.finish()
    wait_for(web.is_woken, what="the look")
    wait_for(web.listener.listening.is_set, what="the listener to be back")
    again = web.listener._waits.join(installation.queued.id, installation.ada.id)
    assert again is not None
    announce(installation.queued.grading)
    installation.session.commit()
    wait_for(again.stored.done, what="a notice on the new connection")


def test_a_killed_process_leaves_a_socket_that_the_next_notice_removes(
    settings: Settings, make_installation: MakeInstallation
) -> None:
    installation = make_installation(settings)
    web = installation.start_web()
    folder = settings.data_dir
    (own,) = folder.glob("*.results")
    left = folder / "1-dead.results"
    own.rename(left)
    web.listener.stop()  # removes its own name alone
    assert list(folder.glob("*.results")) == [left]
    installation.finish()
    assert list(folder.glob("*.results")) == []


def test_the_data_folder_may_have_a_long_path(
    blank: Path, make_installation: MakeInstallation, tmp_path: Path
) -> None:
    folder = tmp_path / ("long" * 30)  # a socket's own path has at most 107 bytes
    folder.mkdir()
    shutil.copy(blank, folder)
    installation = make_installation(make_settings(folder))
    web = installation.start_web()
    assert list(folder.glob("*.results"))
    installation.finish()
    wait_for(web.is_woken, what="the notice")


def test_a_result_is_stored_even_if_its_notice_cannot_be_sent(
    settings: Settings,
    make_installation: MakeInstallation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    installation = make_installation(settings)
    monkeypatch.setattr(notices, "_folder", lambda _: settings.data_dir / "missing")
    with caplog.at_level(logging.WARNING):
        installation.finish()
    assert "cannot announce a result" in caplog.text
    installation.session.refresh(installation.queued.grading)
    assert installation.queued.grading.status.ended


def test_a_notice_that_is_none_does_not_end_the_listener(
    settings: Settings, make_installation: MakeInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "SLOW", float("inf"))
    monkeypatch.setattr(notices, "DEAF", 0.01)
    installation = make_installation(settings)
    web = installation.start_web()
    (own,) = settings.data_dir.glob("*.results")
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        notices._short_path(settings.data_dir) as folder,
    ):
        sender.sendto(b"nonsense", str(folder / own.name))
    wait_for(
        lambda: set(settings.data_dir.glob("*.results")) not in ({own}, set()),
        what="another socket",
    )
    installation.finish()
    wait_for(web.is_woken, what="the notice")
