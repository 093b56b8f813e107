"""Files to be saved rather than shown."""

from __future__ import annotations

import io

from flask import send_file
from werkzeug.wrappers import Response as BaseResponse


def csv_file(text: str, name: str) -> BaseResponse:
    """A table for a spreadsheet."""
    return _file(text, name, "text/csv")


def source_file(text: str, name: str) -> BaseResponse:
    """A student's source; as plain text, so that no browser ever runs it."""
    return _file(text, name, "text/plain")


def program_file(text: str, name: str) -> BaseResponse:
    """A Python program to run."""
    return _file(text, name, "text/x-python")


def _file(text: str, name: str, mimetype: str) -> BaseResponse:
    content = io.BytesIO(text.encode("utf-8"))
    return send_file(content, mimetype, as_attachment=True, download_name=name)
