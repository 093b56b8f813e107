"""An operation of the API, described once: the decorator both documents it and does it.

A view takes values and returns one. Its signature says what it needs:

    @blueprint.post("/submissions/<uuid:submission_id>/override")
    @operation("Set a mark by hand (staff)", status=201, errors=(403,))
    def override(actor: Account, session: Session, submission_id: UUID, body: Mark) -> Override:
        ...

`Account` is the signed-in account (a public operation has none), `Session` the request's database
session. A subclass of `Body`, `Query` or `Headers` is read from there and validated; a `BodyList`
is a JSON list. `UploadedFile` is a file in a form, and `Csv` a body of CSV. Other parameters come
from the path. The value that the view returns is written as JSON; `Reply` adds headers, and a
response, such as a download, is sent as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from flask import Response, request
from pydantic import BaseModel, ConfigDict, RootModel
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from service.errors import Invalid, UnsupportedMedia
from service.errors.validation import validate
from service.people.models import Account
from service.web.api.json_body import parse_json
from service.web.bodies import SMALL, Limit, accept_body, current_limit
from service.web.forms import UploadedFile
from service.web.request import arrived_at, db_session, require_account


class Answer(BaseModel):
    """A JSON object that we send; it has these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """A JSON object that we accept; nothing is converted, unknown fields are an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


BodyList = RootModel  # a JSON list that we accept


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """A body of CSV, as it was sent."""

    content: bytes


class Query(BaseModel):
    """Query parameters, converted from text; unknown ones are ignored."""

    model_config = ConfigDict(frozen=True)


class Headers(BaseModel):
    """Request headers, each a field whose alias is the header's name."""

    model_config = ConfigDict(frozen=True)


NO_CONTENT = 204  # the status of an answer without a body

A = TypeVar("A", bound=Answer)
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Generic[A]):
    """An answer with headers, such as the `Location` of what was created."""

    answer: A
    headers: Mapping[str, str]


View = Callable[..., Answer | Reply[Any] | BaseResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a view accepts and answers.

    `inputs` maps the view's parameters to how each is read. `answer` is a model, or the media type
    of anything that isn't a JSON object of ours; it's empty for an answer without a body.
    """

    summary: str
    status: int
    answer: type[Answer] | str
    errors: frozenset[int]
    public: bool
    inputs: Mapping[str, Callable[[], object]]
    body: type[BaseModel] | None
    file: bool
    csv: bool
    query: type[Query] | None
    headers: type[Headers] | None
    sends: tuple[str, ...] = ()
    may_wait: bool = False


_operations: dict[Callable[..., Any], Operation] = {}


def operation(
    summary: str,
    *,
    status: int = 200,
    errors: Iterable[int] = (),
    public: bool = False,
    limit: Limit = SMALL,
    media_type: str = "",
    sends: tuple[str, ...] = (),
    may_wait: bool = False,
) -> Callable[[View], Callable[..., BaseResponse]]:
    """Make a view an operation of the API.

    `errors` are the statuses that the view itself raises. The others follow from its signature:
    nobody is signed in, the request can't be read, or nothing has this address. `sends` are headers
    that every successful answer has. `may_wait` adds a 202 with a `Location` to ask again.
    """

    def decorate(view: View) -> Callable[..., BaseResponse]:
        described = _describe(view, summary, status, frozenset(errors), public, media_type)
        described = replace(described, sends=sends, may_wait=may_wait)

        @accept_body(limit)
        @functools.wraps(view)
        def serve(**path: object) -> BaseResponse:
            if not public:
                require_account()
            # The whole body is read before the view asks the database for anything: no transaction
            # stays open while a slow client sends its file, since SQLite has a single writer.
            # Only an upload may be a form: parsing any other one would be work for nothing.
            request.get_data(parse_form_data=described.file)
            arrived_at()
            inputs = {name: read() for name, read in described.inputs.items()}
            return _write(view(**path, **inputs), status)

        _operations[serve] = described
        return serve

    return decorate


def operation_of(view: Callable[..., Any]) -> Operation:
    """The operation of a view; raises KeyError if the view has none."""
    return _operations[view]


def _describe(
    view: View,
    summary: str,
    status: int,
    errors: frozenset[int],
    public: bool,
    media_type: str,
) -> Operation:
    hints = get_type_hints(view)
    returned = hints.pop("return")
    inputs: dict[str, Callable[[], object]] = {}
    body: type[BaseModel] | None = None
    query: type[Query] | None = None
    headers: type[Headers] | None = None
    file = csv = False
    for name, hint in hints.items():
        kinds = get_args(hint) or (hint,)
        kind = kinds[0]
        if kind is Account:
            inputs[name] = require_account
        elif kind is Session:
            inputs[name] = db_session
        elif issubclass(kind, (Body, RootModel)):
            body, file, csv = kind, UploadedFile in kinds, Csv in kinds
            read = _read_upload if file else _read_csv if csv else _read_json
            inputs[name] = functools.partial(read, kind)
        elif issubclass(kind, Query):
            query = kind
            inputs[name] = functools.partial(_read_query, kind)
        elif issubclass(kind, Headers):
            headers = kind
            inputs[name] = functools.partial(_read_headers, kind)
    if not public:
        errors |= {401, 503}
    if hints.keys() - inputs:  # parameters in the path
        errors |= {404}
    if type(None) in get_args(hints.get("course")):  # the short address may be ambiguous
        errors |= {409}
    if body is not None:
        errors |= {400, 415, 422}
    if query is not None or headers is not None:
        errors |= {422}
    answer = get_args(returned)[0] if get_origin(returned) is Reply else returned
    if status == NO_CONTENT:
        answer = ""
    return Operation(
        summary=summary,
        status=status,
        answer=media_type or answer,
        errors=errors,
        public=public,
        inputs=inputs,
        body=body,
        file=file,
        csv=csv,
        query=query,
        headers=headers,
    )


def _read_upload(model: type[M]) -> M | UploadedFile:
    if request.mimetype == "multipart/form-data":
        upload = request.files.get("file")
        if upload is None:
            message = "There is no file in the field `file`. Choose one and send it again."
            raise Invalid(message, fields={"file": message})
        return UploadedFile(filename=upload.filename or "", content=upload.stream.read())
    if request.mimetype != "application/json":
        fields = ", ".join(f'"{name}": ...' for name in model.model_fields)
        raise UnsupportedMedia(
            "Send the file as multipart/form-data in the field `file`, or JSON {" + fields + "}."
        )
    return _read_json(model)


def _read_csv(model: type[M]) -> M | Csv:
    if request.mimetype == "text/csv":
        return Csv(content=request.get_data())
    if request.mimetype != "application/json":
        raise UnsupportedMedia("Send CSV, with `Content-Type: text/csv`, or JSON.")
    return _read_json(model)


def _read_json(model: type[M]) -> M:
    if request.mimetype != "application/json":
        raise UnsupportedMedia("Send JSON, with `Content-Type: application/json`.")
    return parse_json(request.get_data(), model, current_limit().values)


def _read_query(model: type[M]) -> M:
    return validate(model, request.args.to_dict())


def _read_headers(model: type[M]) -> M:
    names = [field.alias or name for name, field in model.model_fields.items()]
    return validate(
        model, {name: request.headers[name] for name in names if name in request.headers}
    )


def _write(result: Answer | Reply[Any] | BaseResponse, status: int) -> BaseResponse:
    if isinstance(result, BaseResponse):
        return result
    answer, headers = (result.answer, result.headers) if isinstance(result, Reply) else (result, {})
    return Response(answer.model_dump_json(), status, dict(headers), mimetype="application/json")
