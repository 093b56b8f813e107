"""Stored JSON of older schemas in the form of the current one.

Schema 1 had no fields for a case's graph, topic, point and size, so they are read from its id and
title. Nothing else reads ids or titles. Early reports of schema 1 also lack rules, costs, the
interface and stderr.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from worker.report.model import SCHEMA

Json = Mapping[str, Any]

RANDOM_GRAPH = re.compile(r"(A random graph) of (\d+) nodes$")
NAME_AND_NUMBER = re.compile(r"(\w+) = (\S+?)(?:, |$)")


def upgrade(stored: dict[str, Any]) -> dict[str, Any]:
    """A report or a summary of any schema as one of the current schema.

    Raises ValueError for a schema that is newer than this code.
    """
    if stored["schema"] > SCHEMA:
        raise ValueError(f"schema {stored['schema']} is newer than {SCHEMA}, the newest known here")
    if stored["schema"] == SCHEMA:
        return stored
    return {
        **stored,
        "schema": SCHEMA,
        "suites": [_upgrade_suite(suite) for suite in stored["suites"]],
        "interface": stored.get("interface"),
        "stderr": stored.get("stderr", ""),
    }


def upgrade_title(title: str, *, has_point: bool) -> dict[str, Any]:
    """The fields that a title of schema 1 holds.

    >>> upgrade_title("Used twice: L = x + x, at x = 3", has_point=True)["topic"]
    'Used twice'
    """
    graph_title, _, point = title.rpartition(", at ")
    if not (has_point and graph_title):
        graph_title, point = title, ""
    random_graph = RANDOM_GRAPH.match(graph_title)
    return {
        "graph_title": graph_title,
        "topic": random_graph[1] if random_graph else graph_title.partition(":")[0],
        "point": {name: _read_number(number) for name, number in NAME_AND_NUMBER.findall(point)},
        "size": int(random_graph[2]) if random_graph else None,
    }


def _upgrade_suite(suite: Json) -> Json:
    cases = [_upgrade_case(case) for case in suite["cases"]]
    measured = {case["graph"] for case in cases if case["cost"]}
    for case in cases:
        if case["graph"] in measured and case["point"]:
            case["size"] = list(case["point"].values())[-1]
    return {**suite, "cases": cases}


def _upgrade_case(case: Json) -> dict[str, Any]:
    graph, at, _ = case["id"].partition("@")
    blocked_by = case.get("blocked_by", [])
    return {
        **case,
        "graph": graph,
        **upgrade_title(case["title"], has_point=bool(at)),
        "rule": case.get("rule"),
        "blocked_by": blocked_by,
        "counts": case.get("counts", not blocked_by),
        "cost": case.get("cost"),
    }


def _read_number(text: str) -> float | str:
    """A number as JSON has it: a text if it isn't finite."""
    number = int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    return number if math.isfinite(number) else text
