"""Old reports are removed after a time, if the operator wants that. Scores are kept for ever.

Reports are nearly all of a database. Of each student's submissions to an assignment, the one that
counts and the newest one keep their report, and so does every one with a mark that staff set. Where
being late costs points, all that may count keep theirs: an extension can change which one does. A
regrade keeps the reports of its gradings and of those before it, until it is cancelled or undone.
What a grading itself has stays too: its score, its tally and its problem.

The previews of a regrade that was cancelled or undone never count, so their reports go at once.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    column,
    delete,
    func,
    or_,
    select,
    table,
    update,
)

from service.courses.models import Assignment, AttemptThatCounts, LatePolicy
from service.settings import Settings
from service.store.database import Sessions
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.stored_reports import read_summary
from worker.report.tally import Tally

log = logging.getLogger(__name__)

BATCH = 50  # reports in one short transaction

overrides = table("overrides", column("submission_id"))  # its model is in a layer above this one
regrades = table("regrades", column("id"), column("status"))  # and theirs
regrade_entries = table(
    "regrade_entries", column("regrade_id"), column("grading_id"), column("before_id")
)


def prune_reports(
    sessions: Sessions,
    settings: Settings,
    moment: datetime,
    *,
    limit: int | None = None,
    on_removed: Callable[[int], None] = lambda _: None,
) -> int:
    """Remove up to `limit` reports that are older than the setting, and those of useless previews.

    Returns how many.

    `on_removed` gets the number of those removed so far. It may be stopped at any time.
    """
    wanted = [_useless_previews()]
    if settings.keep_reports_days:
        wanted.append(_is_old(moment - timedelta(days=settings.keep_reports_days)))
    query = select(Grading.id).where(Grading.status == Status.DONE, _has_report(), or_(*wanted))
    with sessions() as session:
        session.connection(execution_options={"read_only": True})  # nobody waits for the search
        old = list(session.scalars(query.order_by(Grading.finished_at).limit(limit)))
    for start in range(0, len(old), BATCH):
        _remove(sessions, old[start : start + BATCH])
        on_removed(min(start + BATCH, len(old)))
    return len(old)


def _has_report() -> ColumnElement[bool]:
    return or_(
        Grading.report.is_not(None),
        select(StoredReport.grading_id).where(StoredReport.grading_id == Grading.id).exists(),
    )


def _useless_previews() -> ColumnElement[bool]:
    """Previews of regrades that nobody can apply any more."""
    ended = (
        select(regrade_entries.c.grading_id)
        .join(regrades, regrades.c.id == regrade_entries.c.regrade_id)
        .where(regrades.c.status.in_(["cancelled", "undone"]))
    )
    return and_(Grading.preview, Grading.id.in_(ended))


def _is_old(before: datetime) -> ColumnElement[bool]:
    """Gradings that ended before a moment, and whose report nobody needs any more."""
    marked = select(overrides.c.submission_id).where(overrides.c.submission_id.is_not(None))
    in_regrades = (
        select(gradings)
        .join(regrades, regrades.c.id == regrade_entries.c.regrade_id)
        .where(regrades.c.status.not_in(["cancelled", "undone"]), gradings.is_not(None))
        for gradings in (regrade_entries.c.grading_id, regrade_entries.c.before_id)
    )
    return and_(
        Grading.finished_at < before,
        Grading.id.not_in(_needed()),
        Grading.submission_id.not_in(marked),
        *(Grading.id.not_in(ids) for ids in in_regrades),
    )


def _needed() -> Select[uuid.UUID]:
    """The gradings that count or may count, and those of the newest attempts.

    It finds what `service.marks.counting` does, from a layer above; a test compares them.
    """
    turn = func.row_number().over(
        partition_by=Grading.submission_id,
        order_by=((Grading.status == Status.DONE).desc(), Grading.ordinal.desc()),
    )
    is_latest = Assignment.attempt_that_counts == AttemptThatCounts.LATEST
    each = (
        select(
            Grading.id,
            Grading.score,
            Grading.max_score,
            Grading.problem,
            Submission.assignment_id,
            Submission.student_id,
            Submission.attempt,
            Submission.submitted_at,
            case((is_latest, Submission.submitted_at)).label("latest"),
            and_(
                ~is_latest,
                Assignment.late_percent.is_not(None),
                Assignment.late_policy != LatePolicy.REFUSE,
            ).label("is_late"),
            turn.label("turn"),
        )
        .select_from(Grading)
        .join(Submission)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(~Grading.preview)
        .subquery()
    )
    share = func.coalesce(each.c.score / func.nullif(each.c.max_score, 0), 0)
    best = (
        each.c.score.is_(None),
        each.c.problem.is_not(None),
        each.c.latest.desc(),
        case((each.c.latest.is_not(None), each.c.attempt)).desc(),
        share.desc(),
        each.c.score.desc(),
        each.c.attempt,
    )
    of_student = (each.c.student_id, each.c.assignment_id)
    valid = and_(each.c.is_late, each.c.score.is_not(None), each.c.problem.is_(None))
    rival = case((valid, share))
    earlier = func.max(rival).over(
        partition_by=of_student, order_by=(each.c.submitted_at, each.c.attempt), rows=(None, -1)
    )
    ranked = (
        select(
            each.c.id,
            func.row_number().over(partition_by=of_student, order_by=best).label("best"),
            func.row_number()
            .over(partition_by=of_student, order_by=each.c.attempt.desc())
            .label("newest"),
            (rival > func.coalesce(earlier, -1)).label("may_count"),
        )
        .where(each.c.turn == 1)
        .subquery()
    )
    return select(ranked.c.id).where(
        or_(ranked.c.best == 1, ranked.c.newest == 1, ranked.c.may_count)
    )


def _remove(sessions: Sessions, ids: Sequence[uuid.UUID]) -> None:
    with sessions.begin() as session:
        without_tally = select(Grading).where(Grading.id.in_(ids), Grading.tally.is_(None))
        for grading in session.scalars(without_tally):  # of workers before there were tallies
            try:
                summary = read_summary(session, grading.id)
            except Exception:  # damaged: nobody could show it either
                log.exception("the report of grading %s can't be read and is removed", grading.id)
                continue
            if summary is not None:
                grading.tally = Tally.of(summary).to_json()
        session.flush()
        session.execute(delete(StoredReport).where(StoredReport.grading_id.in_(ids)))
        session.execute(
            update(Grading)
            .where(Grading.id.in_(ids), Grading.report.is_not(None))
            .values(report=None)
            .execution_options(synchronize_session=False)
        )
