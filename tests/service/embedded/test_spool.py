"""The embedded broker: whole messages, each received once, in the order of sending."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import virtual

from service.embedded.spool import MESSAGE, Channel, Transport
from service.settings import Settings


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a new spool."""
    options = {"folder": str(tmp_path), "polling_interval": 0.001}
    with Connection("spool://", transport=Transport, transport_options=options) as connection:
        yield connection


def test_messages_arrive_whole_and_in_the_order_of_sending(connection: Connection) -> None:
    with connection.SimpleQueue("gradings") as queue:
        for number in range(20):
            queue.put({"number": number})
        received = [queue.get(timeout=5).payload["number"] for _ in range(20)]

        assert received == list(range(20))
        with pytest.raises(Empty):
            queue.get_nowait()


def test_two_readers_never_get_the_same_message_or_half_of_one(connection: Connection) -> None:
    received: list[str] = []
    channel = open_channel(connection)

    def read() -> None:
        while len(received) < 500:
            try:
                received.append(channel._get("gradings")["body"])
            except Empty:
                continue

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(500):
        channel._put("gradings", {"body": f"{number}-{'x' * 5000}"})
    for reader in readers:
        reader.join(timeout=60)

    assert len(received) == 500
    assert len(set(received)) == 500


def test_a_message_half_written_when_the_machine_stopped_is_never_read(
    connection: Connection, tmp_path: Path
) -> None:
    (tmp_path / "gradings").mkdir()
    (tmp_path / "gradings" / "1.part").write_text('{"bo', encoding="utf-8")
    channel = open_channel(connection)

    assert channel._size("gradings") == 0
    with pytest.raises(Empty):
        channel._get("gradings")


@pytest.mark.parametrize("left", [b"", b'{"bo', b"\xff\xfe"])
def test_an_unreadable_message_is_dropped_and_the_next_one_read(
    connection: Connection, tmp_path: Path, left: bytes
) -> None:
    channel = open_channel(connection)
    (tmp_path / "gradings").mkdir()
    (tmp_path / "gradings" / f"0{MESSAGE}").write_bytes(left)
    channel._put("gradings", {"body": "1"})

    assert channel._get("gradings") == {"body": "1"}
    assert channel._size("gradings") == 0


def test_a_purge_counts_what_it_removed(connection: Connection, tmp_path: Path) -> None:
    channel = open_channel(connection)
    channel._put("gradings", {"body": "1"})
    channel._put("gradings", {"body": "2"})

    assert channel._purge("gradings") == 2
    assert list((tmp_path / "gradings").glob(f"*{MESSAGE}")) == []


def open_channel(connection: Connection) -> Channel:
    """The connection's channel, with its type."""
    channel = connection.default_channel
    assert isinstance(channel, Channel)
    return channel


def test_a_wait_is_no_longer_than_the_option_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Celery waits for two seconds, and only afterwards sees that it should stop."""
    waited = []
    monkeypatch.setattr(
        virtual.Transport, "drain_events", lambda *_, timeout=None: waited.append(timeout)
    )
    for options in ({}, {"longest_wait": 0.1}):
        folder = {"folder": str(tmp_path)}
        with Connection("spool://", transport=Transport, transport_options=folder | options) as one:
            for timeout in (2.0, 0.05, 0, None):
                one.drain_events(timeout=timeout)
    assert waited == [2.0, 0.05, 0, None, 0.1, 0.05, 0, 0.1]


def test_slots_see_soon_that_they_should_stop(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "x" * 32}
    )
    assert settings.celery["broker_transport_options"]["longest_wait"] <= 0.1
