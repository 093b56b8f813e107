"""Reports and summaries as JSON: written and read here and nowhere else.

Non-finite numbers become "nan", "inf" and "-inf", since JSON has none.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from worker.report.model import (
    SCHEMA,
    CaseReport,
    CaseSummary,
    Check,
    Cost,
    Counterexample,
    Diagnosis,
    Formula,
    GraphNode,
    Interface,
    LedgerLine,
    NodeNumbers,
    Precision,
    PrecisionKind,
    Problem,
    ProblemKind,
    Provenance,
    Quantity,
    Report,
    SmallGraph,
    SuiteReport,
    SuiteSummary,
    Summary,
    Verdict,
)
from worker.report.upgrade import Json, upgrade

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")


def to_json(report: DataclassInstance) -> dict[str, Any]:
    """A report or a summary as plain JSON values, or a part of one."""
    return {"schema": SCHEMA, **_plain(report)}


def report_from_json(stored: dict[str, Any]) -> Report:
    """The opposite of `to_json` for a report, of any schema."""
    current = upgrade(stored)
    suites = tuple(
        SuiteReport(**_read_points(suite), cases=tuple(map(_read_case_report, suite["cases"])))
        for suite in current["suites"]
    )
    return Report(**_read_rest(current), suites=suites)


def summary_from_json(stored: dict[str, Any]) -> Summary:
    """The opposite of `to_json` for a summary, of any schema. Cases with a program keep it."""
    current = upgrade(stored)
    suites = tuple(
        SuiteSummary(
            **_read_points(suite),
            cases=tuple(
                _read_case_report(case) if "program" in case else CaseSummary(**_read_case(case))
                for case in suite["cases"]
            ),
        )
        for suite in current["suites"]
    )
    return Summary(**_read_rest(current), suites=suites)


def mistakes_from_json(
    stored: dict[str, Any],
) -> tuple[tuple[Diagnosis, ...], Counterexample | None]:
    """The diagnoses and the counterexample of a stored report, without reading its cases."""
    return (
        tuple(map(_read_diagnosis, stored.get("diagnoses", ()))),
        _read_counterexample(stored.get("counterexample")),
    )


def _plain(value: Any) -> Any:
    """The same as JSON values. Common types come first: a report has thousands of numbers."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else _name_non_finite(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if kind is Check:
        return _plain_check(value)
    if kind is tuple:
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return {name: _plain(getattr(value, name)) for name in _field_names(kind)}


def _plain_check(check: Check) -> dict[str, Any]:
    fields = dict(zip(Check._fields, check, strict=True))
    numbers = check.expected + check.tolerance + (check.actual or 0) + (check.error or 0)
    return fields if math.isfinite(numbers) else {name: _plain(fields[name]) for name in fields}


def _field_names(kind: type) -> tuple[str, ...]:
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(field.name for field in dataclasses.fields(kind))
    return _FIELD_NAMES[kind]


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def _name_non_finite(number: float) -> str:
    return "nan" if math.isnan(number) else ("inf" if number > 0 else "-inf")


def _read_rest(report: Json) -> dict[str, Any]:
    """The fields of a report but its suites."""
    problem, interface, provenance = (
        report["problem"],
        report["interface"],
        report["provenance"],
    )
    ledger, precision = report.get("ledger"), report.get("precision")
    return {
        "score": report["score"],
        "max_score": report["max_score"],
        "ledger": None if ledger is None else tuple(_read(LedgerLine, one) for one in ledger),
        "problem": problem and _read(Problem, problem, kind=ProblemKind(problem["kind"])),
        "precision": precision
        and _read(Precision, precision, kind=PrecisionKind(precision["kind"])),
        "interface": interface
        and _read(
            Interface,
            interface,
            notes=tuple(interface["notes"]),
            taken=tuple(interface.get("taken", ())),
        ),
        "diagnoses": tuple(map(_read_diagnosis, report.get("diagnoses", ()))),
        "signature": report.get("signature", ""),
        "counterexample": _read_counterexample(report.get("counterexample")),
        "stdout": report["stdout"],
        "stderr": report["stderr"],
        "provenance": _read(
            Provenance, provenance, sandbox_layers=tuple(provenance["sandbox_layers"])
        ),
    }


def _read_diagnosis(stored: Json) -> Diagnosis:
    formula = stored["formula"]
    return _read(
        Diagnosis,
        stored,
        evidence=tuple(stored["evidence"]),
        alike=tuple(stored["alike"]),
        predicts=tuple(stored["predicts"]),
        formula=formula and _read(Formula, formula),
    )


def _read_counterexample(stored: Json | None) -> Counterexample | None:
    if stored is None:
        return None
    graph = stored["graph"]
    nodes = tuple(
        _read(
            GraphNode,
            node,
            operands=tuple(node["operands"]),
            expected=_read_node_numbers(node["expected"]),
            actual=_read_node_numbers(node["actual"]),
        )
        for node in graph["nodes"]
    )
    return _read(
        Counterexample,
        stored,
        graph=_read(SmallGraph, graph, nodes=nodes),
        checks=tuple(map(_read_check, stored["checks"])),
    )


def _read_node_numbers(stored: Json) -> NodeNumbers:
    data, grad = (
        None if stored[part] is None else _read_number(stored[part]) for part in ("data", "grad")
    )
    return NodeNumbers(data=data, grad=grad)


def _read(cls: type[T], stored: Json, **converted: Any) -> T:
    """A value with these fields. Fields that a newer version added are ignored."""
    known = {name: stored[name] for name in _field_names(cls) if name in stored}
    return cls(**known | converted)


def _read_points(suite: Json) -> dict[str, Any]:
    return {key: suite[key] for key in ("name", "title", "score", "max_score")}


def _read_case_report(case: Json) -> CaseReport:
    return CaseReport(
        **_read_case(case),
        program=case["program"],
        checks=tuple(map(_read_check, case["checks"])),
    )


def _read_case(case: Json) -> dict[str, Any]:
    cost = case["cost"]
    return {
        "id": case["id"],
        "title": case["title"],
        "graph": case["graph"],
        "graph_title": case["graph_title"],
        "topic": case["topic"],
        "point": {name: _read_number(number) for name, number in case["point"].items()},
        "size": case["size"],
        "verdict": Verdict(case["verdict"]),
        "message": case["message"],
        "rule": case["rule"],
        "blocked_by": tuple(case["blocked_by"]),
        "counts": case["counts"],
        "credit": case.get("credit"),
        "by_precision": case.get("by_precision", False),
        "cost": cost and _read(Cost, cost),
    }


def _read_check(check: Json) -> Check:
    actual, error = check["actual"], check["error"]
    return Check(
        node=check["node"],
        quantity=Quantity(check["quantity"]),
        expected=_read_number(check["expected"]),
        actual=None if actual is None else _read_number(actual),
        error=None if error is None else _read_number(error),
        tolerance=_read_number(check["tolerance"]),
        passed=check["passed"],
    )


def _read_number(number: float | str) -> float:
    return float(number) if isinstance(number, str) else number
