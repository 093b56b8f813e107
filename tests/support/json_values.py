"""JSON values that fit a schema of the OpenAPI document, for tests that send them."""

from __future__ import annotations

from random import Random
from typing import Any

MOST = 3  # items of a list

# What exists, or what makes sense, for fields that are only texts to the schema.
TEXTS = {
    "email": ["ada@example.edu", "blaise@example.edu", "new@example.edu", "none"],
    "slug": ["demo", "autograd", "another-one", "Not A Slug"],
    "time_zone": ["UTC", "Europe/Rome", "Mars/Olympus"],
    "name": ["rules", "values", "conventions", "Ada"],
}
MOMENTS = ["2027-03-01T12:00:00Z", "2027-03-01T12:00:00", "2020-01-01T00:00:00+02:00", "soon"]
WORDS = ["A text", "", "x" * 300, "Zo\u00eb \N{SNOWMAN}", "a\0b", "=1+1", "<b>", "../.."]
NUMBERS = [0, 1, 3, 50, 100, -1, 10**9]


def make_value(schema: Any, document: Any, random: Random, name: str = "") -> Any:
    """A value that fits a schema, as far as the schema says. `name` is the field's."""
    if "$ref" in schema:
        part = schema["$ref"].rsplit("/", 1)[-1]
        return make_value(document["components"]["schemas"][part], document, random, name)
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return make_value(random.choice(variants), document, random, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return random.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        return _make_object(schema, document, random)
    if kind == "array":
        items = schema.get("items", {})
        return [make_value(items, document, random, name) for _ in range(random.randint(0, MOST))]
    return _make_scalar(schema, kind, random, name)


def _make_object(schema: Any, document: Any, random: Random) -> dict[str, Any]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    if not known and isinstance(more, dict):
        names = random.sample(["rules", "values", "none"], random.randint(0, MOST))
        return {name: make_value(more, document, random) for name in names}
    return {
        name: make_value(each, document, random, name)
        for name, each in known.items()
        if name in schema.get("required", ()) or random.random() < 0.5
    }


def _make_scalar(schema: Any, kind: str | None, random: Random, name: str) -> Any:
    if kind == "null":
        return None
    if kind == "boolean":
        return random.choice([True, False])
    if kind == "integer":
        return random.choice(NUMBERS)
    if kind == "number":
        return random.choice([*NUMBERS, 0.5, 1e-9, 1e300])
    if kind == "string" and schema.get("format") == "date-time":
        return random.choice(MOMENTS)
    if kind == "string":
        return random.choice(TEXTS.get(name, WORDS) if random.random() < 0.8 else WORDS)
    return random.choice([None, True, 7, "A text"])
