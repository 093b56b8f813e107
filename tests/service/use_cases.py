"""Who may do what: a table of all use cases, with how to call each one.

A use case is a public function of a domain package that takes a session. A new one needs an entry
in USE_CASES, or a reason in WITHOUT_ACTOR; `test_use_cases.py` fails without it.
"""

from __future__ import annotations

import contextlib
import io
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, get_type_hints

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit import log
from service.courses import (
    access,
    assignments,
    audit,
    copying,
    courses,
    deadlines,
    invitations,
    join_codes,
    roster,
    roster_import,
    students,
)
from service.courses.models import Assignment, Course, JoinCode, Role
from service.courses.options import AssignmentOptions
from service.courses.roster_file import Roster, Row
from service.errors import Conflict
from service.marks import (
    archive,
    archive_builds,
    class_map,
    comments,
    counted,
    counting,
    deletion,
    export,
    extensions,
    gradebook,
    listing,
    mistakes,
    over_time,
    overrides,
    own_data,
    regrade_changes,
    regrades,
    release,
    results,
    review_order,
    since,
)
from service.marks.models import Comment, Regrade, Which
from service.people import accounts, links, own, sessions, setup, sign_in, tokens
from service.people.actors import Actor, LocalOperator
from service.people.models import Account
from service.people.throttle import Throttle
from service.settings import Settings
from service.store.base import now
from service.store.database import make_readers
from service.submissions import (
    admission,
    attempts,
    find,
    gradings,
    line,
    lost,
    on_behalf,
    previews,
    receipts,
    slots,
    stored_reports,
)
from service.submissions.models import Grading, Status, Submission
from service.submissions.submit import submit as submit_file
from service.upkeep import heartbeats, status
from tests.service.conftest import Class, make_settings
from tests.support import factories

ENVIRON = {"CHAINRULE_SECRET_KEY": "k" * 40}
OPTIONS = AssignmentOptions(title="Another", suites={"rules": 10})

ROSTER = Roster(rows=(Row(line=1, email="new@example.edu", name="New"),), errors=())

THROTTLE = Throttle(make_settings(Path("nowhere")))

WITHOUT_ACTOR: dict[Callable[..., Any], str] = {
    access.role_in: "a check, which use cases call",
    access.is_staff: "a check, which use cases call",
    access.is_teacher: "a check, which use cases call",
    access.require_enrolled: "a check, which use cases call",
    access.require_staff: "a check, which use cases call",
    access.require_teacher: "a check, which use cases call",
    access.require_teacher_or_operator: "a check, which use cases call",
    access.require_self_or_staff: "a check, which use cases call",
    access.require_course_creator: "a check, which use cases call",
    log.record: "part of use cases, which check",
    log.record_change: "part of use cases, which check",
    accounts.account_by_email: "finds the account that signs in; use cases check first",
    roster.lock_people: "part of changes of a roster, which check",
    roster.add_enrolment: "part of changes of a roster, which check",
    roster.change_role: "part of changes of a roster, which check",
    admission.admit: "part of submit, which checks",
    admission.history_of: "part of submit and standing, which check",
    admission.pause_ends: "part of submit and standing, which check",
    deadlines.terms_of: "part of use cases and pages, which check",
    deadlines.deadline_of: "part of use cases and pages, which check",
    deadlines.last_deadline: "a moment that feedback depends on; use cases check",
    deadlines.last_deadlines: "moments that feedback depends on; use cases check",
    results.find_sight: "what an actor sees; use cases check",
    results.sights_of_students: "what students see; use cases check",
    deadlines.own_deadlines: "part of lists, which check",
    deadlines.extensions_of: "part of use cases and pages, which check",
    counting.read_counting: "part of gradebooks and lists, which check",
    gradebook.read_marks: "part of gradebooks and lists, which check",
    students.students_of: "part of gradebooks and lists, which check",
    assignments.assignments_of: "part of gradebooks and lists, which check",
    gradings.queue_regrade: "part of regrade, which checks",
    previews.queue_previews: "part of start_regrade, which checks",
    previews.set_preview: "part of applying and undoing a regrade, which check",
    previews.remove_queued: "part of cancel_regrade, which checks",
    line.find_next: "part of a worker's claim",
    line.find_position: "part of queue_position, which checks",
    line.find_waiting_for_free_slots: "part of the reaper and of a worker's start",
    line.read_line: "part of claims and positions",
    line.read_queue: "lengths and ages, for probes and metrics",
    slots.count_slots: "how many workers there are, for claims",
    slots.forget_ended: "part of a worker's start",
    slots.note_slot: "a worker says that it is there",
    heartbeats.last_beat: "when the scheduler last said that it runs, for probes and metrics",
    lost.has_slot_ended: "part of the reaper and of a worker's start",
    lost.is_forgotten: "part of the reaper",
    receipts.verify_receipt: "everybody may verify a receipt that they have",
    sessions.find_signed_in: "a cookie is how a browser becomes an actor",
    sessions.end_session: "ends the session whose cookie a browser has",
    sign_in.sign_in: "signing in is how somebody becomes an actor",
    counted.read_counted: "part of read_insights, which checks",
    mistakes.find_mistakes: "part of read_insights, which checks",
    over_time.read_sent: "part of read_development, which checks",
    stored_reports.read_mistakes: "reads what a caller found through marks",
    stored_reports.read_report: "reads what a caller found through find_submission",
    stored_reports.read_report_texts: "reads what an archive found",
    stored_reports.read_summary: "reads what a caller found through find_submission or marks",
    tokens.authenticate: "a token is how a program becomes an actor",
    tokens.end_tokens_of: "part of changes of an account, which check",
    tokens.note_use: "notes that a program became an actor",
    links.issue_links: "part of invitations and resets, which check",
    links.lock_accounts: "part of changes of an account, which check",
    links.void_links: "part of changes of an account, which check",
    links.find_link: "the secret of a link is how somebody becomes an actor",
    links.use_link: "the secret of a link is how somebody becomes an actor",
    links.claim_link: "part of uses of a link",
    setup.find_setup_link: "the secret of a link is how somebody becomes an actor",
    setup.set_up: "the secret of a link is how somebody becomes an actor",
    join_codes.find_course_by_code: "whoever has the code may see the course's title",
    join_codes.join_with_new_account: "the code is how somebody becomes an actor",
}

# Use cases that change something and write no entry of the audit, with the reason.
WITHOUT_ENTRY: dict[Callable[..., Any], str] = {
    submit_file: "the submission itself says who submitted what and when",
    own.change_own_name: "everybody's own name is their own matter",
}
ENTRIES: dict[Callable[..., Any], int] = {  # where one call changes several things
    accounts.name_account: 2,  # the account and its link
    deletion.delete_account: 2,  # for the installation and for the course
    invitations.invite: 2,  # the enrolment and the link
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A course with a graded submission by the student, and one of everybody who may act.

    The classmate is another student of the course. The creator may create courses. Nobody has
    submitted to the assignment `unused`.
    """

    session: Session
    members: Class
    course: Course
    submission: Submission
    unused: Assignment
    code: JoinCode
    actors: dict[str, Actor]

    @property
    def student(self) -> Account:
        """The student whose submission it is."""
        return self.members.ada


ACCOUNTS = {
    "stranger", "classmate", "student", "assistant", "teacher", "other_teacher", "operator",
    "creator",
}  # fmt: skip
EVERYBODY = ACCOUNTS | {"local"}
ENROLLED = {"classmate", "student", "assistant", "teacher"}
STAFF = {"assistant", "teacher", "local"}
TEACHER = {"teacher", "local"}
OPERATORS = {"operator", "local"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """How to call a function as an actor, and who may.

    `hidden` says that someone from outside the course must get NotFound.
    """

    function: Callable[..., Any]
    call: Callable[[World, Any], object]
    may: set[str]
    hidden: bool = True

    @property
    def actors(self) -> set[str]:
        """Everybody whom the function accepts as an actor; some accept accounts only."""
        only_accounts = get_type_hints(self.function)["actor"] is Account
        return ACCOUNTS if only_accounts else EVERYBODY


def of_course(
    function: Callable[..., Any], may: set[str], call: Callable[[World, Any], object]
) -> UseCase:
    """A use case in a course."""
    return UseCase(function=function, call=call, may=may)


def of_installation(
    function: Callable[..., Any], may: set[str], call: Callable[[World, Any], object]
) -> UseCase:
    """A use case outside any course."""
    return UseCase(function=function, call=call, may=may, hidden=False)


def submit(world: World, actor: Account) -> object:
    return submit_file(
        world.session,
        actor,
        world.members.assignment,
        lambda _: None,
        filename="value.py",
        content=factories.SOURCE.encode(),
        idempotency_key=None,
        per_minute=20,
        accept_same=True,
    )


def release_marks(world: World, actor: Any) -> None:
    with contextlib.suppress(Conflict):  # nothing is held back
        release.release_marks(world.session, actor, world.members.assignment)


def find_regrade(world: World, status: str) -> Regrade:
    """The world's only regrade with this status."""
    return world.session.scalars(select(Regrade).where(Regrade.status == status)).one()


def class_files(student: Account) -> bytes:
    """A ZIP of one file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"{student.email}/value.py", "class Value:\n    data = 0\n")
    return content.getvalue()


def tokens_of_student(world: World) -> list[Any]:
    return tokens.list_tokens(world.session, LocalOperator(), world.student)


def tokens_of_everybody(world: World) -> list[Any]:
    everybody = (account for account in world.actors.values() if isinstance(account, Account))
    lists = (tokens.list_tokens(world.session, LocalOperator(), each) for each in everybody)
    return [token for each in lists for token in each]


def own_or_student(world: World, actor: Any) -> Account:
    """The account that an actor asks about as its own."""
    return actor if isinstance(actor, Account) else world.student


def settings_of(world: World) -> Settings:
    """Settings of the installation whose database it is."""
    return make_settings(Path(str(world.session.get_bind().engine.url.database)).parent)


def start_build(world: World, actor: Any) -> object:
    readers = make_readers(world.session.get_bind().engine)
    settings = settings_of(world)
    return archive_builds.start_build(
        world.session, actor, world.course, settings, readers, run=lambda work: work()
    )


def find_build(world: World, actor: Any) -> object:
    build = archive_builds.start_build(
        world.session,
        world.members.teacher,
        world.course,
        settings_of(world),
        make_readers(world.session.get_bind().engine),
        run=lambda work: work(),
    )
    return archive_builds.find_build(world.session, actor, world.course, settings_of(world), build)


def comment_of_teacher(world: World) -> uuid.UUID:
    """The world's only comment."""
    return world.session.scalars(select(Comment.id)).one()


def fail(world: World) -> list[uuid.UUID]:
    """The world's submission that failed on our side."""
    failed = select(Grading.submission_id).where(Grading.status == Status.ERRORED)
    return list(world.session.scalars(failed))


USE_CASES = [
    # the installation
    of_installation(
        status.read_status,
        OPERATORS,
        lambda w, a: status.read_status(w.session, a, Settings.from_env(ENVIRON)),
    ),
    of_installation(
        status.run_again,
        OPERATORS,
        lambda w, a: status.run_again(w.session, a, lambda _: None, fail(w)),
    ),
    # people
    of_installation(
        accounts.create_account,
        OPERATORS,
        lambda w, a: accounts.create_account(w.session, a, email="new@example.edu", name="New"),
    ),
    of_installation(
        accounts.find_account,
        OPERATORS,
        lambda w, a: accounts.find_account(w.session, a, w.student.email),
    ),
    of_installation(
        accounts.change_account,
        OPERATORS,
        lambda w, a: accounts.change_account(w.session, a, w.student, operator=True),
    ),
    of_installation(
        accounts.reset_password,
        {"local"},
        lambda w, a: accounts.reset_password(w.session, a, w.student),
    ),
    of_installation(
        sessions.end_all_sessions,
        {"local", "student"},
        lambda w, a: sessions.end_all_sessions(w.session, a, w.student),
    ),
    of_installation(
        tokens.create_token,
        {"local", "student"},
        lambda w, a: tokens.create_token(w.session, a, w.student, "My laptop"),
    ),
    of_installation(
        tokens.list_tokens,
        OPERATORS | {"student"},
        lambda w, a: tokens.list_tokens(w.session, a, w.student),
    ),
    of_installation(
        tokens.find_token,
        OPERATORS,
        lambda w, a: tokens.find_token(w.session, a, w.members.tokens[w.student.email]),
    ),
    of_installation(
        tokens.revoke_tokens,
        OPERATORS | {"student"},
        lambda w, a: tokens.revoke_tokens(w.session, a, tokens_of_student(w)),
    ),
    of_installation(
        tokens.revoke_tokens,
        OPERATORS,
        lambda w, a: tokens.revoke_tokens(w.session, a, tokens_of_everybody(w)),
    ),
    of_installation(
        tokens.add_token,
        {"local", "student"},
        lambda w, a: tokens.add_token(w.session, a, w.student, "laptop"),
    ),
    of_installation(
        tokens.revoke_own_token,
        {"student"},
        lambda w, a: tokens.revoke_own_token(w.session, a, tokens_of_student(w)[0].id),
    ),
    of_installation(
        own.change_own_name, ACCOUNTS, lambda w, a: own.change_own_name(w.session, a, "Another")
    ),
    of_installation(
        own.change_own_password,
        ACCOUNTS,
        lambda w, a: own.change_own_password(
            w.session,
            a,
            THROTTLE,
            current=factories.PASSWORD,
            password="a new long password",
        ),
    ),
    of_installation(
        accounts.name_account,
        OPERATORS,
        lambda w, a: accounts.name_account(w.session, a, email="new@example.edu", name="New"),
    ),
    of_installation(
        accounts.give_link, OPERATORS, lambda w, a: accounts.give_link(w.session, a, w.student)
    ),
    of_installation(
        accounts.list_accounts, OPERATORS, lambda w, a: accounts.list_accounts(w.session, a)
    ),
    of_installation(
        setup.issue_setup_link, {"local"}, lambda w, a: setup.issue_setup_link(w.session, a)
    ),
    # courses
    of_installation(
        courses.create_course,
        OPERATORS | {"teacher", "other_teacher", "creator"},
        lambda w, a: courses.create_course(w.session, a, slug="new", title="New"),
    ),
    of_installation(
        courses.add_course,
        OPERATORS | {"teacher", "other_teacher", "creator"},
        lambda w, a: courses.add_course(w.session, a, slug="new", title="New", time_zone="UTC"),
    ),
    of_course(
        copying.copy_course,
        TEACHER,
        lambda w, a: copying.copy_course(w.session, a, w.course, slug="new", title="New", days=364),
    ),
    of_course(
        courses.change_course,
        TEACHER | OPERATORS,
        lambda w, a: courses.change_course(w.session, a, w.course, title="Another"),
    ),
    of_course(
        courses.find_course,
        ENROLLED | {"local"},
        lambda w, a: courses.find_course(w.session, a, w.course.slug),
    ),
    of_installation(
        courses.list_enrolments, ACCOUNTS, lambda w, a: courses.list_enrolments(w.session, a)
    ),
    of_installation(
        courses.list_all_courses, OPERATORS, lambda w, a: courses.list_all_courses(w.session, a)
    ),
    of_course(
        roster.enrol,
        TEACHER | OPERATORS,
        lambda w, a: roster.enrol(w.session, a, w.course, w.members.stranger, Role.TEACHER),
    ),
    of_course(roster.list_people, STAFF, lambda w, a: roster.list_people(w.session, a, w.course)),
    of_course(
        roster.find_person,
        STAFF,
        lambda w, a: roster.find_person(w.session, a, w.course, w.student.email),
    ),
    of_course(
        roster.set_role,
        TEACHER,
        lambda w, a: roster.set_role(w.session, a, w.course, w.student.email, Role.ASSISTANT),
    ),
    of_course(
        roster.unenrol,
        TEACHER,
        lambda w, a: roster.unenrol(w.session, a, w.course, w.student.email),
    ),
    of_course(
        roster_import.import_roster,
        TEACHER,
        lambda w, a: roster_import.import_roster(w.session, a, w.course, ROSTER),
    ),
    of_course(
        invitations.invite,
        TEACHER,
        lambda w, a: invitations.invite(w.session, a, w.course, ["new@example.edu"]),
    ),
    of_course(
        invitations.give_link_to_person,
        TEACHER,
        lambda w, a: invitations.give_link_to_person(w.session, a, w.course, w.student.email),
    ),
    of_course(
        invitations.may_give_link,
        TEACHER,
        lambda w, a: invitations.may_give_link(w.session, a, w.course, w.student.email),
    ),
    of_course(
        invitations.without_password,
        TEACHER,
        lambda w, a: invitations.without_password(w.session, a, w.course),
    ),
    of_course(
        join_codes.create_join_code,
        TEACHER,
        lambda w, a: join_codes.create_join_code(
            w.session, a, w.course, expires_at=now() + timedelta(days=1)
        ),
    ),
    of_course(
        join_codes.list_join_codes,
        TEACHER,
        lambda w, a: join_codes.list_join_codes(w.session, a, w.course),
    ),
    of_course(
        join_codes.revoke_join_code,
        TEACHER,
        lambda w, a: join_codes.revoke_join_code(w.session, a, w.course, w.code.id),
    ),
    of_installation(
        join_codes.join,
        ACCOUNTS,
        lambda w, a: join_codes.join(w.session, a, w.code.code, THROTTLE, ""),
    ),
    of_course(
        roster_import.add_person,
        TEACHER,
        lambda w, a: roster_import.add_person(
            w.session, a, w.course, email="new@example.edu", name="New"
        ),
    ),
    of_installation(
        roster.list_everyone, OPERATORS, lambda w, a: roster.list_everyone(w.session, a)
    ),
    of_course(
        assignments.create_assignment,
        TEACHER,
        lambda w, a: assignments.create_assignment(w.session, a, w.course, "new", OPTIONS),
    ),
    of_course(
        assignments.change_assignment,
        TEACHER,
        lambda w, a: assignments.change_assignment(
            w.session, a, w.members.assignment, {"title": "Another"}
        ),
    ),
    of_course(
        assignments.editable_options,
        TEACHER,
        lambda w, a: assignments.editable_options(w.session, a, w.members.assignment),
    ),
    of_course(
        assignments.new_options,
        TEACHER,
        lambda w, a: assignments.new_options(w.session, a, w.course),
    ),
    of_course(
        courses.find_taught_course,
        TEACHER,
        lambda w, a: courses.find_taught_course(w.session, a, w.course.slug),
    ),
    of_installation(
        courses.may_create_courses,
        EVERYBODY,
        lambda w, a: courses.may_create_courses(w.session, a),
    ),
    of_course(
        deletion.delete_assignment,
        TEACHER,
        lambda w, a: deletion.delete_assignment(w.session, a, w.unused),
    ),
    of_course(
        assignments.visible_options,
        ENROLLED | {"local"},
        lambda w, a: assignments.visible_options(w.session, a, w.members.assignment),
    ),
    of_course(
        assignments.set_closed,
        STAFF,
        lambda w, a: assignments.set_closed(w.session, a, w.members.assignment, True),
    ),
    of_course(
        assignments.find_assignment,
        ENROLLED | {"local"},
        lambda w, a: assignments.find_assignment(w.session, a, w.members.assignment.slug),
    ),
    of_course(
        audit.read_audit,
        TEACHER,
        lambda w, a: audit.read_audit(w.session, a, w.course, audit.AuditFilter()),
    ),
    of_course(
        audit.audit_choices, TEACHER, lambda w, a: audit.audit_choices(w.session, a, w.course)
    ),
    of_installation(
        audit.read_installation_audit,
        OPERATORS,
        lambda w, a: audit.read_installation_audit(w.session, a, audit.AuditFilter()),
    ),
    of_installation(
        audit.installation_audit_choices,
        OPERATORS,
        lambda w, a: audit.installation_audit_choices(w.session, a),
    ),
    # submissions
    of_course(submit_file, ENROLLED, submit),
    of_course(
        on_behalf.submit_for,
        {"teacher"},
        lambda w, a: on_behalf.submit_for(
            w.session,
            a,
            w.members.assignment,
            w.student,
            lambda _: None,
            filename="value.py",
            content=b"class Value: ...",
        ),
    ),
    of_course(
        on_behalf.read_class_upload,
        {"teacher"},
        lambda w, a: on_behalf.read_class_upload(
            w.session, a, w.members.assignment, class_files(w.student)
        ),
    ),
    of_course(
        on_behalf.submit_for_class,
        {"teacher"},
        lambda w, a: on_behalf.submit_for_class(
            w.session,
            a,
            w.members.assignment,
            lambda _: None,
            content=class_files(w.student),
        ),
    ),
    of_course(
        find.find_submission,
        STAFF | {"student"},
        lambda w, a: find.find_submission(w.session, a, w.submission.id),
    ),
    of_course(
        find.list_submissions,
        STAFF | {"student"},
        lambda w, a: find.list_submissions(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        find.list_submissions,
        ENROLLED | {"local"},
        lambda w, a: find.list_submissions(
            w.session, a, w.members.assignment, own_or_student(w, a)
        ),
    ),
    of_course(
        find.list_submissions,
        STAFF,
        lambda w, a: find.list_submissions(w.session, a, w.members.assignment, None),
    ),
    of_course(
        find.find_own,
        {"student"},
        lambda w, a: find.find_own(w.session, a, w.members.assignment, w.submission.id),
    ),
    of_course(
        find.attempts_left,
        STAFF | {"student"},
        lambda w, a: find.attempts_left(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        find.standing,
        STAFF | {"student"},
        lambda w, a: find.standing(w.session, a, w.members.assignment, w.student, now()),
    ),
    of_course(
        find.queue_position,
        STAFF | {"student"},
        lambda w, a: find.queue_position(w.session, a, w.submission.grading),
    ),
    of_course(
        attempts.find_attempt_before,
        STAFF | {"student"},
        lambda w, a: attempts.find_attempt_before(w.session, a, w.submission),
    ),
    # marks
    of_course(
        review_order.find_neighbours,
        STAFF,
        lambda w, a: review_order.find_neighbours(
            w.session,
            a,
            w.members.assignment,
            w.student,
            listing.View(),
            review_order.ReviewFilter(),
        ),
    ),
    of_course(
        since.read_since,
        STAFF | {"student"},
        lambda w, a: since.read_since(w.session, a, w.submission),
    ),
    of_course(
        comments.list_comments,
        STAFF | {"student"},
        lambda w, a: comments.list_comments(w.session, a, w.submission),
    ),
    of_course(
        comments.find_comment,
        STAFF | {"student"},
        lambda w, a: comments.find_comment(w.session, a, w.submission, comment_of_teacher(w)),
    ),
    of_course(
        comments.add_comment,
        {"assistant", "teacher"},
        lambda w, a: comments.add_comment(w.session, a, w.submission, line=1, text="Why?"),
    ),
    of_course(
        comments.delete_comment,
        {"teacher"},
        lambda w, a: comments.delete_comment(w.session, a, w.submission, comment_of_teacher(w)),
    ),
    of_course(
        comments.note_read,
        STAFF | {"student"},
        lambda w, a: comments.note_read(w.session, a, w.submission),
    ),
    of_course(
        comments.count_unread,
        ENROLLED,
        lambda w, a: comments.count_unread(w.session, a, w.course),
    ),
    of_course(
        gradebook.marks, STAFF, lambda w, a: gradebook.marks(w.session, a, w.members.assignment)
    ),
    of_course(
        gradebook.mark_of,
        STAFF | {"student"},
        lambda w, a: gradebook.mark_of(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        gradebook.marks_of,
        STAFF | {"student"},
        lambda w, a: gradebook.marks_of(w.session, a, w.course, w.student),
    ),
    of_course(
        gradebook.marks_of,
        ENROLLED | {"local"},
        lambda w, a: gradebook.marks_of(w.session, a, w.course, own_or_student(w, a)),
    ),
    of_course(gradebook.gradebook, STAFF, lambda w, a: gradebook.gradebook(w.session, a, w.course)),
    of_course(
        gradebook.count_students,
        STAFF,
        lambda w, a: gradebook.count_students(w.session, a, w.course),
    ),
    of_course(
        gradebook.count_submitters,
        STAFF,
        lambda w, a: gradebook.count_submitters(w.session, a, w.course),
    ),
    of_course(
        class_map.read_insights,
        STAFF,
        lambda w, a: class_map.read_insights(w.session, a, w.members.assignment),
    ),
    of_course(
        class_map.read_development,
        STAFF,
        lambda w, a: class_map.read_development(w.session, a, w.members.assignment, [w.student]),
    ),
    of_course(
        export.grades_csv,
        STAFF,
        lambda w, a: export.grades_csv(w.session, a, w.members.assignment),
    ),
    of_course(export.grades_csv, STAFF, lambda w, a: export.grades_csv(w.session, a, w.course)),
    of_course(release.release_marks, TEACHER, release_marks),
    of_course(
        students.find_student,
        STAFF,
        lambda w, a: students.find_student(w.session, a, w.course.id, w.student.email),
    ),
    of_course(
        students.list_students,
        STAFF,
        lambda w, a: students.list_students(w.session, a, w.course.id),
    ),
    of_course(
        extensions.set_extension,
        TEACHER,
        lambda w, a: extensions.set_extension(
            w.session, a, w.members.assignment, w.student, extensions.Grant(attempt_limit=4)
        ),
    ),
    of_course(
        extensions.remove_extension,
        TEACHER,
        lambda w, a: extensions.remove_extension(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        extensions.list_extensions,
        STAFF,
        lambda w, a: extensions.list_extensions(w.session, a, w.members.assignment),
    ),
    of_course(
        overrides.set_override,
        {"assistant", "teacher"},
        lambda w, a: overrides.set_override(w.session, a, w.submission, score=9, reason="Oral"),
    ),
    of_course(
        overrides.set_mark,
        {"assistant", "teacher"},
        lambda w, a: overrides.set_mark(
            w.session, a, w.members.assignment, w.student, score=9, reason="Oral"
        ),
    ),
    of_course(
        overrides.overrides_of,
        STAFF,
        lambda w, a: overrides.overrides_of(w.session, a, w.members.assignment, w.student),
    ),
    of_course(
        regrades.regrade,
        STAFF,
        lambda w, a: regrades.regrade(w.session, a, w.submission, lambda _: None),
    ),
    of_course(
        regrades.start_regrade,
        TEACHER,
        lambda w, a: regrades.start_regrade(
            w.session, a, w.members.assignment, Which.ALL, lambda _: None
        ),
    ),
    of_course(
        regrades.find_regrade,
        STAFF,
        lambda w, a: regrades.find_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.find_open,
        STAFF,
        lambda w, a: regrades.find_open(w.session, a, w.members.assignment),
    ),
    of_course(
        regrades.list_regrades,
        STAFF,
        lambda w, a: regrades.list_regrades(w.session, a, w.members.assignment),
    ),
    of_course(
        regrades.apply_regrade,
        TEACHER,
        lambda w, a: regrades.apply_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.cancel_regrade,
        TEACHER,
        lambda w, a: regrades.cancel_regrade(w.session, a, find_regrade(w, "running").id),
    ),
    of_course(
        regrades.undo_regrade,
        TEACHER,
        lambda w, a: regrades.undo_regrade(w.session, a, find_regrade(w, "applied").id),
    ),
    of_course(
        regrade_changes.find_changes,
        STAFF,
        lambda w, a: regrade_changes.find_changes(
            w.session, a, w.members.assignment, find_regrade(w, "running")
        ),
    ),
    of_course(
        archive.count_archived,
        TEACHER,
        lambda w, a: archive.count_archived(w.session, a, w.course),
    ),
    of_course(
        archive.write_archive,
        TEACHER,
        lambda w, a: archive.write_archive(w.session, a, w.course, io.BytesIO()),
    ),
    of_course(archive_builds.start_build, {"teacher"}, start_build),
    of_course(archive_builds.find_build, TEACHER, find_build),
    of_installation(
        own_data.write_own_data,
        {"local", "student"},
        lambda w, a: own_data.write_own_data(w.session, a, w.student, io.BytesIO()),
    ),
    of_course(
        listing.list_gradebook,
        STAFF,
        lambda w, a: listing.list_gradebook(w.session, a, w.course, listing.View()),
    ),
    of_installation(
        deletion.extent_of_account,
        OPERATORS | {"student"},
        lambda w, a: deletion.extent_of_account(w.session, a, w.student),
    ),
    of_installation(
        deletion.delete_account,
        OPERATORS | {"student"},
        lambda w, a: deletion.delete_account(w.session, a, w.student),
    ),
    of_course(
        deletion.extent_of_course,
        TEACHER | OPERATORS,
        lambda w, a: deletion.extent_of_course(w.session, a, w.course),
    ),
    of_course(
        deletion.delete_course,
        TEACHER | OPERATORS,
        lambda w, a: deletion.delete_course(w.session, a, w.course, settings_of(w)),
    ),
    of_course(
        results.read_result,
        STAFF | {"student"},
        lambda w, a: results.read_result(w.session, a, w.submission.grading),
    ),
    of_course(
        results.read_result_json,
        STAFF | {"student"},
        lambda w, a: results.read_result_json(w.session, a, w.submission.grading),
    ),
    of_course(
        results.read_results_json,
        STAFF | {"student"},
        lambda w, a: results.read_results_json(w.session, a, [w.submission.grading]),
    ),
    of_course(
        results.read_counterexample,
        STAFF | {"student"},
        lambda w, a: results.read_counterexample(w.session, a, w.submission),
    ),
]
