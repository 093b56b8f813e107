"""The OpenAPI document, made from the operations and their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_type_hints

from flask import Blueprint, Flask, Response, current_app
from pydantic import BaseModel, JsonValue, TypeAdapter, create_model
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema
from werkzeug.routing import Rule

from service.feedback.levels import OutcomeReport, ProblemReport, ScoreReport
from service.web.api.operation import Answer, Headers, Operation, Query, operation, operation_of
from service.web.bodies import limit_of
from service.web.csrf import SAFE_METHODS
from worker import __version__
from worker.report.model import SCHEMA, Check, Report

blueprint = Blueprint("api_openapi", __name__)

PREFIX = "/api/v1"
OPENAPI = "application/vnd.oai.openapi+json"
EVERY_CHANGE = (
    403,
    413,
)  # for requests that come from another site or are too large
# The headers of errors, by status.
SENT_WITH = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
HEADERS = {
    "ETag": {"description": "The version, for `If-Match`", "schema": {"type": "string"}},
    "Location": {"description": "Where to read it", "schema": {"type": "string"}},
    "Retry-After": {
        "description": "How many seconds to wait before you ask again",
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {"description": "How to sign in", "schema": {"type": "string"}},
}
REF = "#/components/schemas/{model}"
POINTS = {"Report": ("score", "max_score"), "SuiteReport": ("score",)}


class Both(Answer):
    """An option that you and somebody else changed: your value, and theirs, which is stored."""

    yours: JsonValue
    theirs: JsonValue


class ErrorBody(Answer):
    """`code` is for programs, `message` for people, `fields` says what was wrong where.

    A field has a message. With `ambiguous` the field `addresses` has a list of addresses, and with
    `changed_meanwhile` each field has both values.
    """

    code: str
    message: str
    fields: dict[str, str | list[str] | Both]


class Error(Answer):
    """Every error has this shape."""

    error: ErrorBody


@blueprint.get("/openapi.json")
@operation("This document", public=True, media_type=OPENAPI)
def read() -> Response:
    """Read the OpenAPI document. It is made once: that takes as long as a hundred requests."""
    made = current_app.extensions.get(OPENAPI)
    if made is None:
        made = current_app.extensions[OPENAPI] = current_app.json.dumps(document(current_app))
    return Response(made, mimetype=OPENAPI)


def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of an application."""
    paths: dict[str, dict[str, Any]] = {}
    models: list[type[BaseModel]] = [Error]
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(PREFIX + "/"):
            continue
        view = app.view_functions[rule.endpoint]
        described = operation_of(view)
        models += [each for each in (described.answer, described.body) if isinstance(each, type)]
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix(PREFIX))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _operation(
                rule, described, method, limit_of(view).size
            )
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chainrule", "version": __version__},
        "servers": [{"url": PREFIX}],
        "security": [{"token": []}, {"session": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _schemas(models),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "chainrule"},
            },
        },
    }


def _operation(rule: Rule, described: Operation, method: str, largest: int) -> dict[str, Any]:
    errors = described.errors | set(() if method in SAFE_METHODS else EVERY_CHANGE)
    waiting = {"description": "Ask again at the Location"} | _headers(("Location", "Retry-After"))
    operation: dict[str, Any] = {
        "operationId": rule.endpoint.removeprefix("api_").replace(".", "_"),
        "summary": described.summary,
        "parameters": [
            *_path_parameters(rule),
            *_parameters(described.headers, "header"),
            *_parameters(described.query, "query"),
        ],
        "responses": {str(described.status): _response(described)}
        | ({"202": waiting} if described.may_wait else {})
        | {str(status): _error(status) for status in sorted(errors)},
    }
    if method not in SAFE_METHODS:
        operation["x-largest-body"] = largest  # bytes
    if described.body is not None:
        operation["requestBody"] = {"required": True, "content": _request_content(described)}
    if described.public:
        operation["security"] = []
    return operation


def _path_parameters(rule: Rule) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"}
            if name.endswith("_id")
            else {"type": "string"},
        }
        for name in sorted(rule.arguments)
    ]


def _parameters(model: type[Query | Headers] | None, where: str) -> list[dict[str, Any]]:
    if model is None:
        return []
    properties = model.model_json_schema()["properties"]
    return [_parameter(name, schema, where) for name, schema in properties.items()]


def _parameter(name: str, schema: dict[str, Any], where: str) -> dict[str, Any]:
    """A field of a model as a parameter. One that may be left out is None then, not null."""
    description = schema.pop("description")
    del schema["title"]
    if "anyOf" in schema:
        (variant,) = (each for each in schema.pop("anyOf") if each != {"type": "null"})
        schema = variant | schema
    if schema.get("default", ...) is None:
        del schema["default"]
    return {"name": name, "in": where, "schema": schema, "description": description}


def _response(described: Operation) -> dict[str, Any]:
    headers = _headers(described.sends)
    if not described.answer:
        return {"description": ""} | headers
    if isinstance(described.answer, str):
        return _content(described.answer, {}) | headers
    return _content("application/json", _ref(described.answer)) | headers


def _error(status: int) -> dict[str, Any]:
    return _content("application/json", _ref(Error)) | _headers(SENT_WITH.get(status, ()))


def _headers(names: Iterable[str]) -> dict[str, Any]:
    """The headers that an answer always has."""
    described = {name: {"required": True} | HEADERS[name] for name in names}
    return {"headers": described} if described else {}


def _request_content(described: Operation) -> dict[str, Any]:
    assert described.body is not None
    content: dict[str, Any] = {"application/json": {"schema": _ref(described.body)}}
    if described.file:
        content["multipart/form-data"] = {
            "schema": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        }
    if described.csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    return content


def _content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "", "content": {media_type: {"schema": schema}}}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}


class _ReportSchema(GenerateJsonSchema):
    """The schema of a report: numbers that JSON doesn't have are strings."""

    def float_schema(self, schema: core_schema.FloatSchema) -> dict[str, Any]:
        return {"anyOf": [super().float_schema(schema), {"enum": ["nan", "inf", "-inf"]}]}


def _check_schema() -> dict[str, Any]:
    """The schema of a check: a named tuple in Python, an object in JSON."""
    fields: dict[str, Any] = {name: (kind, ...) for name, kind in get_type_hints(Check).items()}
    schema = TypeAdapter(create_model("Check", **fields)).json_schema(
        mode="serialization", ref_template=REF, schema_generator=_ReportSchema
    )
    del schema["$defs"]  # the report has them already
    return schema


def _schemas(models: list[type[BaseModel]]) -> dict[str, Any]:
    _, own = models_json_schema(
        [(model, "serialization") for model in dict.fromkeys(models)], ref_template=REF
    )
    found: dict[str, Any] = own["$defs"]
    for kind in (Report, OutcomeReport, ScoreReport, ProblemReport):
        report = TypeAdapter(kind).json_schema(
            mode="serialization", ref_template=REF, schema_generator=_ReportSchema
        )
        found |= report.pop("$defs")
        report["properties"]["schema"] = {"const": SCHEMA}
        found[kind.__name__] = report
    found["Check"] = _check_schema()
    for name, fields in POINTS.items():  # null while a student doesn't see points
        for key in fields:
            schema = found[name]["properties"][key]
            found[name]["properties"][key] = {"anyOf": [schema, {"type": "null"}]}
    return dict(sorted(found.items()))
