"""Verdicts, problems and statuses in words, colours and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.submissions.models import Status
from worker.report.model import ProblemKind, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """How a badge looks: colour, shape, word."""

    tone: str
    icon: str
    label: str


VERDICTS: Mapping[Verdict, Look] = {
    Verdict.PASSED: Look("good", "check", "Passed"),
    Verdict.WRONG_VALUE: Look("bad", "cross", "Wrong value"),
    Verdict.WRONG_GRADIENT: Look("bad", "cross", "Wrong gradient"),
    Verdict.UNSUPPORTED: Look("odd", "missing", "Not supported"),
    Verdict.ERROR: Look("bad", "alert", "Error"),
    Verdict.TIMEOUT: Look("bad", "clock", "Out of time"),
    Verdict.MEMORY_LIMIT: Look("bad", "limit", "Out of memory"),
    Verdict.OUTPUT_LIMIT: Look("bad", "limit", "Printed too much"),
    Verdict.CRASHED: Look("bad", "alert", "Crashed"),
    Verdict.NONDETERMINISTIC: Look("bad", "shuffle", "Not repeatable"),
    Verdict.INVALID_OUTPUT: Look("bad", "alert", "Not a number"),
}

STATUSES: Mapping[Status, Look] = {
    Status.QUEUED: Look("busy", "clock", "Queued"),
    Status.RUNNING: Look("busy", "clock", "Grading"),
    Status.DONE: Look("good", "check", "Graded"),
    Status.ERRORED: Look("odd", "alert", "Not graded"),
}

PROBLEMS: Mapping[ProblemKind, str] = {
    ProblemKind.SYNTAX_ERROR: "Python cannot read this file",
    ProblemKind.LOAD_ERROR: "The file stops with an error when it is loaded",
    ProblemKind.NO_CLASS: "There is no class in it that could be a Value",
    ProblemKind.AMBIGUOUS_CLASS: "More than one class could be the Value",
    ProblemKind.STOPPED: "The file was stopped while it was loaded",
}
