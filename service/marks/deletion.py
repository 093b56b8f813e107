"""Delete a person or a course, for good.

A person's account is made anonymous: marks and the audit refer to it by its id, and nothing leads
from there to the person. Of a course, nothing but entries of the audit is left.

A worker may be grading what is deleted. Its grading's row is gone when it ends, so it stores
nothing: see `service.submissions.gradings`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, union, update
from sqlalchemy.orm import Session

from service.audit.log import record
from service.audit.models import AuditEntry
from service.courses.access import require_teacher, require_teacher_or_operator
from service.courses.models import (
    Assignment,
    AssignmentSuite,
    Course,
    Enrolment,
    Extension,
    JoinCode,
    Role,
)
from service.errors import Conflict, NotFound
from service.marks.archive_builds import remove_builds_of
from service.marks.models import Comment, Override, Regrade, RegradeEntry
from service.people.actors import Actor, id_of, require_self_or_operator
from service.people.models import Account, EndedSession, OneTimeLink, Token
from service.people.personal import OF_DELETED
from service.settings import Settings
from service.store.base import Base, now
from service.submissions.models import Grading, Status, StoredReport, Submission

NAME = "Deleted account"
FILENAME = "deleted.py"
REASON = "Removed when the student's account was deleted."

# The session of a request ends soon; nobody reads objects of deleted rows from it.
UNSYNCHRONISED = {"synchronize_session": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much a deletion removes: courses and submissions of a person, or people of a course."""

    people: int = 0
    courses: int = 0
    assignments: int = 0
    submissions: int = 0


def extent_of_account(session: Session, actor: Actor, account: Account) -> Extent:
    """What deleting an account removes. For the person and operators."""
    require_self_or_operator(actor, account)
    return Extent(
        courses=_count(session, Enrolment.account_id == account.id),
        submissions=_count(session, Submission.student_id == account.id),
    )


def extent_of_course(session: Session, actor: Actor, course: Course) -> Extent:
    """What deleting a course removes. For its teachers and operators."""
    require_teacher_or_operator(session, actor, course.id)
    return Extent(
        people=_count(session, Enrolment.course_id == course.id),
        assignments=_count(session, Assignment.course_id == course.id),
        submissions=_count(session, Submission.assignment_id.in_(_assignments(course))),
    )


def delete_account(session: Session, actor: Actor, account: Account, settings: Settings) -> None:
    """Remove all that is personal in an account, and leave its id; commits.

    Name, address, number, password, tokens, links, sessions and enrolments go. Sources, reports,
    comments and extensions of the person's submissions go as well. Their scores stay, with ids
    only; a submission without a result goes as a whole. What the person did as staff stays,
    by a deleted account. Archives with the person that were built on this machine go too.

    Raises Conflict for the last operator and for the only teacher of a course, NotFound for an
    account that was deleted before.
    """
    require_self_or_operator(actor, account)
    # Of two teachers who delete themselves at once, the second is the only one.
    taught = select(Enrolment.course_id).where(
        Enrolment.account_id == account.id, Enrolment.role == Role.TEACHER
    )
    locked = select(Course.id).where(Course.id.in_(taught)).order_by(Course.id)
    session.execute(locked.with_for_update())
    # A submission of the person that is being stored holds this lock; see `submit`.
    session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    session.refresh(account)
    if account.deleted_at is not None:
        raise NotFound("This account was deleted before.")
    _require_replaceable(session, account)
    mine = select(Enrolment.course_id).where(Enrolment.account_id == account.id)
    after = {"submissions": _count(session, Submission.student_id == account.id)}
    for course_id in [None, *session.scalars(mine)]:  # the installation's audit and each course's
        record(
            session,
            id_of(actor),
            "account.deleted",
            course_id=course_id,
            account_id=account.id,
            after=after,
        )
    archived = _courses_with(session, account)
    _empty_submissions(session, account)
    for model in (Extension, Enrolment, Token, OneTimeLink, EndedSession):
        _delete(session, model, model.account_id == account.id)
    account.name, account.student_number = NAME, ""
    account.email = f"deleted-{account.id.hex}@{OF_DELETED}"
    account.password_hash = None
    account.operator, account.may_create_courses = False, None
    account.session_epoch = Account.session_epoch + 1
    account.deleted_at = now()
    session.commit()
    for course_id in archived:
        remove_builds_of(settings, course_id)


def delete_course(session: Session, actor: Actor, course: Course, settings: Settings) -> None:
    """Delete a course with everything in it; commits. For its teachers and operators.

    People keep their accounts, and the audit its entries. Archives of the course that were built on
    this machine go too.
    """
    course_id = course.id
    extent = extent_of_course(session, actor, course)
    after = {"assignments": extent.assignments, "submissions": extent.submissions}
    record(session, id_of(actor), "course.deleted", course_id=course.id, after=after)
    assignments = _assignments(course)
    # Nothing can be added to the course from now on.
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update())
    session.execute(assignments.with_for_update())
    submissions = select(Submission.id).where(Submission.assignment_id.in_(assignments))
    gradings = select(Grading.id).where(Grading.submission_id.in_(submissions))
    regrades = select(Regrade.id).where(Regrade.assignment_id.in_(assignments))
    everything: list[tuple[type[Base], ColumnElement[bool]]] = [
        (RegradeEntry, RegradeEntry.regrade_id.in_(regrades)),
        (Regrade, Regrade.assignment_id.in_(assignments)),
        (Comment, Comment.submission_id.in_(submissions)),
        (StoredReport, StoredReport.grading_id.in_(gradings)),
        (Grading, Grading.submission_id.in_(submissions)),
        (Override, Override.assignment_id.in_(assignments)),
        (Submission, Submission.assignment_id.in_(assignments)),
        (Extension, Extension.assignment_id.in_(assignments)),
        (AssignmentSuite, AssignmentSuite.assignment_id.in_(assignments)),
        (Assignment, Assignment.course_id == course.id),
        (JoinCode, JoinCode.course_id == course.id),
        (Enrolment, Enrolment.course_id == course.id),
        (Course, Course.id == course.id),
    ]
    for model, rows in everything:
        _delete(session, model, rows)
    session.commit()
    remove_builds_of(settings, course_id)


def delete_assignment(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Delete an assignment to which nobody has submitted; commits. For teachers.

    Raises Conflict if there are submissions or marks.
    """
    require_teacher(session, actor, assignment.course_id)
    own = Assignment.id == assignment.id
    # Nothing can be submitted to it from now on.
    session.execute(select(Assignment.id).where(own).with_for_update())
    used = _count(session, Submission.assignment_id == assignment.id)
    if used or _count(session, Override.assignment_id == assignment.id):
        raise Conflict(
            "This assignment has submissions or marks, so it can't be deleted. Close it instead, "
            "or delete the whole course.",
            code="has_submissions",
        )
    record(
        session,
        id_of(actor),
        "assignment.deleted",
        course_id=assignment.course_id,
        assignment_id=assignment.id,
    )
    for model in (Extension, AssignmentSuite):
        _delete(session, model, model.assignment_id == assignment.id)
    _delete(session, Assignment, own)
    session.commit()


def _require_replaceable(session: Session, account: Account) -> None:
    """Raise Conflict if nobody else could run the installation, or teach one of the courses."""
    operators = select(Account.id).where(Account.operator).with_for_update()
    if account.operator and list(session.scalars(operators)) == [account.id]:
        raise Conflict(
            "This is the only operator of this installation. Name another one first.",
            code="last_operator",
        )
    teaches = Enrolment.role == Role.TEACHER
    taught = select(Enrolment.course_id).where(Enrolment.account_id == account.id, teaches)
    others = select(Enrolment.course_id).where(Enrolment.account_id != account.id, teaches)
    alone = select(Course.title).where(Course.id.in_(taught), Course.id.not_in(others))
    titles = list(session.scalars(alone.order_by(Course.title)))
    if titles:
        raise Conflict(
            f"This is the only teacher of {', '.join(titles)}. "
            "Name another teacher or delete the course first.",
            code="last_teacher",
        )


def _courses_with(session: Session, account: Account) -> set[uuid.UUID]:
    """The courses whose archives have the person: as a member, by their work, or in the audit."""
    member = select(Enrolment.course_id).where(Enrolment.account_id == account.id)
    submitted = select(Submission.assignment_id).where(Submission.student_id == account.id)
    worked = select(Assignment.course_id).where(Assignment.id.in_(submitted))
    named = or_(AuditEntry.actor_id == account.id, AuditEntry.account_id == account.id)
    audited = select(AuditEntry.course_id).where(named, AuditEntry.course_id.is_not(None))
    return set(session.scalars(union(member, worked, audited)))


def _empty_submissions(session: Session, student: Account) -> None:
    """Leave of a student's submissions what a mark needs."""
    theirs = list(session.scalars(select(Submission.id).where(Submission.student_id == student.id)))
    of_theirs = Grading.submission_id.in_(theirs)
    _delete(session, Grading, of_theirs & Grading.status.in_([Status.QUEUED, Status.RUNNING]))
    gradings = select(Grading.id).where(of_theirs)
    _delete(session, StoredReport, StoredReport.grading_id.in_(gradings))
    has_result = of_theirs & ~Grading.preview & (Grading.status == Status.DONE)
    graded = set(session.scalars(select(Grading.submission_id).where(has_result)))
    ungraded = [each for each in theirs if each not in graded]
    _change(session, Override, Override.submission_id.in_(ungraded), submission_id=None)
    _delete(session, Comment, Comment.submission_id.in_(theirs))
    _delete(session, Grading, Grading.submission_id.in_(ungraded))
    _delete(session, Submission, Submission.id.in_(ungraded))
    _change(session, Grading, of_theirs, report=None, tally=None, fault=None)
    nothing = {"source": "", "sha256": "", "idempotency_key": None}
    _change(session, Submission, Submission.id.in_(theirs), filename=FILENAME, **nothing)
    _change(session, Override, Override.student_id == student.id, reason=REASON)


def _assignments(course: Course) -> Select[uuid.UUID]:
    return select(Assignment.id).where(Assignment.course_id == course.id)


def _count(session: Session, rows: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).where(rows)).one()


def _delete(session: Session, model: type[Base], rows: ColumnElement[bool]) -> None:
    session.execute(delete(model).where(rows), execution_options=UNSYNCHRONISED)


def _change(session: Session, model: type[Base], rows: ColumnElement[bool], **to: object) -> None:
    session.execute(update(model).where(rows).values(**to), execution_options=UNSYNCHRONISED)
