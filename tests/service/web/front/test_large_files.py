"""A large file is sent in parts, and never as a whole in memory."""

from __future__ import annotations

import io
import zlib
from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from service.web.front import application
from tests.service.web.front.conftest import Open
from tests.support.web_server import WebServer

CONTENT = bytes(range(256)) * 20_000  # 5 MB


class Counted(io.BytesIO):
    """A file that knows the largest part that was read from it, and whether it was closed."""

    largest = 0
    was_closed = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, and remember how much."""
        chunk = super().read(size)
        self.largest = max(self.largest, len(chunk))
        return chunk

    def close(self) -> None:
        """Remember that the file was closed."""
        self.was_closed = True
        super().close()


def test_a_large_file_arrives_whole_and_is_read_in_parts(web: WebServer, connect: Open) -> None:
    files: list[Counted] = []

    def view() -> Response:
        files.append(Counted(CONTENT))
        return send_file(files[-1], "application/zip")

    web.app.add_url_rule("/large", "large", view)
    client, received = (
        connect(b"GET /large HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"),
        b"",
    )
    while chunk := client.recv(65536):
        received += chunk
    header, _, body = received.partition(b"\r\n\r\n")
    assert f"content-length: {len(CONTENT)}".encode() in header.lower()
    assert zlib.crc32(body) == zlib.crc32(CONTENT)
    (file,) = files
    assert file.largest == application.LARGE_FILE
    assert file.was_closed


def test_a_head_request_opens_no_large_file(web: WebServer, connect: Open) -> None:
    file: Any = Counted(CONTENT)
    web.app.add_url_rule("/large", "large", lambda: send_file(file, "application/zip"))
    client, received = (
        connect(b"HEAD /large HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"),
        b"",
    )
    while chunk := client.recv(65536):
        received += chunk
    assert received.endswith(b"\r\n\r\n")
    assert file.largest == 0
