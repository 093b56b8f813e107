"""The outcome of a grading as values, and their JSON (the report contract, schema 1)."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

SCHEMA = 1


class Verdict(StrEnum):
    """What the student's code did on a case."""

    PASSED = "passed"
    WRONG_VALUE = "wrong_value"
    WRONG_GRADIENT = "wrong_gradient"
    UNSUPPORTED = "unsupported"
    ERROR = "error"
    TIMEOUT = "timeout"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    CRASHED = "crashed"
    NONDETERMINISTIC = "nondeterministic"
    INVALID_OUTPUT = "invalid_output"


class Quantity(StrEnum):
    """What of a node is compared: its number, or the output's derivative by it."""

    DATA = "data"
    GRAD = "grad"


class Check(NamedTuple):  # there are thousands in a grading: of all values the cheapest
    """One comparison of one value or one gradient.

    `actual` is None where the student's engine had no number there; `error` is |actual - expected|.
    """

    node: str
    quantity: Quantity
    expected: float
    actual: float | None
    error: float | None
    tolerance: float
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a case took: seconds of CPU, and the most memory in use up to its end, in bytes."""

    cpu_seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport:
    """One graph at one point: the verdict, why, and the comparisons behind it.

    `rule` is the one that the case is there to test. `blocked_by` names broken rules because of
    which it fails. `counts` is false for those and for what passes although it needs a broken rule,
    which are worth what the others earn, and for what is told and never marked.
    """

    id: str
    title: str
    verdict: Verdict
    message: str
    program: str
    checks: tuple[Check, ...] = ()
    rule: str | None = None
    blocked_by: tuple[str, ...] = ()
    counts: bool = True
    cost: Cost | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteReport:
    """A suite's cases and the points they earned."""

    name: str
    title: str
    score: float
    max_score: float
    cases: tuple[CaseReport, ...]


class ProblemKind(StrEnum):
    """Why a file could not be put to work at all."""

    SYNTAX_ERROR = "syntax_error"
    LOAD_ERROR = "load_error"
    NO_CLASS = "no_class"
    AMBIGUOUS_CLASS = "ambiguous_class"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What kept the whole file from being used, and where: `line` and `column` count from 1."""

    kind: ProblemKind
    message: str
    line: int | None = None
    column: int | None = None
    source_line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """How a student's engine is spelled: `notes` are what else was found or left out on loading.

    `class_name` is None where the engine is made of functions alone.
    """

    class_name: str | None
    data: str
    grad: str
    backward: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a grading was made with, so that it can be made again. `seconds` is wall-clock time."""

    suite_versions: Mapping[str, str]
    seed: int
    engine_version: str
    python: str
    sandbox_layers: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole outcome of a grading."""

    score: float
    max_score: float
    suites: tuple[SuiteReport, ...]
    problem: Problem | None = None
    interface: Interface | None = None
    stdout: str = ""
    stderr: str = ""
    provenance: Provenance
    schema: int = field(default=SCHEMA, init=False)

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON values; non-finite numbers become "nan", "inf", "-inf"."""
        return {**_plain(self), "diagnoses": [], "counterexample": None}


def show(number: float) -> str:
    """The shortest spelling that reads back as the same number; whole ones without a fraction."""
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def _plain(value: Any) -> Any:
    """The same as JSON values. By exact type first: a report holds thousands of numbers."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else _spell_non_finite(value)
    if value is None or isinstance(value, (str, int)):
        return value
    if kind is Check:
        return _plain_check(value)
    if kind is tuple or kind is list:
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return {name: _plain(getattr(value, name)) for name in _find_fields(value)}


def _plain_check(check: Check) -> dict[str, Any]:
    told = dict(zip(Check._fields, check, strict=True))
    numbers = check.expected + check.tolerance + (check.actual or 0) + (check.error or 0)
    return told if math.isfinite(numbers) else {name: _plain(told[name]) for name in told}


def _find_fields(value: Any) -> tuple[str, ...]:
    kind = type(value)
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(field.name for field in dataclasses.fields(value))
    return _FIELDS[kind]


def _spell_non_finite(number: float) -> str:
    return "nan" if math.isnan(number) else ("inf" if number > 0 else "-inf")


_FIELDS: dict[type, tuple[str, ...]] = {}
