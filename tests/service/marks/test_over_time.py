"""What the database counts of submissions over time is what one counts by hand."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from service.courses.models import Role
from service.marks.over_time import (
    Timeline,
    find_equal_files,
    read_histories,
    read_timeline,
)
from service.people.models import Account
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.submissions.models import Status, Submission
from tests.service.conftest import Class, make_class
from tests.support import factories

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEYS = ("tanh-slope", "no-sum", "rare")


def make_histories(session: Session, members: Class) -> list[Submission]:
    """Up to six attempts of some students: some are regraded, previewed, waiting or failed."""
    chance = random.Random(7)
    students = [members.ada, members.blaise] + [
        factories.enrol(session, members.course, factories.make_account(session)) for _ in range(6)
    ]
    hours = (0, 1, 5, 30, 31, 100)
    made = [
        factories.make_submission(
            session,
            members.assignment,
            student,
            attempt=attempt,
            submitted_at=MONDAY + timedelta(hours=chance.choice(hours)),
            source=f"x = {chance.randint(1, 8)}\n",
        )
        for student in students
        for attempt in range(1, chance.randint(0, 6) + 1)
    ]
    for submission in made:
        gradings = [submission.grading]
        if chance.random() < 0.5:
            gradings.append(factories.regrade(session, submission))
        for grading in gradings:
            what = chance.random()
            if what < 0.2:
                factories.give_up(grading)
            elif what < 0.8:
                found = [key for key in KEYS if chance.random() < 0.5]
                grading.status, grading.score, grading.max_score = Status.DONE, 1.0, 2.0
                grading.tally = {"diagnoses": found} if chance.random() < 0.9 else {}
    return made


def diagnoses(submission: Submission) -> list[str]:
    counting = submission.counting
    found: list[str] = (counting.tally or {}).get("diagnoses", [])
    return found


def by_student(made: list[Submission]) -> dict[Account, list[Submission]]:
    found: defaultdict[Account, list[Submission]] = defaultdict(list)
    for each in sorted(made, key=lambda each: (each.submitted_at, each.attempt)):
        found[each.student].append(each)
    return found


def check_histories(
    session: Session, members: Class, made: list[Submission], timeline: Timeline
) -> None:
    histories = read_histories(session, members.assignment, timeline)
    assert histories.keys() == {key for each in made for key in diagnoses(each)}
    ends = [span.start + timeline.width for span in timeline.spans]
    own = by_student(made).values()
    for key, history in histories.items():
        newest = [
            [[each for each in one if each.submitted_at < end][-1:] for one in own] for end in ends
        ]
        assert history.counts == tuple(
            sum(key in diagnoses(each) for one in at_end for each in one) for at_end in newest
        )
        ever = sum(any(key in diagnoses(each) for each in one) for one in own)
        assert history.solved == ever - history.counts[-1]


def test_histories_equal_files_and_spans_are_counted_right(database_settings: Settings) -> None:
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
        made = make_histories(session, members)
        preview = factories.preview(session, made[0], ordinal=9)
        preview.status, preview.score, preview.max_score = Status.DONE, 1.0, 2.0
        preview.tally = {"diagnoses": ["only-in-a-preview"]}
        tried = factories.enrol(
            session, members.course, factories.make_account(session), Role.ASSISTANT
        )
        factories.make_submission(session, members.assignment, tried, submitted_at=MONDAY)
        session.commit()
        timeline = read_timeline(session, members.assignment, MONDAY)
        own = by_student(made)
        for span in timeline.spans:
            end = span.start + timeline.width
            inside = [each for each in made if span.start <= each.submitted_at < end]
            assert span.submissions == len(inside)
            assert span.students_so_far == sum(one[0].submitted_at < end for one in own.values())
        check_histories(session, members, made, timeline)
        files: defaultdict[str, dict[uuid.UUID, uuid.UUID]] = defaultdict(dict)
        for student, one in own.items():
            for each in one:
                files[each.sha256].setdefault(student.id, each.id)
        shared = {sha256: found for sha256, found in files.items() if len(found) > 1}
        found = find_equal_files(session, members.assignment, list(own))
        assert shared == {
            group.sha256: {student.id: sent.id for student, sent in group.submissions}
            for group in found
        }
        assert shared
        sizes = [len(group.submissions) for group in found]
        assert sizes == sorted(sizes, reverse=True)
    engine.dispose()
