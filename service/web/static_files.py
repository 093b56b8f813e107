"""Static files, whose address has the hash of their content.

A browser may keep such a file for good: a changed file has another address.
"""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

ENDPOINT = "static"
VERSION = "v"  # the query parameter with the hash
FOREVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Add hashes to the addresses that `url_for` makes, and say how long a file may be kept."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == ENDPOINT and VERSION not in values:
            values[VERSION] = _version_of(app, values["filename"])

    @app.after_request
    def keep(response: Response) -> Response:
        # Only after these was the file looked up, and is inside the folder.
        was_read = request.method in ("GET", "HEAD") and response.status_code in (200, 206, 304)
        if request.endpoint == ENDPOINT and was_read:
            filename = (request.view_args or {})["filename"]
            # A page of another version may ask for a file that this one doesn't have.
            is_current = request.args.get(VERSION) == _version_of(app, filename)
            response.headers["Cache-Control"] = FOREVER if is_current else "no-cache"
        return response


def _version_of(app: Flask, filename: str) -> str:
    assert app.static_folder is not None
    file = Path(app.static_folder, filename)
    found = file.stat()
    return _hash(file, found.st_mtime_ns, found.st_size)


@functools.lru_cache(maxsize=256)
def _hash(file: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
