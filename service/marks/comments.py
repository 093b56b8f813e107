"""Comments of staff on a submission, which its student reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.courses.access import (
    require_enrolled,
    require_self_or_staff,
    require_staff,
    require_teacher,
)
from service.courses.models import Assignment, Course
from service.errors import Invalid, NotFound
from service.marks.models import Comment
from service.people.actors import Actor, is_self
from service.people.models import Account
from service.store.base import now
from service.submissions.models import Submission
from service.submissions.source_lines import list_lines

MAX_COMMENT = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Unread:
    """How many comments a student hasn't read, and the submission with the newest of them."""

    count: int
    submission_id: uuid.UUID


def list_comments(session: Session, actor: Actor, submission: Submission) -> list[Comment]:
    """The comments on a submission: on the whole first, then by line. For the student and staff."""
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
    query = (
        select(Comment)
        .where(Comment.submission_id == submission.id)
        .options(joinedload(Comment.author))
        .order_by(Comment.created_at, Comment.id)
    )
    return sorted(session.scalars(query), key=lambda comment: comment.line or 0)


def add_comment(
    session: Session, actor: Account, submission: Submission, *, line: int | None, text: str
) -> Comment:
    """Comment on a submission, or on a line of its source; commits. For staff.

    Lines count from 1, in a notebook through all code cells. Raises Invalid for a line that the
    file doesn't have, and for a text that can't be used.
    """
    require_staff(session, actor, submission.assignment.course_id)
    _check(submission, line, text)
    comment = Comment(
        submission_id=submission.id,
        line=line,
        text=text.strip(),
        author=actor,
        created_at=now(),
    )
    session.add(comment)
    _record(session, actor, "comment.added", submission, after={"line": line})
    session.commit()
    return comment


def find_comment(
    session: Session, actor: Actor, submission: Submission, comment_id: uuid.UUID
) -> Comment:
    """A comment on a submission; raises NotFound for any other. For the student and staff."""
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
    comment = session.get(Comment, comment_id, options=[joinedload(Comment.author)])
    if comment is None or comment.submission_id != submission.id:
        raise NotFound("There is no such comment. Somebody may have deleted it.")
    return comment


def delete_comment(
    session: Session, actor: Account, submission: Submission, comment_id: uuid.UUID
) -> None:
    """Delete a comment; commits. Staff delete their own, and teachers all of their course."""
    require_staff(session, actor, submission.assignment.course_id)
    comment = find_comment(session, actor, submission, comment_id)
    if comment.author_id != actor.id:
        require_teacher(session, actor, submission.assignment.course_id)
    session.delete(comment)
    _record(session, actor, "comment.deleted", submission, before={"line": comment.line})
    session.commit()


def note_read(session: Session, actor: Actor, submission: Submission) -> None:
    """Remember that the student has seen the comments; commits. Staff change nothing."""
    require_self_or_staff(session, actor, submission.student, submission.assignment.course_id)
    if not is_self(actor, submission.student):
        return
    session.execute(
        update(Comment)
        .where(Comment.submission_id == submission.id, Comment.read_at.is_(None))
        .values(read_at=now())
        .execution_options(synchronize_session=False)
    )
    session.commit()


def count_unread(session: Session, actor: Account, course: Course) -> dict[uuid.UUID, Unread]:
    """The actor's own unread comments in a course, by assignment, in one query."""
    require_enrolled(session, actor, course.id)
    query = (
        select(Submission.assignment_id, Comment.submission_id)
        .join(Submission, Submission.id == Comment.submission_id)
        .join(Assignment, Assignment.id == Submission.assignment_id)
        .where(
            Assignment.course_id == course.id,
            Submission.student_id == actor.id,
            Comment.read_at.is_(None),
        )
        .order_by(Comment.created_at)
    )
    found: dict[uuid.UUID, Unread] = {}
    for row in session.execute(query):
        before = found.get(row.assignment_id)
        found[row.assignment_id] = Unread(before.count + 1 if before else 1, row.submission_id)
    return found


def _check(submission: Submission, line: int | None, text: str) -> None:
    fields = {}
    if line is not None:
        last = len(list_lines(submission.source))
        if not 1 <= line <= last:
            fields["line"] = (
                f"The file has the lines 1 to {last}. "
                "Leave the line empty to comment on the whole file."
            )
    if "\0" in text:
        fields["text"] = "The comment has a NUL character in it. Remove it."
    elif not text.strip():
        fields["text"] = "Write a comment first: the student will read it."
    elif len(text) > MAX_COMMENT:
        fields["text"] = f"Write at most {MAX_COMMENT:,} characters."
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)


def _record(
    session: Session,
    actor: Account,
    action: str,
    submission: Submission,
    *,
    before: dict[str, int | None] | None = None,
    after: dict[str, int | None] | None = None,
) -> None:
    record(
        session,
        actor.id,
        action,
        course_id=submission.assignment.course_id,
        assignment_id=submission.assignment_id,
        submission_id=submission.id,
        account_id=submission.student_id,
        before=before,
        after=after,
    )
