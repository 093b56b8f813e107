"""Reports in the database: the compressed report, and a summary for pages.

Earlier versions stored reports uncompressed in `gradings.report`. Everything here reads both forms,
and `convert_old` turns the old form into the new one.
"""

from __future__ import annotations

import json
import logging
import sys
import uuid
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.feedback.unfolded import make_summary
from service.store.database import Sessions
from service.submissions.models import Grading, StoredReport
from worker.report.json import mistakes_from_json, report_from_json, summary_from_json, to_json
from worker.report.model import Counterexample, Diagnosis, Report, Summary

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

log = logging.getLogger(__name__)

LEVEL = 9  # of compression: a report shrinks to a tenth


@dataclass(frozen=True, slots=True)
class Conversion:
    """How many old reports were converted, how many could not be read, and how many are left."""

    converted: int
    unreadable: int
    left: int


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What a report says is wrong with an engine."""

    diagnoses: tuple[Diagnosis, ...]
    counterexample: Counterexample | None


def pack(report: Report) -> StoredReport:
    """The row of a report, without its grading's id."""
    return _pack(report, to_json(report))


def read_report(session: Session, grading_id: uuid.UUID) -> Report | None:
    """The whole report of a grading; None if it has none."""
    stored = _read(session, grading_id, StoredReport.report)
    if stored is None:
        return None
    return report_from_json(_unpack(stored) if isinstance(stored, bytes) else stored)


def read_report_texts(session: Session, gradings: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The reports of some gradings as text, in the schema that they were written in; one query."""
    query = (
        select(Grading.id, StoredReport.report, Grading.report)
        .outerjoin(StoredReport)
        .where(Grading.id.in_(gradings))
    )
    return {
        grading_id: json.dumps(report) if packed is None else zstd.decompress(packed).decode()
        for grading_id, packed, report in session.execute(query)
        if packed is not None or report is not None
    }


def read_summary(session: Session, grading_id: uuid.UUID) -> Summary | None:
    """The summary of a grading's report, for pages; None if it has none."""
    stored = _read(session, grading_id, StoredReport.summary)
    if stored is None:
        return None
    return _unpack_summary(stored) if isinstance(stored, bytes) else summary_from_json(stored)


def read_mistakes(session: Session, gradings: Collection[uuid.UUID]) -> dict[uuid.UUID, Mistakes]:
    """What the reports of some gradings say is wrong, in one query. Removed reports are left out.

    Reading these parts alone takes a fraction of the time of a whole summary.
    """
    query = (
        select(Grading.id, StoredReport.summary, Grading.report)
        .outerjoin(StoredReport)
        .where(Grading.id.in_(gradings))
    )
    found = {}
    for grading_id, packed, report in session.execute(query):
        if packed is not None:
            found[grading_id] = _unpack_mistakes(packed)
        elif report is not None:
            found[grading_id] = Mistakes(*mistakes_from_json(report))
    return found


def convert_old(
    sessions: Sessions,
    limit: int | None = None,
    on_converted: Callable[[int], None] = lambda _: None,
) -> Conversion:
    """Convert up to `limit` old reports; `on_converted` gets the number of those converted so far.

    An unreadable report counts towards the limit, is logged, and stays as it is.

    A conversion may be stopped at any time, and several may run at once: each report is one short
    transaction, with the compression outside of it.
    """
    converted = unreadable = 0
    for grading_id in _old_ids(sessions):
        if converted + unreadable == limit:
            break
        try:
            if _convert(sessions, grading_id):
                converted += 1
                on_converted(converted)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            log.error(
                "the report of grading %s cannot be read and stays as it is: %r", grading_id, error
            )
            unreadable += 1
    with sessions() as session:
        query = select(func.count(Grading.id)).where(Grading.report.is_not(None))
        left = session.scalars(query).one()
    return Conversion(converted, unreadable, left)


def _read(
    session: Session, grading_id: uuid.UUID, column: InstrumentedAttribute[bytes]
) -> bytes | dict[str, Any] | None:
    """A column, still compressed, or the JSON of the old form."""
    query = (
        select(column, Grading.report)
        .select_from(Grading)
        .outerjoin(StoredReport)
        .where(Grading.id == grading_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    found: bytes | dict[str, Any] | None = row[1] if row[0] is None else row[0]
    return found


def _old_ids(sessions: Sessions) -> Iterator[uuid.UUID]:
    """The gradings with a report in their row, in the order of their ids, a page at a time."""
    query = select(Grading.id).where(Grading.report.is_not(None)).order_by(Grading.id).limit(100)
    last = None
    while True:
        with sessions() as session:
            page = list(session.scalars(query if last is None else query.where(Grading.id > last)))
        if not page:
            return
        yield from page
        last = page[-1]


def _convert(sessions: Sessions, grading_id: uuid.UUID) -> bool:
    with sessions() as session:
        stored = session.scalar(select(Grading.report).where(Grading.id == grading_id))
    if stored is None:  # somebody else has converted it
        return False
    row = _pack(report_from_json(stored), stored)
    row.grading_id = grading_id
    with sessions.begin() as session:
        query = select(Grading).where(Grading.id == grading_id, Grading.report.is_not(None))
        grading = session.scalar(query.with_for_update())
        if grading is None:
            return False
        grading.report = None
        session.add(row)
        return True


def _pack(report: Report, stored: dict[str, Any]) -> StoredReport:
    # An old report is kept as it is: reading upgrades it, and a downgrade restores it.
    return StoredReport(
        summary=_compress(to_json(make_summary(report))),
        report=_compress(stored),
    )


def _compress(stored: dict[str, Any]) -> bytes:
    return zstd.compress(json.dumps(stored, separators=(",", ":")).encode(), LEVEL)


@lru_cache(maxsize=16)
def _unpack_summary(packed: bytes) -> Summary:
    """People come back to the report that they have just seen, or to the attempt before."""
    return summary_from_json(_unpack(packed))


@lru_cache(maxsize=128)
def _unpack_mistakes(packed: bytes) -> Mistakes:
    """Every look at a class reads the same few summaries, about 20 KB each."""
    return Mistakes(*mistakes_from_json(_unpack(packed)))


def _unpack(packed: bytes) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(zstd.decompress(packed))
    return stored
