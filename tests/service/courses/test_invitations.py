"""A teacher's links reach the accounts of the course, and never those of others."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from service.courses.invitations import (
    MAX_EMAILS,
    give_link_to_person,
    invite,
    may_give_link,
    without_password,
    write_mails,
)
from service.courses.models import Course, Enrolment, Role
from service.courses.roster import set_role
from service.courses.roster_file import Roster, Row
from service.courses.roster_import import add_person, import_roster
from service.errors import Forbidden, Invalid, NotFound
from service.people.accounts import account_by_email
from service.people.links import find_link
from service.people.models import Account, LinkPurpose
from service.people.throttle import Throttle
from service.settings import Settings
from tests.service.conftest import Class
from tests.support import factories

NEW = "new@example.edu"


@pytest.fixture
def throttle(settings: Settings) -> Throttle:
    return Throttle(settings)


@pytest.fixture
def new(session: Session, members: Class) -> Account:
    """A student whose account was made in the course, and who has set a password."""
    add_person(session, members.teacher, members.course, email=NEW, name="New")
    account = account_by_email(session, NEW)
    assert account is not None
    account.password_hash = "set"
    session.commit()
    return account


def another_course(session: Session, account: Account, role: Role = Role.STUDENT) -> Course:
    course = factories.make_course(session)
    factories.enrol(session, course, account, role)
    session.commit()
    return course


def test_new_people_get_links_and_others_sign_in_as_usual(
    session: Session, members: Class, throttle: Throttle
) -> None:
    emails = [" New@Example.edu", "ada@example.edu", "stranger@example.edu", NEW]
    new, ada, stranger = invite(session, members.teacher, members.course, emails)
    assert new.link is not None
    assert new.link.purpose is LinkPurpose.INVITATION
    assert find_link(session, new.link.secret, throttle, "").account == new.account
    assert (ada.link, stranger.link) == (None, None)
    enrolment = session.get_one(Enrolment, (members.course.id, stranger.account.id))
    assert enrolment.role is Role.STUDENT
    assert without_password(session, members.teacher, members.course) == [NEW]


def test_inviting_again_replaces_the_link(
    session: Session, members: Class, throttle: Throttle
) -> None:
    (first,) = invite(session, members.teacher, members.course, [NEW])
    (second,) = invite(session, members.teacher, members.course, [NEW])
    assert first.link is not None
    assert second.link is not None
    assert find_link(session, second.link.secret, throttle, "").used_at is None
    with pytest.raises(NotFound):
        find_link(session, first.link.secret, throttle, "")


@pytest.mark.parametrize(
    "emails", [[], ["nobody"], [NEW, "a b@c"], [f"p{n}@x.edu" for n in range(MAX_EMAILS + 1)]]
)
def test_bad_addresses_invite_nobody(session: Session, members: Class, emails: list[str]) -> None:
    with pytest.raises(Invalid) as error:
        invite(session, members.teacher, members.course, emails)
    assert error.value.fields.keys() == {"emails"}
    assert account_by_email(session, NEW) is None


def test_a_message_has_the_link_and_goes_to_its_person_alone(
    session: Session, members: Class
) -> None:
    invited = invite(session, members.teacher, members.course, [NEW, "ada@example.edu"])
    (mail,) = write_mails(members.course, invited, "https://chainrule.example.edu")
    assert mail.to == NEW
    assert invited[0].link is not None
    assert f"https://chainrule.example.edu{invited[0].link.path}\n" in mail.text


def test_a_teacher_resets_the_password_of_a_student_of_the_course(
    session: Session, members: Class, new: Account, throttle: Throttle
) -> None:
    link = give_link_to_person(session, members.teacher, members.course, NEW)
    assert link.purpose is LinkPurpose.RESET
    assert find_link(session, link.secret, throttle, "").account == new
    course = another_course(session, new)
    factories.enrol(session, course, members.teacher, Role.TEACHER)
    session.commit()
    assert may_give_link(session, members.teacher, members.course, NEW)  # both are own courses


def test_a_teacher_resets_no_student_who_is_in_a_course_of_others_too(
    session: Session, members: Class, new: Account
) -> None:
    another_course(session, new)
    refuse(session, members)
    new.password_hash = None  # an invitation is for everybody who can't sign in
    session.commit()
    assert may_give_link(session, members.teacher, members.course, NEW)


def test_all_without_a_password_are_invited_however_many_there_are(
    session: Session, members: Class
) -> None:
    count = MAX_EMAILS + 1
    rows = tuple(Row(line=n, email=f"p{n}@x.edu", name="P") for n in range(count))
    import_roster(session, members.teacher, members.course, Roster(rows=rows, errors=()))
    invited = invite(session, members.teacher, members.course, None)
    assert sum(each.link is not None for each in invited) == count


def refuse(session: Session, members: Class, email: str = NEW) -> None:
    """Check that the teacher can't get a link in any way."""
    assert not may_give_link(session, members.teacher, members.course, email)
    with pytest.raises(Forbidden) as error:
        give_link_to_person(session, members.teacher, members.course, email)
    assert error.value.code == "not_your_account"
    (invited,) = invite(session, members.teacher, members.course, [email])
    assert invited.link is None


@pytest.mark.parametrize("has_password", [True, False])
def test_a_teacher_cannot_take_over_an_account_by_enrolling_it(
    session: Session, members: Class, has_password: bool
) -> None:
    if not has_password:
        members.stranger.password_hash = None  # invited by somebody else, not opened yet
        session.commit()
    email = members.stranger.email
    add_person(session, members.teacher, members.course, email=email, name="Victim")
    refuse(session, members, email)


@pytest.mark.parametrize("has_password", [True, False])
@pytest.mark.parametrize("role", [Role.TEACHER, Role.ASSISTANT])
def test_a_teacher_gets_no_link_for_staff_of_other_courses(
    session: Session, members: Class, new: Account, role: Role, has_password: bool
) -> None:
    another_course(session, new, role)
    if not has_password:
        new.password_hash = None
        session.commit()
    refuse(session, members)


@pytest.mark.parametrize("flag", ["operator", "may_create_courses"])
def test_a_teacher_gets_no_link_for_somebody_with_rights(
    session: Session, members: Class, new: Account, flag: str
) -> None:
    setattr(new, flag, True)
    session.commit()
    refuse(session, members)


def test_a_teacher_gets_no_link_for_a_colleague_who_has_a_password(
    session: Session, members: Class, new: Account
) -> None:
    set_role(session, members.teacher, members.course, NEW, Role.TEACHER)
    refuse(session, members)
    new.password_hash = None  # but for one who was just added
    session.commit()
    assert give_link_to_person(session, members.teacher, members.course, NEW).secret


@pytest.mark.usefixtures("new")
@pytest.mark.parametrize("role", [Role.TEACHER, Role.ASSISTANT])
def test_a_teacher_gets_no_link_for_a_colleague_who_was_made_a_student_for_it(
    session: Session, members: Class, role: Role
) -> None:
    for each in (role, Role.STUDENT):
        set_role(session, members.teacher, members.course, NEW, each)
    refuse(session, members)


@pytest.mark.parametrize("has_password", [True, False])
def test_a_teachers_own_link_ends_with_a_new_role_if_the_account_has_a_password(
    session: Session, members: Class, new: Account, throttle: Throttle, has_password: bool
) -> None:
    if not has_password:
        new.password_hash = None
        session.commit()
    link = give_link_to_person(session, members.teacher, members.course, NEW)
    set_role(session, members.teacher, members.course, NEW, Role.ASSISTANT)
    if has_password:
        with pytest.raises(NotFound):
            find_link(session, link.secret, throttle, "")
    else:
        assert find_link(session, link.secret, throttle, "").account == new


def test_links_of_other_teachers_end_when_somebody_becomes_staff(
    session: Session, members: Class, new: Account, throttle: Throttle
) -> None:
    link = give_link_to_person(session, members.teacher, members.course, NEW)
    course = another_course(session, new)
    factories.enrol(session, course, members.stranger, Role.TEACHER)
    session.commit()
    set_role(session, members.stranger, course, NEW, Role.ASSISTANT)
    with pytest.raises(NotFound):
        find_link(session, link.secret, throttle, "")
