"""Whoever has a valid code may join, and learns nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from service.courses.access import role_in
from service.courses.invitations import give_link_to_person
from service.courses.join_codes import (
    LENGTH,
    LETTERS,
    create_join_code,
    find_course_by_code,
    join,
    join_with_new_account,
    list_join_codes,
    revoke_join_code,
)
from service.courses.models import Enrolment, JoinCode, Role
from service.courses.roster import enrol, set_role
from service.courses.roster_import import add_person
from service.errors import Conflict, Invalid, NotFound, TooManyRequests
from service.people.accounts import change_account, give_link
from service.people.actors import LocalOperator
from service.people.links import use_link
from service.people.models import Account
from service.people.sign_in import sign_in
from service.people.throttle import PER_GUESSER, Throttle
from service.settings import Settings
from service.store.base import now
from tests.service.conftest import Class
from tests.support import factories

PERSON = {
    "email": "new@example.edu",
    "name": "New",
    "student_number": "7",
    "password": "a new long password",
}


@pytest.fixture
def throttle(settings: Settings) -> Throttle:
    return Throttle(settings)


@pytest.fixture
def code(session: Session, members: Class) -> JoinCode:
    expires_at = now() + timedelta(days=1)
    return create_join_code(session, members.teacher, members.course, expires_at=expires_at)


def make_account(session: Session, code: str, throttle: Throttle, **changed: str) -> Account:
    return join_with_new_account(session, code, throttle, address="", **{**PERSON, **changed})


def test_a_code_is_random_and_easy_to_type(code: JoinCode) -> None:
    assert len(code.code) == LENGTH
    assert set(code.code) <= set(LETTERS)
    assert not set("IO01") & set(LETTERS)


def test_somebody_joins_as_a_student_and_keeps_an_earlier_role(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    typed = f" {code.code[:5].lower()}-{code.code[5:]} "
    for account in (members.stranger, members.assistant):
        assert join(session, account, typed, throttle, "") == members.course
    assert role_in(session, members.stranger, members.course.id) is Role.STUDENT
    assert role_in(session, members.assistant, members.course.id) is Role.ASSISTANT
    enrolment = session.get_one(Enrolment, (members.course.id, members.stranger.id))
    assert not enrolment.may_reset  # the account was theirs before


def test_a_new_account_joins_and_signs_in(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    account = make_account(session, code.code, throttle)
    assert role_in(session, account, members.course.id) is Role.STUDENT
    assert sign_in(session, "new@example.edu", PERSON["password"], throttle) == account
    assert session.get_one(Enrolment, (members.course.id, account.id)).may_reset


def test_every_code_that_is_not_valid_has_the_same_message(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    expired = create_join_code(
        session, members.teacher, members.course, expires_at=now() + timedelta(days=1)
    )
    expired.expires_at = now() - timedelta(seconds=1)
    revoke_join_code(session, members.teacher, members.course, code.id)
    messages = set()
    for text in (expired.code, code.code, code.code + "A", "", "\0", "é" * 10, "A" * 10_000):
        with pytest.raises(NotFound) as error:
            find_course_by_code(session, text, throttle, "")
        messages.add(error.value.message)
    assert len(messages) == 1
    assert list_join_codes(session, members.teacher, members.course) == []


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_a_code_expires_in_the_future_and_within_a_year(
    session: Session, members: Class, days: int
) -> None:
    expires_at = now() + timedelta(days=days)
    with pytest.raises(Invalid) as error:
        create_join_code(session, members.teacher, members.course, expires_at=expires_at)
    assert error.value.fields.keys() == {"expires_at"}


def test_an_address_with_an_account_cannot_be_claimed(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    members.blaise.password_hash = None  # on the roster, hasn't opened the link yet
    session.commit()
    messages = set()
    for email in ("ADA@example.edu", members.blaise.email):
        with pytest.raises(Conflict) as error:
            make_account(session, code.code, throttle, email=email)
        messages.add(error.value.message)
    assert len(messages) == 1
    assert members.blaise.password_hash is None


def test_a_list_of_addresses_cannot_be_tried(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    for _ in range(PER_GUESSER.amount):
        with pytest.raises(Conflict):
            make_account(session, code.code, throttle, email=members.ada.email)
    with pytest.raises(TooManyRequests):
        make_account(session, code.code, throttle)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("name", " "),
        ("student_number", "1" * 65),
        ("password", "short"),
    ],
)
def test_bad_values_make_no_account(
    session: Session,
    members: Class,
    code: JoinCode,
    throttle: Throttle,
    field: str,
    value: str,
) -> None:
    people = session.query(Account).count()
    with pytest.raises(Invalid) as error:
        make_account(session, code.code, throttle, **{field: value})
    assert error.value.fields.keys() == {field}
    assert session.query(Account).count() == people
    assert members.course.slug == "demo"


def test_a_code_is_revoked_in_its_own_course_only(
    session: Session, members: Class, code: JoinCode
) -> None:
    from tests.support import factories

    other = factories.make_course(session)
    factories.enrol(session, other, members.stranger, Role.TEACHER)
    session.commit()
    with pytest.raises(NotFound):
        revoke_join_code(session, members.stranger, other, code.id)
    assert code.revoked_at is None


@pytest.mark.parametrize("role", [Role.TEACHER, Role.ASSISTANT])
def test_somebody_who_joined_by_a_code_becomes_staff_only_after_using_a_link(
    session: Session, members: Class, code: JoinCode, throttle: Throttle, role: Role
) -> None:
    account = make_account(session, code.code, throttle)
    course, email = members.course, account.email
    with pytest.raises(Conflict) as error:
        set_role(session, members.teacher, course, email, role)
    assert error.value.code == "unconfirmed_account"
    session.rollback()
    result = add_person(session, members.teacher, course, email=email, name="New", role=role)
    assert any("no staff role yet" in note.message for note in result.notes)
    assert session.get_one(Enrolment, (course.id, account.id)).role is Role.STUDENT
    link = give_link_to_person(session, members.teacher, course, email)
    use_link(session, link.secret, throttle, address="", password="another long password")
    set_role(session, members.teacher, course, email, role)
    assert session.get_one(Enrolment, (course.id, account.id)).role is role


def test_a_teacher_of_another_course_adds_such_a_person_as_a_student(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    account = make_account(session, code.code, throttle)
    course = factories.make_course(session)
    factories.enrol(session, course, members.stranger, Role.TEACHER)
    session.commit()
    email, role = account.email, Role.ASSISTANT
    result = add_person(session, members.stranger, course, email=email, name="New", role=role)
    assert any("no staff role yet" in note.message for note in result.notes)
    assert session.get_one(Enrolment, (course.id, account.id)).role is Role.STUDENT
    enrol(session, LocalOperator(), course, account, role)  # a command may
    assert session.get_one(Enrolment, (course.id, account.id)).role is role


def test_somebody_who_joined_by_a_code_may_create_courses_only_after_using_a_link(
    session: Session, members: Class, code: JoinCode, throttle: Throttle
) -> None:
    account = make_account(session, code.code, throttle)
    members.stranger.operator = True
    session.commit()
    with pytest.raises(Conflict):
        change_account(session, members.stranger, account, may_create_courses=True)
    session.rollback()
    link = give_link(session, members.stranger, account)
    use_link(session, link.secret, throttle, address="", password="another long password")
    change_account(session, members.stranger, account, may_create_courses=True)
    assert account.may_create_courses
