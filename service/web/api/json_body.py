"""Reads a JSON body into a model, within bounds of memory.

A body of 6.5 MB may have two million values, and parsing them takes 160 MB. So they are counted
first, and only one large body is parsed at a time.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ValidationError
from pydantic_core import from_json

from service.errors import BadRequest, Invalid, TooLarge
from service.errors.validation import MAX_FIELDS, to_invalid, too_many_fields
from service.submissions.uploads import MAX_NOTEBOOK_BYTES
from service.web.bodies import SOURCE

M = TypeVar("M", bound=BaseModel)

LARGE = 64 * 1024  # bytes of a body

_large_body = threading.Lock()


def _reject_long(text: str) -> str:
    # Each character has at least a byte. In memory it may take four.
    if len(text) > MAX_NOTEBOOK_BYTES:
        raise TooLarge(SOURCE.message)
    return text


SourceText = Annotated[str, AfterValidator(_reject_long)]  # it is rejected before a view has it


def parse_json(data: bytes, model: type[M], most: int) -> M:
    """Read a model that has at most `most` values, those in lists and objects included.

    Raises BadRequest, Invalid or TooLarge.
    """
    with _large_body if len(data) > LARGE else contextlib.nullcontext():
        if _surely_has_more_values(data, most):
            if b"".join(data[:100].split()).startswith(b"[["):  # no operation takes lists of lists
                raise BadRequest("The body isn't a JSON object.", code="invalid_json")
            raise _too_many_values(most)
        try:
            parsed = from_json(data, cache_strings="none")  # hardly a key comes twice
        except ValueError as error:
            raise BadRequest(f"The body isn't JSON: {error}.", code="invalid_json") from None
        # Pydantic would make an error of each of a thousand keys.
        if isinstance(parsed, dict):
            unknown = len(parsed.keys() - model.model_fields.keys())
            if unknown > MAX_FIELDS:
                raise too_many_fields(unknown)
        if _has_more_values(parsed, most):
            raise _too_many_values(most)
        del parsed
        try:
            return model.model_validate_json(data)
        except ValidationError as error:
            raise to_invalid(error) from None


def _too_many_values(most: int) -> Invalid:
    message = f"The body has more than {most:,} values."
    return Invalid(message, fields={"body": message})


def _surely_has_more_values(data: bytes, most: int) -> bool:
    """Whether unparsed JSON has more values than `most`; False if it might have as few.

    Parsing any other makes at most twice as many values.
    """
    without_escapes = data.replace(rb"\\", b"").replace(rb"\"", b"")
    # Each value is at most one string, and has at most one as its key.
    if without_escapes.count(b'"') > 4 * most + 2:
        return True
    # Each value is followed by one comma at most, or ends what a bracket began. An empty list has a
    # bracket, but no values.
    outside = without_escapes.split(b'"')[::2]
    return sum(part.count(mark) for part in outside for mark in (b",", b"[", b"{")) > 2 * most + 1


def _has_more_values(parsed: object, most: int) -> bool:
    """Whether JSON has more values than `most`, those in lists and objects included."""
    left, inside = most, [parsed]
    while inside:
        value = inside.pop()
        if not isinstance(value, (dict, list)):
            continue
        left -= len(value)
        if left < 0:
            return True
        inside.extend(value.values() if isinstance(value, dict) else value)
    return False
