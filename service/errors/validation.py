"""Errors of pydantic models as errors of the service: one sentence for each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.errors import Invalid

MAX_FIELDS = 20  # that a message names
MAX_NAME = 100  # characters of a field's name

MOMENT = "must be a date and a time, such as 2027-03-01T18:00:00+01:00"
MESSAGES = {  # by pydantic's types of errors; in braces what the error is about
    "missing": "is missing",
    "extra_forbidden": "isn't accepted here",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "is too large",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "model_type": "must be a JSON object",
    "dataclass_type": "must be a JSON object",
    "list_type": "must be a JSON list",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "uuid_type": "must be an id",
    "uuid_parsing": "must be an id",
    "datetime_type": MOMENT,
    "datetime_parsing": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "datetime_object_invalid": MOMENT,
    "timezone_aware": "needs its time zone, such as 2027-03-01T18:00:00+01:00",
}


M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], values: Mapping[str, Any]) -> M:
    """A model with these values; raises Invalid."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise to_invalid(error) from None


def to_invalid(error: ValidationError) -> Invalid:
    """What is wrong with each field; in short when that's many."""
    if error.error_count() > MAX_FIELDS:
        return too_many_fields(error.error_count())
    return _invalid({field_name(detail["loc"]): _sentence(detail) for detail in error.errors()})


def too_many_fields(count: int) -> Invalid:
    """For a request with so many wrong fields that naming them helps nobody."""
    return _invalid({"body": f"{count:,} fields are wrong, or aren't accepted here."})


def field_name(location: Iterable[int | str]) -> str:
    """Which field it is, such as `names.class`; `body` for the whole."""
    return ".".join(map(str, location))[:MAX_NAME] or "body"


def _invalid(fields: dict[str, str]) -> Invalid:
    return Invalid(" ".join(fields.values()), fields=fields)


def _sentence(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "value_error":  # raised by a validator of ours, which says it in full
        return str(context["error"])
    message = MESSAGES.get(detail["type"], f"isn't valid: {detail['msg']}").format_map(context)
    return f"`{field_name(detail['loc'])}` {message}."
