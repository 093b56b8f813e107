"""Use cases about courses and assignments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from service.courses import (
    assignments,
    audit,
    copying,
    courses,
    invitations,
    join_codes,
    roster,
    roster_import,
)
from service.courses.models import Role
from service.courses.options import AssignmentOptions
from service.courses.roster_file import Roster, Row
from service.marks import (
    deletion,
)
from service.people.throttle import Throttle
from service.store.base import now
from tests.service.conftest import make_settings
from tests.service.use_cases.case import (
    ACCOUNTS,
    ENROLLED,
    EVERYBODY,
    OPERATORS,
    STAFF,
    TEACHER,
    of_course,
    of_installation,
)

OPTIONS = AssignmentOptions(title="Another", suites={"rules": 10})
ROSTER = Roster(rows=(Row(line=1, email="new@example.edu", name="New"),), errors=())
THROTTLE = Throttle(make_settings(Path("nowhere")))


COURSES = [
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
        TEACHER,
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
]
