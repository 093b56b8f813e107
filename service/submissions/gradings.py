"""The states of a grading. Only this module changes `status`, `lease_until`, and counts tries.

`service.submissions.previews` adds queued gradings too, and removes those that are still queued.

    queued -> running     claim_next
    running -> done       record
    running -> queued     release, give_back, requeue_lost, begin_slot, requeue_unfinished
    running -> errored    release, requeue_lost: after the last try

Each change is one short transaction that holds the lock of the grading's row. No transaction is
open while a student's code runs. A message on the queue only wakes a worker, so a message that
arrives twice, late or never does no harm.

A fault of ours spends a try. A claim that ends because its slot was killed or stuck is an
interruption: it spends none, up to MAX_INTERRUPTIONS, since the grading itself may kill its slot.
A job that its own slot gives back spends nothing, however often: its slot stops, or it is a regrade
and a submission waits.

The time is the database's. Moments in the future were stored before that clock was set back.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.errors import Conflict
from service.people.models import Account
from service.settings import Settings
from service.store.database import Sessions, read_clock
from service.submissions import line, lost, stored_reports
from service.submissions.jobs import Job
from service.submissions.models import Grading, Status, Submission
from service.submissions.notices import announce
from service.submissions.slots import forget_ended, note_slot
from service.submissions.suites_digest import digest_of_report
from service.telemetry import metrics
from worker.report.model import Report
from worker.report.tally import Tally

REAP_AT_MOST = 500  # gradings per sweep, so that no transaction grows long
MAX_INTERRUPTIONS = 5  # of a grading, before a lost slot spends a try
CLAIM_LOCK = 0x636C61696D  # of PostgreSQL's advisory locks
CLAIM_SECONDS = 15  # that a claim may do nothing: all others wait for it


def queue_first(student: Account, assignment: Assignment, moment: datetime) -> Grading:
    """The first grading of a new submission, queued at this moment; the caller adds it."""
    return Grading(
        student_id=student.id,
        course_id=assignment.course_id,
        ordinal=1,
        status=Status.QUEUED,
        seed=assignment.seed_of(student),
        queued_at=moment,
        enqueued_at=moment,
    )


def queue_regrade(session: Session, submission: Submission) -> Grading:
    """Add the next grading of a submission; its older gradings stay. The caller commits.

    It has the seed of the first one, so a changed result never comes from other random graphs.
    Raises Conflict while the submission is being graded, and if its student's account was deleted:
    its file is gone, and an empty one would take its score.
    """
    # An account that is being deleted holds this lock.
    turn = select(Account.deleted_at).where(Account.id == submission.student_id)
    if session.execute(turn.with_for_update(key_share=True)).scalar_one() is not None:
        raise Conflict(
            "The student's account was deleted, and the file with it. Its mark stays as it is.",
            code="deleted_account",
        )
    underway = Conflict(
        "This submission is being graded at the moment. Wait for its result, then try again.",
        code="already_grading",
    )
    columns = select(Grading.ordinal, Grading.status, Grading.preview)
    known = session.execute(columns.where(Grading.submission_id == submission.id)).all()
    if not all(row.preview or row.status.ended for row in known):
        raise underway
    grading = Grading(
        submission=submission,
        student_id=submission.student_id,
        course_id=submission.assignment.course_id,
        ordinal=1 + max(row.ordinal for row in known),  # previews have ordinals too
        seed=submission.gradings[0].seed,
        status=Status.QUEUED,
    )
    session.add(grading)
    try:
        session.flush()
    except IntegrityError:  # somebody else added the same ordinal
        session.rollback()
        raise underway from None
    return grading


def claim_next(sessions: Sessions, settings: Settings, slot: str) -> Job | None:
    """Start the grading that is next in the fair order, with a lease; None if there is none.

    Claims at the same time happen one after another, so that each sees what the others took.
    """
    with sessions.begin() as session:
        _wait_for_claims(session)
        moment = read_clock(session)
        while (grading_id := line.find_next(session, moment)) is not None:
            grading = _lock(session, grading_id)
            if grading is None or grading.status is not Status.QUEUED:
                continue  # an earlier version's worker, or the reaper, was faster
            if grading.tries >= settings.max_tries:
                _give_up(grading, moment, grading.fault or "no tries were left")
                continue
            return _start(grading, settings, slot, moment)
    return None


def renew(sessions: Sessions, settings: Settings, job: Job) -> None:
    """Extend the lease of a job, unless another worker has claimed its grading since."""
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or not _is_still_held(grading, job):
            return
        moment = read_clock(session)
        grading.lease_until = moment + timedelta(seconds=settings.lease_seconds)
        if grading.started_at is not None and grading.started_at > moment:
            grading.started_at = moment  # the clock was set back


def record(sessions: Sessions, job: Job, report: Report) -> None:
    """Store the outcome; the grading becomes done. Does nothing if it is done already.

    A report that arrives after we gave up still counts: a result is better than none.
    """
    stored = stored_reports.pack(report)
    tally = Tally.of(report).to_json()
    digest = digest_of_report(report)
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or grading.status is Status.DONE:
            return
        grading.status = Status.DONE
        grading.lease_until = None
        grading.finished_at = read_clock(session)
        grading.score = report.score
        grading.max_score = report.max_score
        grading.cpu_seconds = report.provenance.cpu_seconds
        stored.grading_id = grading.id
        session.add(stored)
        grading.tally = tally
        grading.problem = None if report.problem is None else report.problem.kind.value
        grading.suites_digest = digest
        grading.fault = None
        _announce(grading)
    verdicts = (case.verdict for suite in report.suites for case in suite.cases)
    metrics.count_ended(Status.DONE, grading.problem, verdicts)


def release(sessions: Sessions, settings: Settings, job: Job, fault: str) -> bool:
    """Give a job back because of an error on our side; True if the grading is queued again.

    False means that we gave up after the last try, or that the grading is no longer this job's.
    """
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or not _is_still_held(grading, job):
            return False
        moment = read_clock(session)
        if grading.tries >= settings.max_tries:
            _give_up(grading, moment, fault)
            return False
        _queue_again(grading, moment, fault)
        return True


def give_back(sessions: Sessions, job: Job) -> bool:
    """Queue a job's grading again, because its worker stops or a submission needs its slot.

    True if it was still this job's. The worker must not use the job any more.
    """
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or not _is_still_held(grading, job):
            return False
        grading.tries -= 1
        _queue_again(grading, read_clock(session), grading.fault)
        return True


def begin_slot(sessions: Sessions, settings: Settings, slot: str) -> list[uuid.UUID]:
    """Queue again what killed slots of this machine were running; call it before the first claim.

    Returns these gradings, or as many that wait as slots are free; wake a worker for each.
    """
    with sessions.begin() as session:
        forget_ended(session)
        note_slot(session, slot)
        moment = read_clock(session)
        # An earlier process may have had the same id.
        ended = or_(lost.has_slot_ended(session), and_(lost.is_running(), Grading.slot == slot))
        found = session.scalars(select(Grading).where(ended).with_for_update(skip_locked=True))
        queued_again = [each.id for each in found.all() if _interrupt(each, settings, moment)]
        return queued_again or line.find_waiting_for_free_slots(session, moment)


def requeue_lost(
    sessions: Sessions, settings: Settings, moment: datetime | None = None
) -> list[uuid.UUID]:
    """Queue lost gradings again, at most REAP_AT_MOST; wake a worker for each that it returns.

    A grading is lost when its lease ran out, when its slot was a process of this machine that has
    ended, or when it was queued and no worker claimed it. `moment` is now, unless it is given.
    """
    with sessions.begin() as session:
        moment = moment or read_clock(session)
        queued_again = []
        condition = or_(
            lost.lease_is_over(settings, moment),
            lost.has_slot_ended(session),
            lost.is_forgotten(session, settings, moment),
        )
        query = select(Grading).where(condition).order_by(Grading.queued_at).limit(REAP_AT_MOST)
        for grading in session.scalars(query.with_for_update(skip_locked=True)):
            if grading.status is Status.QUEUED:
                grading.enqueued_at = moment
                queued_again.append(grading.id)
            elif _interrupt(grading, settings, moment):
                queued_again.append(grading.id)
        return queued_again


def requeue_unfinished(sessions: Sessions, *, alone: bool) -> list[uuid.UUID]:
    """Queue everything that an earlier run left unfinished and return it, the oldest first.

    Use it at the start of a whole installation, before any worker runs. `alone` says that no other
    installation uses this database, so nobody holds a lease any more. Otherwise leases are left to
    run out. The reaper leaves these gradings alone, because they were enqueued just now.
    """
    queued = select(Grading.id).where(Grading.status == Status.QUEUED).order_by(Grading.queued_at)
    with sessions.begin() as session:
        moment = read_clock(session)
        if alone:
            running = update(Grading).where(lost.is_running())
            session.execute(
                running.where(Grading.interruptions < MAX_INTERRUPTIONS).values(
                    tries=Grading.tries - 1, interruptions=Grading.interruptions + 1
                )
            )
            session.execute(running.values(status=Status.QUEUED, lease_until=None))
        waiting = update(Grading).where(Grading.status == Status.QUEUED)
        session.execute(waiting.values(enqueued_at=moment))
        return list(session.scalars(queued))


def _wait_for_claims(session: Session) -> None:
    """Wait until no other transaction claims. SQLite has a single writer, so it needs no lock.

    PostgreSQL ends a claim whose process is stopped, or whose machine has gone.
    """
    if session.get_bind().dialect.name == "postgresql":
        limit = func.set_config("idle_in_transaction_session_timeout", f"{CLAIM_SECONDS}s", True)
        session.execute(select(limit, func.pg_advisory_xact_lock(CLAIM_LOCK)))


def _start(grading: Grading, settings: Settings, slot: str, moment: datetime) -> Job:
    grading.status = Status.RUNNING
    grading.tries += 1
    grading.slot = slot
    if grading.started_at is None:
        metrics.observe_wait(grading.ordinal, max(timedelta(), moment - grading.queued_at))
    grading.started_at = moment
    grading.lease_until = moment + timedelta(seconds=settings.lease_seconds)
    assignment = grading.submission.assignment
    return Job(
        grading_id=grading.id,
        submission_id=grading.submission_id,
        slot=slot,
        claim_number=_claim_number(grading),
        source=grading.submission.source,
        weights=tuple((chosen.suite, chosen.weight) for chosen in assignment.suites),
        seed=grading.seed,
        names=assignment.names or None,
        require_double=assignment.require_double,
        gives_way=grading.ordinal > 1,
        request_id=grading.request_id,
    )


def _lock(session: Session, grading_id: uuid.UUID) -> Grading | None:
    return session.get(Grading, grading_id, with_for_update=True)


def _claim_number(grading: Grading) -> int:
    """Grows with each claim, unless the slot gave the job of the one before back."""
    return grading.tries + grading.interruptions


def _is_still_held(grading: Grading, job: Job) -> bool:
    """Whether the job's worker still has the grading; another may have claimed it since."""
    claim = (grading.slot, _claim_number(grading))
    return grading.status is Status.RUNNING and claim == (job.slot, job.claim_number)


def _interrupt(grading: Grading, settings: Settings, moment: datetime) -> bool:
    """Queue a grading again whose slot is gone; False if we gave up after the last try."""
    if grading.interruptions < MAX_INTERRUPTIONS:
        grading.interruptions += 1
        grading.tries -= 1
    elif grading.tries >= settings.max_tries:
        _give_up(grading, moment, grading.fault or "the worker vanished while grading")
        return False
    _queue_again(grading, moment, grading.fault)
    return True


def _queue_again(grading: Grading, moment: datetime, fault: str | None) -> None:
    grading.status = Status.QUEUED
    grading.slot = None  # a worker of an earlier version, which may claim it next, names no slot
    grading.lease_until = None
    grading.enqueued_at = moment
    grading.fault = fault


def _announce(grading: Grading) -> None:
    if not grading.preview:  # nobody waits for one
        announce(grading)


def _give_up(grading: Grading, moment: datetime, fault: str) -> None:
    grading.status = Status.ERRORED
    grading.lease_until = None
    grading.finished_at = moment
    grading.fault = fault
    _announce(grading)
    metrics.count_ended(Status.ERRORED, None)
