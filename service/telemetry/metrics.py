"""The metrics that processes count. `service.web.ops.metrics` adds those of the database.

Every label has few values: an enum, a name from this file or a route's template. Nothing that a
student chooses becomes a label.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG = (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 900.0)

REQUEST_SECONDS = Histogram(
    "chainrule_request_seconds",
    "Time to answer, long polls included.",
    ["method", "route", "status"],
    buckets=SHORT,
    registry=REGISTRY,
)
ACCEPTED = Counter(
    "chainrule_submissions", "Submissions that were accepted and stored.", registry=REGISTRY
)
WAITING_REQUESTS = Gauge(
    "chainrule_waiting_requests",
    "Requests that wait for a result, without a thread.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
WAIT_SECONDS = Histogram(
    "chainrule_wait_seconds",
    "Time from the queue to the first claim.",
    ["kind"],  # first or regrade
    buckets=LONG,
    registry=REGISTRY,
)
GRADING_SECONDS = Histogram(
    "chainrule_grading_seconds",
    "Time of each phase of a grading.",
    ["phase"],  # suites, load, run, judge, diagnose, record
    buckets=SHORT,
    registry=REGISTRY,
)
ENDED = Counter(
    "chainrule_gradings_ended",
    "Gradings that ended, by status and by the problem that stopped the file.",
    ["status", "problem"],
    registry=REGISTRY,
)
FAULTS = Counter(
    "chainrule_grading_faults",
    "Tries of a grading that failed on our side.",
    registry=REGISTRY,
)
TESTS = Counter(
    "chainrule_tests", "Tests of finished gradings, by verdict.", ["verdict"], registry=REGISTRY
)
SANDBOX_SESSIONS = Counter(
    "chainrule_sandbox_sessions", "Sessions that the sandbox opened.", registry=REGISTRY
)
ZYGOTE_RESTARTS = Counter(
    "chainrule_zygote_restarts",
    "Zygotes that were replaced: old ones as planned, or lost ones.",
    ["reason"],  # planned or lost
    registry=REGISTRY,
)
SLOTS = Gauge(
    "chainrule_slots",
    "Slots that are ready to grade.",
    multiprocess_mode="livesum",
    registry=REGISTRY,
)
RESTARTS = Counter(
    "chainrule_process_restarts",
    "Processes that ended and were started again.",
    ["process"],  # slot, scheduler, worker or web
    registry=REGISTRY,
)
REFUSED = Gauge(
    "chainrule_sandbox_refused_timestamp_seconds",
    "When a worker last refused to grade, because a canary attack succeeded or a layer was "
    "missing, in seconds since 1970; 0 if none did.",
    multiprocess_mode="max",  # the process that refuses ends, and others go on showing it
    registry=REGISTRY,
)
REAPER_RUNS = Counter("chainrule_reaper_runs", "Sweeps of the reaper.", registry=REGISTRY)
REAPER_REQUEUED = Counter(
    "chainrule_reaper_requeued", "Lost gradings that the reaper queued again.", registry=REGISTRY
)
REAPER_LAST_RUN = Gauge(
    "chainrule_reaper_last_run_timestamp_seconds",
    "When the reaper's last sweep ended, in seconds since 1970.",
    # A process that has ended may have said so before the clock was set back. That must not hide
    # that nobody sweeps now.
    multiprocess_mode="livemax",
    registry=REGISTRY,
)


# A rate needs a first value from before the first event.
ENDED.labels("errored", "none")


def count_ended(status: str, problem: str | None, verdicts: Iterable[str] = ()) -> None:
    """Count a grading that ended, with the verdicts of its tests."""
    ENDED.labels(status, problem or "none").inc()
    for verdict in verdicts:
        TESTS.labels(verdict).inc()


def observe_wait(ordinal: int, waited: timedelta) -> None:
    """Record how long a grading waited; the first one of a submission has the ordinal 1."""
    WAIT_SECONDS.labels("first" if ordinal == 1 else "regrade").observe(waited.total_seconds())


def observe_phases(seconds: Mapping[str, float]) -> None:
    """Record how long each phase of one grading took."""
    for phase, spent in seconds.items():
        GRADING_SECONDS.labels(phase).observe(spent)


def count_sweep(requeued: int) -> None:
    """Count one sweep of the reaper."""
    REAPER_RUNS.inc()
    REAPER_REQUEUED.inc(requeued)
    REAPER_LAST_RUN.set(time.time())


def count_sandbox(event: str) -> None:
    """Count what a sandbox reports: a `session`, or a zygote that was `planned` or `lost`."""
    if event == "session":
        SANDBOX_SESSIONS.inc()
    else:
        ZYGOTE_RESTARTS.labels(event).inc()
