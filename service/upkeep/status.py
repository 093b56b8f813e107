"""How an installation does, for its operators: queue, slots, failures of ours, pace, settings.

Nothing here has a name, an address or a source: operators read no submissions.
"""

from __future__ import annotations

import platform
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from service.audit.log import record
from service.courses.models import Assignment, Course
from service.errors import Conflict
from service.people.actors import Actor, id_of, require_operator
from service.people.models import Account
from service.settings import Settings
from service.store.database import read_clock
from service.store.schema import revision_of
from service.submissions.gradings import queue_regrade
from service.submissions.jobs import Enqueue, wake_worker
from service.submissions.line import QueueState, read_queue
from service.submissions.models import Grading, SlotSeen, Status, Submission
from service.submissions.slots import LIVE_SECONDS
from service.upkeep.heartbeats import is_stalled, last_beat, late_seconds
from worker import __version__

LISTED = 50  # failures that are listed; the number of all is shown too
AT_ONCE = 500  # submissions that are run again at once
MINUTES = 10  # over which the pace is measured

# What an operator may see. Addresses of the database and the broker may have passwords.
SETTINGS = (
    "host",
    "port",
    "web_processes",
    "web_threads",
    "worker_concurrency",
    "lease_seconds",
    "reap_seconds",
    "max_tries",
    "submissions_per_minute",
    "keep_reports_days",
    "secure_cookies",
    "trusted_proxies",
    "metrics_port",
    "log_format",
    "sandbox_require_landlock",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState:
    """A slot, when it was last seen, and the layers of its sandbox (none until its first beat).

    A slot is late if it hasn't been seen for as long as slots count.
    """

    name: str
    seen_at: datetime
    late: bool
    layers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A submission that we failed to grade, by ids and slugs, and what went wrong on our side."""

    submission_id: uuid.UUID
    course: str
    assignment: str
    tries: int
    failed_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorStatus:
    """Everything that the operator's page shows. `a_minute` is over the last ten minutes."""

    moment: datetime
    queue: QueueState
    stalled: bool
    running: int
    a_minute: float
    slots: tuple[SlotState, ...]
    scheduler_seen_at: datetime | None
    scheduler_late: bool
    failures: tuple[Failure, ...]
    failed: int
    versions: Mapping[str, str]
    settings: Mapping[str, str]


def read_status(session: Session, actor: Actor, settings: Settings) -> OperatorStatus:
    """How the installation does now, in a fixed number of queries. For operators."""
    require_operator(actor)
    moment, queue = read_clock(session), read_queue(session)
    seen_at = last_beat(session)
    running = select(func.count()).where(Grading.status == Status.RUNNING)
    ended = select(func.count()).where(
        Grading.finished_at.between(moment - timedelta(minutes=MINUTES), moment)
    )
    return OperatorStatus(
        moment=moment,
        queue=queue,
        stalled=is_stalled(queue, settings),
        running=session.scalars(running).one(),
        a_minute=session.scalars(ended).one() / MINUTES,
        slots=_slots(session, moment),
        scheduler_seen_at=seen_at,
        scheduler_late=seen_at is None
        or moment - seen_at > timedelta(seconds=late_seconds(settings)),
        failures=_failures(session),
        failed=session.scalars(select(func.count(Grading.id)).where(_failed())).one(),
        versions={
            "Chainrule": __version__,
            "Python": platform.python_version(),
            "Schema": revision_of(session.connection()) or "none",
            "Database": "SQLite" if settings.uses_sqlite else "PostgreSQL",
            "Broker": "files in the data folder" if settings.embedded else "Redis",
        },
        settings={name: str(getattr(settings, name)) for name in SETTINGS},
    )


def run_again(
    session: Session,
    actor: Actor,
    enqueue: Enqueue,
    submissions: Collection[uuid.UUID] | None = None,
) -> int:
    """Grade submissions again that failed on our side, or all; commits, and returns how many.

    For operators. Raises Conflict if none of them has failed.
    """
    require_operator(actor)
    query = (
        select(Submission)
        .join(Grading, Grading.submission_id == Submission.id)
        .where(_failed())
        .options(joinedload(Submission.assignment), selectinload(Submission.gradings))
        .order_by(Submission.submitted_at)
        .limit(AT_ONCE)
    )
    if submissions is not None:
        query = query.where(Submission.id.in_(submissions))
    found = list(session.scalars(query))
    if not found:
        raise Conflict(
            "Nothing failed there, or it is being graded again already.", code="nothing_failed"
        )
    queued = [queue_regrade(session, submission) for submission in found]
    record(
        session,
        id_of(actor),
        "failures.run_again",
        submission_id=found[0].id if len(found) == 1 else None,
        after={"submissions": len(found)},
    )
    session.commit()
    for grading in queued:
        wake_worker(enqueue, grading.id)
    return len(queued)


def _failed() -> ColumnElement[bool]:
    """Gradings that failed on our side, unless the submission was graded again since.

    Those of deleted accounts can't run again: their files are gone.
    """
    deleted = select(Account.id).where(Account.deleted_at.is_not(None))
    later = aliased(Grading)
    again = select(later.id).where(
        later.submission_id == Grading.submission_id,
        later.ordinal > Grading.ordinal,
        ~later.preview,
    )
    return and_(
        Grading.status == Status.ERRORED,
        ~Grading.preview,
        ~again.exists(),
        Grading.student_id.not_in(deleted),
    )


def _failures(session: Session) -> tuple[Failure, ...]:
    query = (
        select(
            Grading.submission_id,
            Course.slug.label("course"),
            Assignment.slug.label("assignment"),
            Grading.tries,
            Grading.finished_at,
            Grading.fault,
        )
        .join(Submission, Submission.id == Grading.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .join(Course, Course.id == Assignment.course_id)
        .where(_failed())
        .order_by(Grading.finished_at.desc(), Grading.id)
        .limit(LISTED)
    )
    return tuple(
        Failure(
            submission_id=row.submission_id,
            course=row.course,
            assignment=row.assignment,
            tries=row.tries,
            failed_at=row.finished_at,
            fault=row.fault or "",
        )
        for row in session.execute(query)
    )


def _slots(session: Session, moment: datetime) -> tuple[SlotState, ...]:
    return tuple(
        SlotState(
            name=slot.name,
            seen_at=slot.seen_at,
            late=moment - slot.seen_at > timedelta(seconds=LIVE_SECONDS),
            layers=tuple((slot.layers or "").split()),
        )
        for slot in session.scalars(select(SlotSeen).order_by(SlotSeen.name))
    )
