"""A person's own data as a ZIP archive: what the person may see, and nothing about others."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from sqlalchemy import select, union
from sqlalchemy.orm import Session, joinedload, selectinload

from service.courses.deadlines import extensions_of
from service.courses.models import Assignment, Course, Enrolment, Extension
from service.feedback.levels import Sight
from service.marks.gradebook import read_marks
from service.marks.models import Comment, Override
from service.marks.results import read_results_json, sights_of_students
from service.marks.zip_files import ZipWriter, iso
from service.people.actors import Actor, require_self_or_local
from service.people.models import Account, Token
from service.submissions.models import Status, Submission

PAGE = 50  # submissions that are read at once


def write_own_data(session: Session, actor: Actor, account: Account, file: IO[bytes]) -> None:
    """Write a person's account, courses, marks, submissions and comments. For the person only.

    Reports and marks are as the person sees them on pages: what a teacher hides isn't in it.
    """
    require_self_or_local(actor, account)
    out = ZipWriter(file)
    out.add_json(("account.json",), _account(session, account))
    assignments = _assignments(session, account)
    sights = sights_of_students(session, assignments)
    out.add_json(("marks.json",), _marks(session, account, assignments, sights))
    for submissions in _pages(session, account):
        reports = read_results_json(session, account, [each.counting for each in submissions])
        comments = _comments(session, submissions)
        for each in submissions:
            folder = (each.assignment.course.slug, each.assignment.slug, str(each.attempt))
            out.add((*folder, "source", each.filename), each.source)
            about = {
                "id": each.id,
                "attempt": each.attempt,
                "filename": each.filename,
                "sha256": each.sha256,
                "submitted_at": iso(each.submitted_at),
                "scores": _scores(each) if sights[each.assignment_id].points else [],
                "comments": comments.get(each.id, []),
            }
            out.add_json((*folder, "submission.json"), about)
            if each.counting.id in reports:
                out.add_json((*folder, "report.json"), reports[each.counting.id])
    out.close()


def _assignments(session: Session, account: Account) -> list[Assignment]:
    """The assignments that the person submitted to, or has a mark or an extension in."""
    theirs = union(
        select(Submission.assignment_id).where(Submission.student_id == account.id),
        select(Override.assignment_id).where(Override.student_id == account.id),
        select(Extension.assignment_id).where(Extension.account_id == account.id),
    )
    query = (
        select(Assignment)
        .where(Assignment.id.in_(theirs))
        .order_by(Assignment.created_at, Assignment.id)
        .options(joinedload(Assignment.course), selectinload(Assignment.suites))
    )
    return list(session.scalars(query))


def _pages(session: Session, account: Account) -> Iterator[list[Submission]]:
    """The person's submissions, the oldest first, a page at a time."""
    query = select(Submission.id).where(Submission.student_id == account.id)
    ids = list(session.scalars(query.order_by(Submission.submitted_at, Submission.id)))
    for start in range(0, len(ids), PAGE):
        page = (
            select(Submission)
            .where(Submission.id.in_(ids[start : start + PAGE]))
            .order_by(Submission.submitted_at, Submission.id)
            .options(selectinload(Submission.gradings))
        )
        yield list(session.scalars(page))


def _account(session: Session, account: Account) -> dict[str, object]:
    enrolments = (
        select(Course.slug, Course.title, Enrolment.role)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.account_id == account.id)
        .order_by(Course.slug)
    )
    tokens = select(Token).where(Token.account_id == account.id).order_by(Token.created_at)
    return {
        "email": account.email,
        "name": account.name,
        "student_number": account.student_number,
        "created_at": iso(account.created_at),
        "courses": [
            {"slug": row.slug, "title": row.title, "role": row.role.value}
            for row in session.execute(enrolments)
        ],
        "tokens": [
            {
                "name": token.name,
                "created_at": iso(token.created_at),
                "revoked_at": iso(token.revoked_at),
            }
            for token in session.scalars(tokens)
        ],
    }


def _scores(submission: Submission) -> list[dict[str, object]]:
    """The results of a submission, the oldest first; there are several after a regrade."""
    return [
        {
            "score": each.score,
            "max_score": each.max_score,
            "graded_at": iso(each.finished_at),
            "counts": each is submission.counting,
        }
        for each in submission.gradings
        if each.status is Status.DONE
    ]


def _marks(
    session: Session,
    account: Account,
    assignments: Sequence[Assignment],
    sights: Mapping[uuid.UUID, Sight],
) -> list[dict[str, object]]:
    """What counts in each of these assignments, and the person's extension."""
    found = read_marks(session, assignments, [account])[account.id]
    extensions = extensions_of(session, [each.id for each in assignments], account)
    marks = [
        found[each.id] if sights[each.id].points else found[each.id].without_points()
        for each in assignments
    ]
    return [
        {
            "course": mark.assignment.course.slug,
            "assignment": mark.assignment.slug,
            "mark": mark.effective,
            "max_score": mark.max_score,
            "attempts": mark.attempts,
            "reason": mark.override.reason if mark.override else None,
            "extension": _describe(extensions.get(mark.assignment.id)),
        }
        for mark in marks
    ]


def _describe(extension: Extension | None) -> dict[str, object] | None:
    if extension is None:
        return None
    return {"deadline": iso(extension.deadline), "attempt_limit": extension.attempt_limit}


def _comments(
    session: Session, submissions: Sequence[Submission]
) -> dict[uuid.UUID, list[dict[str, object]]]:
    query = select(Comment).where(Comment.submission_id.in_([each.id for each in submissions]))
    found: dict[uuid.UUID, list[dict[str, object]]] = {}
    for each in session.scalars(query.order_by(Comment.created_at)):
        found.setdefault(each.submission_id, []).append(
            {"line": each.line, "text": each.text, "created_at": iso(each.created_at)}
        )
    return found
