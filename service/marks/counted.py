"""What the submissions that count show, one of each student, small enough for a whole class."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_core import from_json
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from service.marks.gradebook import Mark
from service.submissions.models import Grading
from service.submissions.stored_reports import read_summary
from worker.report.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A graded submission that counts. `problem` is what stopped the whole file, if anything."""

    mark: Mark
    grading_id: uuid.UUID
    problem: str | None
    tally: Tally


def read_counted(session: Session, marks: Sequence[Mark]) -> list[Counted]:
    """The submissions of these marks that have a score, in the order of the marks.

    It's one query. Old workers stored no tally; then it is computed from the report.
    """
    ids = [mark.grading_id for mark in marks if mark.grading_id and mark.score is not None]
    query = select(Grading.id, Grading.problem, cast(Grading.tally, Text).label("tally")).where(
        Grading.id.in_(ids)
    )
    rows = {row.id: row for row in session.execute(query)}
    return [
        Counted(
            mark=mark,
            grading_id=mark.grading_id,
            problem=rows[mark.grading_id].problem,
            tally=_read_tally(session, mark.grading_id, rows[mark.grading_id].tally),
        )
        for mark in marks
        if mark.grading_id in rows and mark.grading_id is not None
    ]


def _read_tally(session: Session, grading_id: uuid.UUID, stored: str | None) -> Tally:
    if stored is not None:
        return Tally.from_json(from_json(stored))
    summary = read_summary(session, grading_id)
    return Tally({}) if summary is None else Tally.of(summary)
