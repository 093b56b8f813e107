"""What the submissions that count show, one of each student, small enough for a whole class."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from sys import intern

from pydantic_core import from_json
from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from service.marks.gradebook import Mark
from service.submissions.models import Grading
from service.submissions.stored_reports import read_summary
from worker.report.tally import Failure, Tally

KEPT = 5_000  # outcomes in memory, about 3 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The tally of a grading, as small as it gets. `problem` is what stopped the whole file.

    `cases` are the ids of the cases that count, by suite. Most students have the same ones.
    """

    problem: str | None
    diagnoses: tuple[str, ...]
    titles: tuple[str, ...]
    signature: str
    cases: tuple[tuple[str, tuple[str, ...]], ...]
    failures: tuple[tuple[str, str, Failure], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A graded submission that counts."""

    mark: Mark
    grading_id: uuid.UUID
    outcome: Outcome


def read_counted(session: Session, marks: Sequence[Mark]) -> list[Counted]:
    """The submissions of these marks that have a score, in the order of the marks.

    It's one query at most. A grading's outcome never changes, so this process remembers it.
    """
    graded = [(mark, mark.grading_id) for mark in marks if mark.score is not None]
    known = _memory.find({each for _, each in graded if each is not None})
    missing = [each for _, each in graded if each is not None and each not in known]
    if missing:
        read = _read(session, missing)
        _memory.keep(read)
        known |= read
    return [
        Counted(mark=mark, grading_id=each, outcome=known[each])
        for mark, each in graded
        if each is not None
    ]


def _read(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    query = select(Grading.id, Grading.problem, cast(Grading.tally, Text).label("tally"))
    rows = session.execute(query.where(Grading.id.in_(ids))).all()
    return {row.id: _make(row.problem, _read_tally(session, row.id, row.tally)) for row in rows}


def _read_tally(session: Session, grading_id: uuid.UUID, stored: str | None) -> Tally:
    if stored is not None:
        return Tally.from_json(from_json(stored))
    summary = read_summary(session, grading_id)  # old workers stored no tally
    return Tally({}) if summary is None else Tally.of(summary)


def _make(problem: str | None, tally: Tally) -> Outcome:
    cases = tuple((suite, tuple(map(intern, ids))) for suite, ids in tally.suites.items())
    return Outcome(
        problem=problem,
        diagnoses=tally.diagnoses,
        titles=tally.titles,
        signature=tally.signature,
        cases=_memory.share(cases),
        failures=tuple(
            (suite, intern(case_id), failure)
            for suite, found in tally.suites.items()
            for case_id, failure in found.items()
            if failure is not None
        ),
    )


Cases = tuple[tuple[str, tuple[str, ...]], ...]


class _Memory:
    """The outcomes that were used last, for all threads of a process."""

    def __init__(self) -> None:
        self._outcomes: OrderedDict[uuid.UUID, Outcome] = OrderedDict()
        self._cases: dict[Cases, Cases] = {}
        self._lock = threading.Lock()

    def find(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
        with self._lock:
            found = {each: self._outcomes[each] for each in ids if each in self._outcomes}
            for each in found:
                self._outcomes.move_to_end(each)
        return found

    def keep(self, outcomes: dict[uuid.UUID, Outcome]) -> None:
        with self._lock:
            self._outcomes.update(outcomes)
            while len(self._outcomes) > KEPT:
                self._outcomes.popitem(last=False)

    def share(self, cases: Cases) -> Cases:
        """Equal values as one."""
        with self._lock:
            if len(self._cases) > KEPT:
                self._cases.clear()
            return self._cases.setdefault(cases, cases)


_memory = _Memory()
