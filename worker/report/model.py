"""The outcome of a grading as values.

A report is everything. A summary is the part of it that lists show: the same without the program
and the checks of most cases. Each class of a report extends one of a summary, so whatever reads a
summary reads a report too. `worker.report.json` has their JSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

SCHEMA = 2


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
    """What is compared at a node: its number, or the gradient of the output by it."""

    DATA = "data"
    GRAD = "grad"


class Check(NamedTuple):  # a grading has thousands; a named tuple is the cheapest value
    """One comparison of one value or one gradient.

    `actual` is None if the student's engine had no number there. `error` is |actual - expected|.
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
    """CPU time of a case in seconds, and the peak memory up to its end in bytes.

    `calls` is how often the engine's own functions were called, and `nodes` how many nodes the
    graph has. Older reports have neither.
    """

    cpu_seconds: float
    memory_bytes: int
    calls: int | None = None
    nodes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """What lists show of a case: one graph at one point, with its verdict.

    `graph` is the id without the point, so cases of one graph share it, and `graph_title` the title
    without the point. `topic` is what the case asks, whatever the graph is, such as `Used twice`.
    `size` says how large the graph is where that matters: its number of steps or of nodes.

    `rule` is the rule that the case establishes, `blocked_by` the broken rules that make it fail,
    the cause first. `credit` is the part of its points that the case earns, from 0 to 1; None means
    1 if it passed and 0 if not. `by_precision`: it passed only because the engine's precision is
    accepted. `counts` is false for a case that can't be right or wrong. In older
    reports it is also false for cases that need a broken rule.
    """

    id: str
    title: str
    graph: str
    graph_title: str
    topic: str
    point: Mapping[str, float] = field(default_factory=dict)
    size: float | None = None
    verdict: Verdict
    message: str
    rule: str | None = None
    blocked_by: tuple[str, ...] = ()
    counts: bool = True
    credit: float | None = None
    by_precision: bool = False
    cost: Cost | None = None

    @property
    def earned(self) -> float:
        """The part of its points that the case earns, from 0 to 1."""
        return float(self.passed) if self.credit is None else self.credit

    @property
    def passed(self) -> bool:
        """Whether every comparison was right."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport(CaseSummary):
    """A case with its graph as a Python program, and the comparisons behind the verdict."""

    program: str
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteSummary:
    """A suite's cases, and the points they earned. A suite with `max_score` 0 gives no points."""

    name: str
    title: str
    score: float
    max_score: float
    cases: tuple[CaseSummary, ...]

    @property
    def gives_points(self) -> bool:
        """Whether the score depends on this suite."""
        return self.max_score > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteReport(SuiteSummary):
    """A suite with everything about its cases."""

    cases: tuple[CaseReport, ...]


class ProblemKind(StrEnum):
    """Why nothing in a file could be tested."""

    SYNTAX_ERROR = "syntax_error"
    LOAD_ERROR = "load_error"
    MISSING_MODULE = "missing_module"
    NO_CLASS = "no_class"
    NO_LEAF = "no_leaf"
    AMBIGUOUS_CLASS = "ambiguous_class"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What stopped the whole file, and where. `line` and `column` count from 1."""

    kind: ProblemKind
    message: str
    line: int | None = None
    column: int | None = None
    source_line: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """How a student's engine names its parts.

    `class_name` is None for an engine of functions without a class, and `backward` is None if there
    is nothing that runs backward. `seed` is the attribute of the output that was set to 1 before
    each call, because the file says so. `unseeded` says that backward never sets the output's own
    gradient to 1, so that it was set before each call. `warning` is a sentence about what makes
    most tests fail; pages show it first. `notes` say what else was found or left out when the file
    was loaded. `leaf` has the arguments of the class for a leaf, with {} for the number, unless it
    takes the number alone. `adapt` says in a few words what else a program can't write. `functions`
    has the calls of functions that aren't methods of their usual names, with {} for the node. A
    call is empty if a program can't write it. `taken` are names that a program mustn't set, since
    the file's functions read them.
    """

    class_name: str | None
    data: str
    grad: str
    backward: str | None
    seed: str | None = None
    unseeded: bool = False
    warning: str = ""
    notes: tuple[str, ...] = ()
    leaf: str | None = None
    adapt: str = ""
    functions: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()


class PrecisionKind(StrEnum):
    """How an engine loses precision."""

    SINGLE = "single"
    HALF = "half"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How an engine loses precision, in words too.

    `digits` are what a rounding keeps: decimals, or significant digits. `accepted`: tests allow for
    it, so it costs no points.
    """

    kind: PrecisionKind
    message: str
    digits: int | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What a grading was made with, so that it can be repeated. `seconds` is wall-clock time.

    `cpu_seconds` is what the student's program used, in all sessions together; reports of earlier
    versions have none. `marking` is the version of the scheme that turned verdicts into points.
    """

    suite_versions: Mapping[str, str]
    seed: int
    engine_version: str
    python: str
    sandbox_layers: tuple[str, ...]
    seconds: float
    cpu_seconds: float | None = None
    marking: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """What one cause cost in one suite: how many tests, and how many points.

    `suite` is the suite's name. `cause` is a broken rule in words, such as `multiplication`.
    """

    suite: str
    cause: str
    tests: int
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """What an operation computes by another formula: its slope with respect to `by`, or its value.

    `yours` gives the engine's numbers, `right` is what it should be, and only teachers see it.
    `where` explains a name in the formulas, such as `t = tanh(x)`.
    """

    of: str
    by: str
    yours: str
    right: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """A mistake that explains an engine's numbers or messages.

    `misconception` is its key and `number` its number in the list of misconceptions, if it has one.
    `rule` is the rule that it breaks. `evidence` has the simplest failing cases that it explains,
    as suite/id. `exact`: together with the other diagnoses it explains every number of every case,
    and every case with points that ended without numbers. `alike` has the keys of mistakes that
    give the same numbers. `predicts` is how many cases it predicts, and of how many.
    """

    misconception: str
    number: int | None
    title: str
    explanation: str
    hint: str
    rule: str
    evidence: tuple[str, ...]
    exact: bool
    alike: tuple[str, ...]
    formula: Formula | None
    predicts: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeNumbers:
    """The number and the gradient of a node. None: not read, or no number was there."""

    data: float | None
    grad: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNode:
    """A node of a counterexample, with the right numbers and the engine's own.

    `operation` is `leaf`, a sign such as `+`, or a function. `operands` are names of nodes, or
    plain numbers as text.
    """

    name: str
    operation: str
    operands: tuple[str, ...]
    expected: NodeNumbers
    actual: NodeNumbers


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallGraph:
    """The graph of a counterexample, in order of execution; backward starts at the last node.

    `first` is the node where the gradients or values begin to be wrong. It is only set where the
    diagnosis is about one operation. `shared` is the node with several uses, where the diagnosis is
    about these.
    """

    nodes: tuple[GraphNode, ...]
    first: str | None = None
    shared: str | None = None


ADAPT = "# Your engine is used in another way"  # begins a program that can't run as it is
RELATIVE, ABSOLUTE = 1e-9, 1e-12  # tolerances of a counterexample's program


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """A small graph where an engine is wrong. `program` asserts its numbers, and loads no engine.

    `checks` are the comparisons behind the assertions.
    """

    program: str
    graph: SmallGraph
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What pages show of a grading. Cases that a page unfolds are `CaseReport`s.

    The points of the `ledger` add up to what is missing. Older reports have no ledger. `precision`
    is None for an engine of double precision. `diagnoses` are mistakes that explain its numbers.
    Engines with wrong numbers have a `signature`: those with the same one gave the same answers.
    `counterexample` is a small graph where it is wrong, if one was found.
    """

    score: float
    max_score: float
    suites: tuple[SuiteSummary, ...]
    ledger: tuple[LedgerLine, ...] | None = None
    problem: Problem | None = None
    interface: Interface | None = None
    precision: Precision | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    signature: str = ""
    counterexample: Counterexample | None = None
    stdout: str = ""
    stderr: str = ""
    provenance: Provenance

    @property
    def suites_with_points(self) -> tuple[SuiteSummary, ...]:
        """The suites that give points, or all suites where none does."""
        return tuple(suite for suite in self.suites if suite.gives_points) or self.suites


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Summary):
    """The whole outcome of a grading."""

    suites: tuple[SuiteReport, ...]


def is_close(actual: float, expected: float) -> bool:
    """Whether a number passes an assertion of a counterexample's program."""
    return math.isclose(actual, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
