"""Everything in a course as one ZIP archive, for its teachers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from service.audit.models import AuditEntry
from service.courses.access import require_teacher
from service.courses.assignments import assignments_of
from service.courses.models import Assignment, Course, Enrolment, Extension
from service.marks.export import Cell, grades_csv, write_csv
from service.marks.models import Comment, Override
from service.marks.zip_files import ZipWriter, iso
from service.people.actors import Actor
from service.people.models import Account
from service.submissions.models import Grading, Submission
from service.submissions.stored_reports import read_report_texts

PAGE = 50  # submissions that are read at once
AUDIT = (
    "happened at", "actor", "action", "account", "assignment", "submission", "before", "after",
)  # fmt: skip
SECRET = frozenset({"id", "course_id"})  # columns that say nothing outside of the database


def count_archived(session: Session, actor: Actor, course: Course) -> int:
    """How many submissions an archive of the course has. For its teachers."""
    require_teacher(session, actor, course.id)
    return session.scalars(select(func.count()).select_from(_submissions(course).subquery())).one()


def write_archive(session: Session, actor: Actor, course: Course, file: IO[bytes]) -> None:
    """Write the course, people, marks, audit, and each submission with its reports. For teachers.

    Submissions are read a few at a time, so that a large course needs little memory.
    """
    require_teacher(session, actor, course.id)
    out = ZipWriter(file)
    assignments = assignments_of(session, course)
    out.add_json(("course.json",), {"slug": course.slug, "title": course.title} | _of(course))
    for each in assignments:
        options = _of(each) | {"suites": each.points}
        out.add_json(("assignments", each.slug, "assignment.json"), options)
    out.add(("grades.csv",), grades_csv(session, actor, course))
    out.add(("people.csv",), write_csv(_people(session, course)))
    out.add(("overrides.csv",), write_csv(_overrides(session, assignments)))
    out.add(("extensions.csv",), write_csv(_extensions(session, assignments)))
    out.add(("audit.csv",), write_csv(_audit(session, course)))
    slugs = {each.id: each.slug for each in assignments}
    for submissions in _pages(session, course):
        reports = read_report_texts(
            session, [grading.id for each in submissions for grading in each.gradings]
        )
        comments = _comments(session, submissions)
        for submission in submissions:
            _add_submission(out, slugs[submission.assignment_id], submission, reports, comments)
    out.close()


def _add_submission(
    out: ZipWriter,
    slug: str,
    submission: Submission,
    reports: Mapping[uuid.UUID, str],
    comments: Mapping[uuid.UUID, list[dict[str, Any]]],
) -> None:
    folder = (
        "assignments", slug, "submissions", submission.student.email, str(submission.attempt),
    )  # fmt: skip
    out.add((*folder, "source", submission.filename), submission.source)
    about = {
        "id": submission.id,
        "student": submission.student.email,
        "attempt": submission.attempt,
        "filename": submission.filename,
        "sha256": submission.sha256,
        "submitted_at": iso(submission.submitted_at),
        "gradings": [_describe(grading) for grading in submission.gradings],
        "comments": comments.get(submission.id, []),
    }
    out.add_json((*folder, "submission.json"), about)
    for grading in submission.gradings:
        if grading.id in reports:
            out.add((*folder, f"report-{grading.ordinal}.json"), reports[grading.id])


def _describe(grading: Grading) -> dict[str, Any]:
    return {
        "ordinal": grading.ordinal,
        "status": grading.status.value,
        "score": grading.score,
        "max_score": grading.max_score,
        "problem": grading.problem,
        "finished_at": iso(grading.finished_at),
    }


def _submissions(course: Course) -> Select[uuid.UUID]:
    of_course = Submission.assignment_id.in_(
        select(Assignment.id).where(Assignment.course_id == course.id)
    )
    return select(Submission.id).where(of_course)


def _pages(session: Session, course: Course) -> Iterator[list[Submission]]:
    """The submissions in the order of their ids, a page at a time."""
    ids = list(session.scalars(_submissions(course).order_by(Submission.id)))
    for start in range(0, len(ids), PAGE):
        query = (
            select(Submission)
            .where(Submission.id.in_(ids[start : start + PAGE]))
            .order_by(Submission.id)
            .options(selectinload(Submission.student), selectinload(Submission.gradings))
        )
        yield list(session.scalars(query))


def _comments(
    session: Session, submissions: Iterable[Submission]
) -> dict[uuid.UUID, list[dict[str, Any]]]:
    query = (
        select(Comment)
        .where(Comment.submission_id.in_([each.id for each in submissions]))
        .order_by(Comment.created_at)
        .options(selectinload(Comment.author))
    )
    found: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for each in session.scalars(query):
        found.setdefault(each.submission_id, []).append(
            {
                "line": each.line,
                "text": each.text,
                "author": each.author.email,
                "created_at": iso(each.created_at),
            }
        )
    return found


def _people(session: Session, course: Course) -> Iterator[list[Cell]]:
    yield ["e-mail", "name", "student number", "role"]
    query = (
        select(Account, Enrolment.role)
        .join(Enrolment, Enrolment.account_id == Account.id)
        .where(Enrolment.course_id == course.id)
        .order_by(Account.email)
    )
    for account, role in session.execute(query):
        yield [account.email, account.name, account.student_number, role.value]


def _overrides(session: Session, assignments: Iterable[Assignment]) -> Iterator[list[Cell]]:
    slugs = {each.id: each.slug for each in assignments}
    yield ["assignment", "student", "score", "max score", "reason", "author", "set at"]
    query = (
        select(Override)
        .where(Override.assignment_id.in_(slugs))
        .order_by(Override.created_at)
        .options(selectinload(Override.author), selectinload(Override.student))
    )
    for each in session.scalars(query):
        who, author = each.student.email, each.author.email
        score = (each.score, each.max_score)
        yield [slugs[each.assignment_id], who, *score, each.reason, author, iso(each.created_at)]


def _extensions(session: Session, assignments: Iterable[Assignment]) -> Iterator[list[Cell]]:
    slugs = {each.id: each.slug for each in assignments}
    yield ["assignment", "student", "deadline", "attempt limit", "reason"]
    query = select(Extension).where(Extension.assignment_id.in_(slugs))
    for each in session.scalars(query.options(selectinload(Extension.student))):
        who, until = each.student.email, iso(each.deadline)
        yield [slugs[each.assignment_id], who, until, each.attempt_limit, each.reason]


def _audit(session: Session, course: Course) -> Iterator[list[Cell]]:
    """Entries with the addresses that accounts have now."""
    yield list(AUDIT)
    query = select(AuditEntry).where(AuditEntry.course_id == course.id)
    entries = list(session.scalars(query.order_by(AuditEntry.happened_at)))
    people = {each.actor_id for each in entries} | {each.account_id for each in entries}
    named = select(Account.id, Account.email).where(Account.id.in_(people - {None}))
    emails: dict[uuid.UUID | None, str] = {row.id: row.email for row in session.execute(named)}
    for each in entries:
        yield [
            iso(each.happened_at),
            emails.get(each.actor_id, "command on the server"),
            each.action,
            emails.get(each.account_id),
            _text(each.assignment_id),
            _text(each.submission_id),
            _text(each.before),
            _text(each.after),
        ]


def _of(row: Course | Assignment) -> dict[str, Any]:
    """All columns of a row that mean something elsewhere."""
    names = (column.key for column in row.__table__.columns if column.key not in SECRET)
    values = {name: getattr(row, name) for name in names}
    return {
        name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()
    }


def _text(value: object) -> str | None:
    return None if value is None else str(value)
