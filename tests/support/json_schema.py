"""As much of JSON Schema as the OpenAPI document uses, for checking answers against it."""

from __future__ import annotations

from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def violations(value: Any, schema: Any, document: Any, place: str = "$") -> list[str]:
    """What is wrong with a JSON value; empty when it is as the schema says."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return violations(value, document["components"]["schemas"][name], document, place)
    if "anyOf" in schema:
        fits = any(not violations(value, each, document, place) for each in schema["anyOf"])
        return [] if fits else [f"{place}: no variant fits"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: not one of those told"]
    if "const" in schema and value != schema["const"]:
        return [f"{place}: not {schema['const']!r}"]
    if "type" in schema and not _is_a(value, schema["type"]):
        return [f"{place}: not {_article(schema['type'])}"]
    if isinstance(value, list):
        return [
            problem
            for number, item in enumerate(value)
            for problem in violations(item, schema.get("items", {}), document, f"{place}.{number}")
        ]
    if isinstance(value, dict):
        return _object_violations(value, schema, document, place)
    return []


def _object_violations(value: Any, schema: Any, document: Any, place: str) -> list[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    problems = [f"{place}: no {name}" for name in schema.get("required", ()) if name not in value]
    if others is False:
        problems += [f"{place}: {name} is not described" for name in value if name not in known]
    for name, item in value.items():
        told = known.get(name, others if isinstance(others, dict) else {})
        problems += violations(item, told, document, f"{place}.{name}")
    return problems


def _is_a(value: Any, names: str | list[str]) -> bool:
    listed = [names] if isinstance(names, str) else names
    if isinstance(value, bool):
        return "boolean" in listed
    return any(isinstance(value, TYPES[name]) for name in listed)


def _article(names: str | list[str]) -> str:
    text = names if isinstance(names, str) else " or ".join(names)
    return f"an {text}" if text[0] in "aeio" else f"a {text}"
