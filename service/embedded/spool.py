"""The embedded broker. A message is a file in a folder; a process gets it by removing the file.

Kombu's own filesystem transport writes a message in place, so a reader may find half of it. Here a
message appears by a rename, so it is always whole.
"""

from __future__ import annotations

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

PART, MESSAGE = ".part", ".msg"


class Channel(virtual.Channel):
    """A queue is a folder under the transport option `folder`. File names sort by sending time."""

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        folder = self._folder(queue)
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{time.time_ns():020d}-{uuid.uuid4().hex}{PART}"
        try:
            part.write_text(dumps(message), encoding="utf-8")
            part.rename(part.with_suffix(MESSAGE))
        finally:
            part.unlink(missing_ok=True)  # if the disk is full

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002
        for file in self._waiting(queue):
            try:
                text = file.read_bytes()
                file.unlink()
            except FileNotFoundError:
                continue  # another worker was faster
            try:
                message: dict[str, Any] = loads(text)
            except ValueError:  # half a message, after a power cut; the reaper finds its grading
                log.warning("dropped a message that cannot be read: %s", file.name)
                continue
            return message
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _purge(self, queue: str) -> int:
        waiting = self._waiting(queue)
        for file in waiting:
            file.unlink(missing_ok=True)
        return len(waiting)

    def _waiting(self, queue: str) -> list[Path]:
        return sorted(self._folder(queue).glob(f"*{MESSAGE}"))

    def _folder(self, queue: str) -> Path:
        client: Any = self.connection.client
        return Path(client.transport_options["folder"]) / queue


class Transport(virtual.Transport):
    """Polls the folder; every process declares its queues and bindings again."""

    Channel = Channel
    implements = virtual.Transport.implements.extend(
        asynchronous=False, exchange_type=frozenset({"direct"})
    )
    driver_type = "spool"
    driver_name = "spool"
    default_port = 0
    bindings = virtual.BrokerState()

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self.state = self.bindings

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Wait for a message, for at most the transport option `longest_wait`.

        Raises TimeoutError if none came.
        """
        client: Any = self.client
        longest = client.transport_options.get("longest_wait")
        if longest is not None:
            timeout = longest if timeout is None else min(timeout, longest)
        super().drain_events(connection, timeout=timeout)

    def driver_version(self) -> str:
        """There is no driver, so no version."""
        return "none"
