"""What goes into a session, and what comes out: numbers, or how the student's code failed."""

from __future__ import annotations

from dataclasses import dataclass

from worker.report.model import Cost, Interface, Verdict
from worker.report.names import Names

# Of what a number may be: a float itself rather than something that poses as one, or none.
PLAIN = frozenset({float, type(None)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a session may use. Seconds of CPU come first; the wall clock only catches sleepers."""

    case_cpu_seconds: float = 2.0
    session_cpu_seconds: float = 20.0
    case_wall_seconds: float = 10.0
    grading_seconds: float = 60.0  # of wall clock, over all sessions; an honest one takes 0.1
    memory_bytes: int = 256 * 2**20  # on top of what the zygote itself takes
    output_bytes: int = 256 * 2**10  # of stdout and of stderr, each, for a case
    kept_bytes: int = 64 * 2**10  # the first of each, of all cases together
    frame_bytes: int = 2**20


@dataclass(frozen=True, slots=True)
class Observation:
    """The numbers read after a case, in the order asked for; None where the engine held None."""

    numbers: tuple[float | None, ...]
    cost: Cost | None = None  # where it was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The student's code did not deliver numbers for a case. `verdict` says how.

    `doubtful` where a busy or full machine, or the cases before, could have caused it: it counts
    when it happens again.
    `shared` where another case, on its way at the same time, could have caused it.
    """

    verdict: Verdict
    message: str
    doubtful: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The student's file is loaded, and the class to be tested was found."""

    interface: Interface
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a child is given: a student's source, the names asked for, and a layout of memory."""

    source: str
    names: Names | None = None
    layout: int = 0
