"""Files to be saved rather than shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import IO

from flask import request, send_file
from werkzeug.wrappers import Response as BaseResponse

from service.errors import Invalid
from service.marks.export import Format


def csv_format() -> Format:
    """Which system reads the CSV that this request asks for; raises Invalid."""
    text = request.args.get("format", Format.PLAIN.value)
    if text not in set(Format):
        message = f"There is no format {text!r}. Use plain, moodle or canvas."
        raise Invalid(message, fields={"format": message})
    return Format(text)


def csv_file(text: str, name: str) -> BaseResponse:
    """A table for a spreadsheet."""
    return _file(text, name, "text/csv")


def zip_file(content: Path | IO[bytes], name: str) -> BaseResponse:
    """An archive: a file, or an open one that is closed afterwards."""
    return send_file(content, "application/zip", as_attachment=True, download_name=name)


def zip_of(write: Callable[[IO[bytes]], object], name: str) -> BaseResponse:
    """An archive that `write` writes, in memory."""
    file = io.BytesIO()
    write(file)
    file.seek(0)
    return zip_file(file, name)


def source_file(text: str, name: str) -> BaseResponse:
    """A student's source; as plain text, so that no browser ever runs it."""
    return _file(text, name, "text/plain")


def program_file(text: str, name: str) -> BaseResponse:
    """A Python program to run."""
    return _file(text, name, "text/x-python")


def _file(text: str, name: str, mimetype: str) -> BaseResponse:
    content = io.BytesIO(text.encode("utf-8"))
    return send_file(content, mimetype, as_attachment=True, download_name=name)
