"""A teacher changes the people of a course, and nobody's account elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.courses.models import Enrolment, Role
from service.courses.roster import enrol, find_person, list_people, set_role, unenrol
from service.courses.roster_file import read_csv
from service.courses.roster_import import Imported, Outcome, add_person, import_roster
from service.errors import Conflict, NotFound
from service.people.actors import Actor, LocalOperator
from service.people.models import Account
from tests.service.conftest import Class
from tests.support import factories


def bring(session: Session, members: Class, text: str, *, dry_run: bool = False) -> Imported:
    """Import CSV as the teacher."""
    given = read_csv(text.encode())
    return import_roster(session, members.teacher, members.course, given, dry_run=dry_run)


def counts(result: Imported) -> tuple[int, int, int]:
    """How many were added, changed, unchanged."""
    added, changed, unchanged = map(result.count, Outcome)
    return added, changed, unchanged


def account_of(session: Session, email: str) -> Account:
    return session.scalars(select(Account).where(Account.email == email)).one()


def entries_of(session: Session, members: Class) -> list[AuditEntry]:
    """The course's entries in the audit, in their order."""
    query = select(AuditEntry).where(AuditEntry.course_id == members.course.id)
    return list(session.scalars(query.order_by(AuditEntry.happened_at)))


LIST = """\
email,name,student number,role
new@example.edu,New Person,7,
ada@example.edu,Ada,,assistant
blaise@example.edu,,,
"""


def test_an_import_adds_changes_and_keeps(session: Session, members: Class) -> None:
    result = bring(session, members, LIST)
    assert (counts(result), result.applied) == ((1, 1, 1), True)
    new = account_of(session, "new@example.edu")
    assert (new.name, new.student_number, new.password_hash) == ("New Person", "7", None)
    roles = {e.account.email: e.role for e in list_people(session, members.teacher, members.course)}
    assert roles["new@example.edu"] is Role.STUDENT
    assert roles["ada@example.edu"] is Role.ASSISTANT
    assert counts(bring(session, members, LIST)) == (0, 0, 3)


def test_a_dry_run_says_the_same_and_changes_nothing(session: Session, members: Class) -> None:
    result = bring(session, members, LIST, dry_run=True)
    assert (counts(result), result.applied) == ((1, 1, 1), False)
    assert session.scalar(select(Account).where(Account.email == "new@example.edu")) is None
    assert entries_of(session, members) == []


def test_one_error_keeps_the_whole_roster_out(session: Session, members: Class) -> None:
    result = bring(session, members, LIST + "nobody,N,,\nc@example.edu,,,\n")
    assert [error.line for error in result.errors] == [5, 6]
    assert not result.applied
    assert session.scalar(select(Account).where(Account.email == "new@example.edu")) is None


def test_every_change_is_in_the_audit_without_names(session: Session, members: Class) -> None:
    bring(session, members, LIST + "carl@example.edu,Carl,,\n")
    bring(session, members, "email,name\ncarl@example.edu,Carl Gauss\n")
    entries = entries_of(session, members)
    assert {entry.actor_id for entry in entries} == {members.teacher.id}
    assert [entry.action for entry in entries].count("enrolment.created") == 2
    changed = [entry for entry in entries if entry.action == "enrolment.changed"]
    assert [(each.before, each.after) for each in changed] == [
        ({"role": "student"}, {"role": "assistant"})
    ]
    assert entries[-1].action == "account.changed"
    assert entries[-1].after == {"name": {"characters": len("Carl Gauss")}}


def test_the_name_of_an_account_made_here_can_be_corrected(
    session: Session, members: Class
) -> None:
    bring(session, members, "email,name\nnew@example.edu,Nwe\n")
    result = bring(session, members, "email,name,number\nnew@example.edu,New,12\n")
    assert counts(result) == (0, 1, 0)
    new = account_of(session, "new@example.edu")
    assert (new.name, new.student_number) == ("New", "12")


def test_a_teacher_cannot_rename_an_account_that_was_enrolled_afterwards(
    session: Session, members: Class
) -> None:
    first = bring(session, members, "email,name\nstranger@example.edu,Victim\n")
    again = bring(session, members, "email,name,number\nstranger@example.edu,Victim,1\n")
    assert (counts(first), counts(again)) == ((1, 0, 0), (0, 0, 1))
    assert (members.stranger.name, members.stranger.student_number) == ("Stranger", "")
    for result in (first, again):
        (note,) = result.notes
        assert note.line == 2
        assert "keeps the name and number" in note.message


@pytest.mark.parametrize("role", [Role.STUDENT, Role.TEACHER])
def test_a_teacher_cannot_rename_an_account_that_another_course_uses(
    session: Session, members: Class, role: Role
) -> None:
    bring(session, members, "email,name\nnew@example.edu,New\n")
    elsewhere = factories.make_course(session)
    factories.enrol(session, elsewhere, account_of(session, "new@example.edu"), role)
    session.commit()
    assert bring(session, members, "email,name\nnew@example.edu,Other\n").notes
    assert account_of(session, "new@example.edu").name == "New"


@pytest.mark.parametrize("flag", ["operator", "may_create_courses"])
def test_a_teacher_cannot_rename_somebody_with_rights_of_their_own(
    session: Session, members: Class, flag: str
) -> None:
    bring(session, members, "email,name\nnew@example.edu,New\n")
    setattr(account_of(session, "new@example.edu"), flag, True)
    session.commit()
    bring(session, members, "email,name\nnew@example.edu,Other\n")
    assert account_of(session, "new@example.edu").name == "New"


def test_an_account_may_be_renamed_if_the_teacher_teaches_all_its_courses(
    session: Session, members: Class
) -> None:
    bring(session, members, "email,name\nnew@example.edu,New\n")
    second = factories.make_course(session)
    factories.enrol(session, second, members.teacher, Role.TEACHER)
    factories.enrol(session, second, account_of(session, "new@example.edu"))
    session.commit()
    bring(session, members, "email,name\nnew@example.edu,Other\n")
    assert account_of(session, "new@example.edu").name == "Other"


def test_a_preview_says_the_same_of_a_stranger_and_of_a_new_address(
    session: Session, members: Class
) -> None:
    shown = []
    for email in ("stranger@example.edu", "nobody@example.edu"):
        for name in ("Some Name", ""):
            text = f"email,name\n{email},{name}\n"
            result = bring(session, members, text, dry_run=True)
            errors = [error.message.replace(email, "E") for error in result.errors]
            shown.append((counts(result), errors, result.notes))
    assert shown[:2] == shown[2:]


def test_a_course_keeps_a_teacher(session: Session, members: Class) -> None:
    teacher, course = members.teacher, members.course
    with pytest.raises(Conflict) as last:
        set_role(session, teacher, course, teacher.email, Role.STUDENT)
    assert last.value.code == "last_teacher"
    with pytest.raises(Conflict):
        unenrol(session, teacher, course, teacher.email)
    with pytest.raises(Conflict):
        enrol(session, teacher, course, teacher, Role.ASSISTANT)
    with pytest.raises(Conflict):
        add_person(session, teacher, course, email=teacher.email, name="T", role=Role.STUDENT)
    result = bring(session, members, "email,name,role\nteacher@example.edu,Teacher,student\n")
    assert [error.message for error in result.errors] == ["The course would have no teacher left."]
    session.commit()
    assert find_person(session, teacher, course, teacher.email).role is Role.TEACHER


def test_a_teacher_may_hand_over_in_one_import(session: Session, members: Class) -> None:
    text = "email,role,name\nteacher@example.edu,student,T\nada@example.edu,teacher,Ada\n"
    assert bring(session, members, text).applied
    assert find_person(session, members.ada, members.course, "ada@example.edu").role is Role.TEACHER


def test_who_leaves_may_come_back(session: Session, members: Class) -> None:
    teacher, course = members.teacher, members.course
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    assert unenrol(session, teacher, course, "ADA@example.edu") is Role.STUDENT
    for email in ("ada@example.edu", "nobody@example.edu", "a\0@example.edu"):
        with pytest.raises(NotFound):
            unenrol(session, teacher, course, email)
    add_person(session, teacher, course, email="ada@example.edu", name="Ada")
    session.refresh(submission)
    assert submission.student_id == members.ada.id
    assert find_person(session, teacher, course, "ada@example.edu").role is Role.STUDENT


@pytest.mark.parametrize("by", ["teacher", "operator", "local"])
def test_only_accounts_made_here_or_enrolled_by_operators_are_in_a_teachers_care(
    session: Session, members: Class, by: str
) -> None:
    members.stranger.operator = by == "operator"
    session.commit()
    actors: dict[str, Actor] = {
        "teacher": members.teacher,
        "operator": members.stranger,
        "local": LocalOperator(),
    }
    guest = factories.make_account(session)
    enrolment = enrol(session, actors[by], members.course, guest, Role.STUDENT)
    assert enrolment.may_reset is (by != "teacher")
    bring(session, members, "email,name\nnew@example.edu,New\nstranger@example.edu,S\n")
    care = {
        each.account.email: each.may_reset
        for each in session.scalars(select(Enrolment).where(Enrolment.course == members.course))
    }
    assert care["new@example.edu"] is True
    assert care["stranger@example.edu"] is False
