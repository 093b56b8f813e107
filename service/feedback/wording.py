"""The words for every verdict and problem, and how numbers and points are written.

Pages, the terminal, the API and exports all use these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from service.feedback.levels import Level, Sight
from worker.graph import FUNCTIONS
from worker.report.model import ProblemKind, Verdict
from worker.report.numbers import round_up, show
from worker.suites.rules import CHAIN, EQUAL, PRECISION, REUSE, SEED, SHARED


@dataclass(frozen=True, slots=True)
class Look:
    """How a badge looks: its tone (`good`, `bad`, `odd`, `busy`, `outline`), icon and label."""

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

REPORTED = Look("outline", "info", "For information")  # a convention is neither right nor wrong

# How the heading of a broken rule ends, such as "Multiplication has the wrong gradient".
RULE_ENDINGS: Mapping[Verdict, str] = {
    Verdict.WRONG_VALUE: "has the wrong value",
    Verdict.WRONG_GRADIENT: "has the wrong gradient",
    Verdict.NONDETERMINISTIC: "is not repeatable",
    Verdict.UNSUPPORTED: "is missing",
}
OTHER_ENDING = "fails"

# Rules that are no operations: what their headings speak of, and how these end if it is wrong.
SUBJECTS: Mapping[str, tuple[str, str]] = {
    PRECISION: ("numbers", "have too few digits"),
    SEED: ("the backward pass", "gives wrong gradients"),
    CHAIN: ("the backward pass", "goes wrong after its first step"),
    REUSE: ("the gradient of a value used more than once", "is wrong"),
    EQUAL: ("the gradient of a node with the same number as another", "is wrong"),
    SHARED: ("the gradient of a result used more than once", "is wrong"),
}

PROBLEMS: Mapping[ProblemKind, str] = {
    ProblemKind.SYNTAX_ERROR: "Python can't read this file",
    ProblemKind.LOAD_ERROR: "The file stops with an error when it is loaded",
    ProblemKind.MISSING_MODULE: "The file needs a module that isn't here",
    ProblemKind.NO_CLASS: "No class in this file could be your Value",
    ProblemKind.NO_LEAF: "Your class can't be created from a number",
    ProblemKind.AMBIGUOUS_CLASS: "More than one class could be your Value",
    ProblemKind.STOPPED: "The file was stopped while it was loaded",
}

BY_PRECISION = "Passes in single precision."
MARKING = (
    "A suite's points are divided equally among its rules, and a rule's points equally among its "
    "tests. A test that passes earns its points; each test that fails is listed here once, under "
    "what makes it fail."
)
FOR_INFORMATION = "For your information, no points"
NOT_TESTED = (
    "Some tests depend on something that's broken or missing, so they couldn't be tested. "
    "Each gets the share of points that similar tests earn, minus a deduction for each broken rule "
    "it uses."
)
NOT_EVERYTHING = "This explains some of your failing tests. Something else is wrong too."

EARLIER_SCHEME = (
    "These points were counted by an earlier scheme. Grading the file again uses the present one."
)
GRADED_AGAIN = (
    "This was graded again. Points are counted by the present scheme, so they may differ from the "
    "earlier ones."
)


# What students see, as the pages of staff and of students say it.
HIDDEN: Mapping[Level, str] = {
    Level.TESTS: (
        "Your teacher shows each test with its result and your own numbers. "
        "What would be right isn't shown."
    ),
    Level.SCORE: "Your teacher shows the score of this assignment, and no tests.",
}
TO_STUDENTS: Mapping[Level, str] = {
    Level.FULL: "Students see this report, without the right formulas.",
    Level.TESTS: (
        "Students see each test with its result and their own numbers. They don't see the right "
        "numbers, the mistakes and their causes."
    ),
    Level.SCORE: "Students see the score, and no tests.",
    Level.NOTHING: "Students don't see the result.",
}
NO_POINTS = "Scores and marks are held back until your teacher releases them."
NO_POINTS_TO_STUDENTS = "Scores and marks are held back from them."


def moment_of(moment: datetime) -> str:
    """A moment in UTC: `3 Mar 2026, 14:05 UTC`."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def describe_sight(sight: Sight, write: Callable[[datetime], str] = moment_of) -> str:
    """What a student doesn't see of a result; empty if nothing is hidden.

    `write` gives a moment as text.
    """
    if sight.level is Level.NOTHING:
        when = "" if sight.until is None else f" They are shown after {write(sight.until)}."
        return f"Results of this assignment aren't shown yet.{when}"
    parts = [HIDDEN.get(sight.level, ""), "" if sight.points else NO_POINTS]
    return " ".join(filter(None, parts))


def describe_to_staff(sight: Sight, write: Callable[[datetime], str] = moment_of) -> str:
    """What students see of a report that staff see whole. `sight` is that of students."""
    parts = [TO_STUDENTS[sight.level]]
    if sight.level is Level.NOTHING and sight.until is not None:
        parts = [f"{parts[0][:-1]} until {write(sight.until)}."]
    elif not sight.points:
        parts.append(NO_POINTS_TO_STUDENTS)
    return " ".join(parts)


def look_of(verdict: Verdict, *, message: str = "") -> Look:
    """The badge of a verdict. A case that passed with a message is a convention."""
    return REPORTED if verdict is Verdict.PASSED and message else VERDICTS[verdict]


def describe_scheme(marking: int, *, again: bool) -> str:
    """Which scheme counted the points, if that isn't obvious. `again`: it's a regrade."""
    if marking == 1:
        return EARLIER_SCHEME
    return GRADED_AGAIN if again else ""


def attempts_left(left: int, limit: int, *, spent: bool, errored: bool) -> str:
    """How many attempts are left after one, and why it didn't count if it spent none.

    >>> attempts_left(2, 3, spent=True, errored=False)
    '2 of 3 attempts left.'
    """
    words = f"{left} of {limit} {'attempt' if limit == 1 else 'attempts'} left."
    if spent:
        return words
    reason = "grading failed on our side" if errored else "the file couldn't be graded"
    return f"{words} This one didn't count, because {reason}."


def number(value: float | None) -> str:
    """The shortest text that reads back as the same number; "none" where there is no number."""
    return "none" if value is None else show(value)


def short(value: float | None) -> str:
    """A number in two digits, where only its size matters."""
    if value is None or value == 0 or not math.isfinite(value):
        return number(value)
    return f"{value:.2g}"


def tolerance(value: float) -> str:
    """A tolerance as the programs of tests have it: two digits, rounded up."""
    return round_up(value) if math.isfinite(value) else number(value)


def as_heading(cause: str) -> str:
    """A cause where a line starts, such as `Multiplication`. Functions are as in code: `tanh()`."""
    return f"{cause}()" if cause in FUNCTIONS else f"{cause[:1].upper()}{cause[1:]}"


def points(value: float | None) -> str:
    """Points, with two decimals at most."""
    return number(value if value is None else round(value, 2))


def lost(value: float) -> str:
    """Points that were lost, in hundredths: `−14.00`."""
    return f"\N{MINUS SIGN}{value:.2f}"


def tests(count: int) -> str:
    """How many tests, such as `1 test` or `3 tests`."""
    return "1 test" if count == 1 else f"{count} tests"


def points_of(score: float, max_score: float) -> str:
    """Points earned and points possible, such as `87.5 of 100`."""
    return f"{points(score)} of {points(max_score)}"
