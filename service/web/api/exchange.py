"""How views take a JSON body, give a JSON answer, and say so for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from service.errors import BadRequest, Invalid, UnsupportedMedia

WRONG = {  # by Pydantic's types of errors
    "missing": "is missing",
    "extra_forbidden": "is not a field here",
    "string_type": "is not a text",
    "bool_type": "is not true or false",
    "float_type": "is not a number",
    "model_type": "is not a JSON object",
}

MOST_WRONG = 20  # fields that are told of
MOST_SHOWN = 100  # characters of a field's name

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Answer(BaseModel):
    """A JSON object that we send; it has these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """A JSON object that we take; nothing is converted, unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Taken = TypeVar("Taken", bound=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A query parameter or header of a request."""

    name: str
    where: str
    schema: Mapping[str, Any]
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A view as the OpenAPI document tells of it.

    An answer is a model, or the media type of what is no JSON object of ours.
    """

    summary: str
    answer: type[Answer] | str
    status: int = 200
    errors: tuple[int, ...] = ()
    body: type[Body] | None = None
    file: bool = False
    parameters: tuple[Parameter, ...] = ()
    public: bool = False


_descriptions: dict[Callable[..., Any], Description] = {}


def describe(description: Description) -> Callable[[View], View]:
    """Keep a view's description beside it."""

    def keep(view: View) -> View:
        _descriptions[view] = description
        return view

    return keep


def description_of(view: Callable[..., Any]) -> Description:
    """What `describe` said of a view; KeyError when it said nothing."""
    return _descriptions[view]


def read_body(model: type[Taken]) -> Taken:
    """The request's JSON; raises UnsupportedMedia, BadRequest or Invalid."""
    if request.mimetype != "application/json":
        raise UnsupportedMedia("Send JSON, with `Content-Type: application/json`.")
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        raise _refusal(error) from None


def answer(
    model: Answer, status: int = 200, headers: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    """A model as the response."""
    response = Response(model.model_dump_json(), status, mimetype="application/json")
    response.headers.update(headers or {})
    return response


def _refusal(error: ValidationError) -> BadRequest | Invalid:
    if error.error_count() > MOST_WRONG:
        message = "The body has many fields that are not taken here."
        return Invalid(message, fields={"body": message})
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return BadRequest(f"The body is not JSON. {details[0]['msg']}.", code="invalid_json")
    fields = {_name(detail): _tell(detail) for detail in details}
    return Invalid(" ".join(fields.values()), fields=fields)


def _name(detail: ErrorDetails) -> str:
    """Which field it is about; `body` for the whole."""
    return ".".join(map(str, detail["loc"]))[:MOST_SHOWN] or "body"


def _tell(detail: ErrorDetails) -> str:
    """What is wrong with a field, in a sentence."""
    wrong = WRONG.get(detail["type"], f"cannot be taken: {detail['msg']}")
    return f"`{_name(detail)}` {wrong}."
