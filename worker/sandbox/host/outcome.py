"""The input and the results of a session."""

from __future__ import annotations

from dataclasses import dataclass

from worker.driver.base.protocol import FEW_CALLS, MOST_CALLS, SMALL_STEPS
from worker.graph import Graph, Question
from worker.report.model import Cost, Interface, Verdict
from worker.report.names import Names

# The types of a number: exactly float, not a subclass, or None.
PLAIN = frozenset({float, type(None)})
USED_UP = "The whole run took too much CPU time."


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a grading and its sessions. Time is CPU time of the session's own process.

    A case may take more than ten times what the slowest correct engine needs, which is 0.04 s. In
    larger graphs, whose growth is measured, such engines need up to 1.4 s. `waiting_seconds` is how
    long a process may be asleep while an answer is due. No correct engine ever is.
    """

    load_cpu_seconds: float = 2.5  # the driver's budgets of work need about 1 s
    case_cpu_seconds: float = 0.5
    repeat_cpu_seconds: float = 1.0  # of all cases again; correct engines need 0.1
    large_cpu_seconds: float = 2.0  # of a large graph whose growth is measured
    grading_cpu_seconds: float = 12.0  # all sessions together; correct engines need 0.1 to 5
    failure_cpu_seconds: float = 6.0  # of it, for failures; for everything once a case ended it
    waiting_seconds: float = 0.5  # for each answer
    memory_bytes: int = 256 * 2**20  # in addition to the zygote's own
    output_bytes: int = 256 * 2**10  # of stdout and of stderr, for each case
    kept_bytes: int = 64 * 2**10  # of stdout and of stderr, for all cases together
    frame_bytes: int = 2**20

    def of(self, question: Question) -> float:
        """The CPU seconds that the answer to a question may take."""
        may_be_long = question.measure and is_large(question.graph)
        return self.large_cpu_seconds if may_be_long else self.case_cpu_seconds


def is_large(graph: Graph) -> bool:
    """Returns whether a graph has so many steps that more may be spent on it."""
    return len(graph.steps) > SMALL_STEPS


def most_calls(graph: Graph) -> int:
    """Returns how many calls an engine may make where they are counted."""
    return MOST_CALLS if is_large(graph) else FEW_CALLS


@dataclass(frozen=True, slots=True)
class Observation:
    """The numbers read after a case, in the order of the request. An engine may have None.

    `may_vary`: the order of sets and identities, or chance, may matter to them.
    """

    numbers: tuple[float | None, ...]
    cost: Cost | None = None  # if the question asked for it
    calls: int | None = None  # as the program counted them, if the question asked for it
    may_vary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The student's code gave no numbers for a case. `verdict` says why.

    `doubtful`: a slow machine or earlier cases may be the cause. It counts if it happens again.
    `shared`: another case that was sent at the same time may be the cause.
    """

    verdict: Verdict
    message: str
    doubtful: bool = False
    shared: bool = False
    may_vary: bool = False  # as for numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The student's file was loaded, and the class to test was found.

    `counted_seconds` are for its counted work, so they don't depend on the machine. A program can
    forge them.
    """

    interface: Interface
    python: str
    counted_seconds: float
    may_vary: bool = False  # as for numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A student's source, the names that an assignment asks for, and whether sets are reversed."""

    source: str
    names: Names | None = None
    reverse: bool = False
