"""Tells functions that aren't written yet from those that forget their `return`."""

from __future__ import annotations

from types import CodeType
from typing import Any

from worker.driver.base.errors import RefusedError
from worker.driver.base.messages import FILE, numbering, traceback_of
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.base.signatures import is_unwritten

UNWRITTEN = "{} isn't written yet ({})."


def refuse_unwritten(function: Any, shown: str) -> None:
    """Raises RefusedError if the body of a function is `pass` or the like."""
    if is_unwritten(function):
        code: CodeType = getattr(function, "__func__", function).__code__
        where = numbering.describe(code.co_firstlineno)
        raise RefusedError(UNSUPPORTED, UNWRITTEN.format(shown, where))


def describe_unwritten(error: NotImplementedError) -> str | None:
    """The function of the file that raised it without a message. None for another message."""
    traceback, found = traceback_of(error), None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            found = traceback
        traceback = traceback.tb_next
    if found is None or error.args:
        return None
    code = found.tb_frame.f_code
    is_operator = code.co_name.startswith("__")
    shown = code.co_qualname if is_operator else f"{code.co_name}()"
    return UNWRITTEN.format(shown, numbering.describe(found.tb_lineno))
