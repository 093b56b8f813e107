"""Teachers submit for students: one file, or the files of a class."""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.log import record
from service.courses.access import require_teacher
from service.courses.models import Assignment
from service.courses.moments import require_moment
from service.courses.students import list_students
from service.errors import Invalid, NotFound
from service.people.models import Account
from service.store.base import now
from service.submissions.class_files import ClassFile, read_class_files
from service.submissions.gradings import queue_first
from service.submissions.jobs import Enqueue, wake_worker
from service.submissions.models import Submission
from service.submissions.uploads import clean_filename, decode_source
from service.telemetry import metrics

CLOCK_SKEW = timedelta(minutes=1)
EARLIER = timedelta(days=366)  # files may have been collected before their assignment was made


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassUpload:
    """What a ZIP holds: what is submitted, what was before, and what has a problem."""

    new: tuple[ClassFile, ...]
    known: tuple[ClassFile, ...]
    problems: tuple[ClassFile, ...]
    submissions: tuple[Submission, ...] = ()


def submit_for(
    session: Session,
    actor: Account,
    assignment: Assignment,
    student: Account,
    enqueue: Enqueue,
    *,
    filename: str,
    content: bytes,
    received_at: datetime,
) -> Submission:
    """Submit a file for a student, with the time when it was received; commits. For teachers.

    No deadline, attempt limit or pause stops it. It counts like any other attempt of the student,
    who sees who submitted it. Raises a ServiceError for a file or a time that can't be used.
    """
    require_teacher(session, actor, assignment.course_id)
    moment = _check_time(assignment, received_at)
    name = clean_filename(filename)
    file = ClassFile(
        path=name,
        student=student,
        filename=name,
        source=decode_source(content, filename),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    (submission,) = _store(session, actor, assignment, [file], moment)
    wake_worker(enqueue, submission.grading.id)
    return submission


def read_class_upload(
    session: Session, actor: Account, assignment: Assignment, content: bytes
) -> ClassUpload:
    """What a ZIP of the class's files holds; changes nothing. For teachers.

    A file that its student submitted before is known, so that the same ZIP adds nothing twice.
    """
    require_teacher(session, actor, assignment.course_id)
    files = read_class_files(content, list_students(session, actor, assignment.course_id))
    good = [each for each in files if not each.problem]
    earlier = _earlier(session, assignment, [_id_of(each) for each in good])
    new: list[ClassFile] = []
    known: list[ClassFile] = []
    for each in good:
        (known if each.sha256 in earlier[_id_of(each)].values() else new).append(each)
    return ClassUpload(
        new=tuple(new),
        known=tuple(known),
        problems=tuple(each for each in files if each.problem),
    )


def submit_for_class(
    session: Session,
    actor: Account,
    assignment: Assignment,
    enqueue: Enqueue,
    *,
    content: bytes,
    received_at: datetime,
    leave_out_problems: bool = False,
) -> ClassUpload:
    """Submit the files of a ZIP, each for its student, all or none; commits. For teachers.

    Raises Invalid if a file has a problem, unless those are left out.
    """
    require_teacher(session, actor, assignment.course_id)
    moment = _check_time(assignment, received_at)
    # Before it is known who submitted what: the same ZIP, sent twice at once, adds nothing twice.
    everybody = list_students(session, actor, assignment.course_id)
    _wait_for_turns(session, [student.id for student in everybody])
    upload = read_class_upload(session, actor, assignment, content)
    if upload.problems and not leave_out_problems:
        message = "Some files have a problem. Nothing was submitted."
        raise Invalid(message, fields={"leave_out": message})
    submissions = _store(session, actor, assignment, upload.new, moment)
    for submission in submissions:
        wake_worker(enqueue, submission.grading.id)
    return ClassUpload(
        new=upload.new,
        known=upload.known,
        problems=upload.problems,
        submissions=tuple(submissions),
    )


def _store(
    session: Session,
    actor: Account,
    assignment: Assignment,
    files: Sequence[ClassFile],
    received_at: datetime,
) -> list[Submission]:
    """Store a submission for each file, in one transaction."""
    ids = [_id_of(each) for each in files]
    if _wait_for_turns(session, ids):
        raise NotFound("This account was deleted a moment ago. Nothing was stored.")
    earlier = _earlier(session, assignment, ids)
    submissions = []
    for file, student_id in zip(files, ids, strict=True):
        assert file.student is not None
        submission = Submission(
            id=uuid.uuid4(),
            assignment=assignment,
            student=file.student,
            attempt=max(earlier[student_id], default=0) + 1,
            filename=file.filename,
            source=file.source,
            sha256=file.sha256,
            submitted_at=received_at,
            submitted_by=actor,
            gradings=[queue_first(file.student, assignment, now())],
        )
        session.add(submission)
        record(
            session,
            actor.id,
            "submission.made_for_student",
            course_id=assignment.course_id,
            assignment_id=assignment.id,
            submission_id=submission.id,
            account_id=student_id,
            after={
                "attempt": submission.attempt,
                "received_at": f"{received_at:%Y-%m-%dT%H:%M:%SZ}",
            },
        )
        submissions.append(submission)
    session.commit()
    metrics.ACCEPTED.inc(len(submissions))
    return submissions


def _wait_for_turns(session: Session, students: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Lock the students' rows, as when they submit; in one order, so that nobody waits forever.

    Returns those whose accounts were deleted meanwhile. Nothing of theirs may be stored again.
    """
    turns = select(Account.id, Account.deleted_at).where(Account.id.in_(students))
    rows = session.execute(turns.order_by(Account.id).with_for_update(key_share=True))
    return [row.id for row in rows if row.deleted_at is not None]


def _earlier(
    session: Session, assignment: Assignment, students: Collection[uuid.UUID]
) -> defaultdict[uuid.UUID, dict[int, str]]:
    """The hashes of the students' submissions, by student and attempt, in one query."""
    query = select(Submission.student_id, Submission.attempt, Submission.sha256).where(
        Submission.assignment_id == assignment.id, Submission.student_id.in_(students)
    )
    found: defaultdict[uuid.UUID, dict[int, str]] = defaultdict(dict)
    for row in session.execute(query):
        found[row.student_id][row.attempt] = row.sha256
    return found


def _id_of(file: ClassFile) -> uuid.UUID:
    assert file.student is not None  # a file without a problem has one
    return file.student.id


def _check_time(assignment: Assignment, received_at: datetime) -> datetime:
    received_at = require_moment(received_at, "received_at")
    first = min(assignment.created_at, assignment.opens_at or assignment.created_at) - EARLIER
    if received_at < first:
        message = (
            "This time is more than a year before the assignment. Give the time when you received "
            "the file."
        )
        raise Invalid(message, fields={"received_at": message})
    if received_at > now() + CLOCK_SKEW:
        message = "This time is in the future. Give the time when you received the file."
        raise Invalid(message, fields={"received_at": message})
    return received_at
