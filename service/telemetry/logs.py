"""Logs with the ids of the request, submission and grading that a line is about.

`plain` is for reading, `json` writes one object per line for a log collector. Messages name ids,
never a student's source or a secret.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime

from service.settings import LogFormat, Settings

PLAIN = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default={})  # noqa: B039


def configure(settings: Settings) -> None:
    """Send the logs of this process to stderr in the format of the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if settings.log_format is LogFormat.JSON else Plain(PLAIN))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def new_request_id() -> str:
    """A random id for a request."""
    return secrets.token_hex(8)


def is_request_id(text: str) -> bool:
    """Whether a text from outside may stand in logs as a request's id."""
    return REQUEST_ID.fullmatch(text) is not None


def bind(**ids: object) -> None:
    """Add ids to all further lines of this thread or task; None removes one."""
    named = {**_context.get(), **{name: str(i) for name, i in ids.items() if i is not None}}
    _context.set({name: i for name, i in named.items() if ids.get(name, i) is not None})


@contextlib.contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Add ids to the lines of a block."""
    before = _context.set(_context.get())
    bind(**ids)
    try:
        yield
    finally:
        _context.reset(before)


def forget() -> None:
    """Remove all ids, before something new begins."""
    _context.set({})


def current(name: str) -> str | None:
    """An id that lines have now, such as `request`."""
    return _context.get().get(name)


class Plain(logging.Formatter):
    """A line for people, with the ids at the end of the message."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 # logging's name
        """The line without its traceback."""
        ids = " ".join(f"{name}={text}" for name, text in _context.get().items())
        return super().formatMessage(record) + (f" [{ids}]" if ids else "")


class Json(logging.Formatter):
    """A JSON object per line: time, level, logger, message, ids, and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_context.get(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
