"""The input and the results of a session."""

from __future__ import annotations

from dataclasses import dataclass

from worker.report.model import Cost, Interface, Verdict
from worker.report.names import Names

# The types of a number: exactly float, not a subclass, or None.
PLAIN = frozenset({float, type(None)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a session. CPU time counts; the wall clock only stops code that sleeps."""

    case_cpu_seconds: float = 2.0
    session_cpu_seconds: float = 20.0
    case_wall_seconds: float = 10.0
    grading_seconds: float = 60.0  # wall clock, all sessions together; usually 0.1
    memory_bytes: int = 256 * 2**20  # in addition to the zygote's own
    output_bytes: int = 256 * 2**10  # of stdout and of stderr, for each case
    kept_bytes: int = 64 * 2**10  # of stdout and of stderr, for all cases together
    frame_bytes: int = 2**20


@dataclass(frozen=True, slots=True)
class Observation:
    """The numbers read after a case, in the order of the request. An engine may have None."""

    numbers: tuple[float | None, ...]
    cost: Cost | None = None  # if the question asked for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The student's code gave no numbers for a case. `verdict` says why.

    `doubtful`: a busy machine or earlier cases may be the cause. It counts if it happens again.
    `shared`: another case that was sent at the same time may be the cause.
    """

    verdict: Verdict
    message: str
    doubtful: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The student's file was loaded, and the class to test was found."""

    interface: Interface
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A student's source, the names that an assignment asks for, and the memory layout to use."""

    source: str
    names: Names | None = None
    layout: int = 0
