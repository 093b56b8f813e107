import pytest
from sqlalchemy.orm import Session

from service.courses.access import is_staff
from service.courses.courses import (
    change_course,
    create_course,
    find_course,
    list_all_courses,
    list_enrolments,
)
from service.courses.models import Role
from service.courses.roster import enrol, list_everyone
from service.errors import Conflict, Invalid, NotFound
from service.people.actors import LocalOperator
from tests.service.conftest import Class
from tests.support import factories


def test_only_enrolled_people_find_a_course(session: Session, members: Class) -> None:
    for person in (members.ada, members.assistant, members.teacher):
        assert find_course(session, person, "demo").id == members.course.id
    for person, slug in ((members.stranger, "demo"), (members.ada, "unknown")):
        with pytest.raises(NotFound, match="no such course"):
            find_course(session, person, slug)


def test_enrolments_are_listed_by_the_courses_title(session: Session, members: Class) -> None:
    for title in ("Zoology", "Algebra"):
        factories.enrol(session, factories.make_course(session, title=title), members.ada)
    titles = [each.course.title for each in list_enrolments(session, members.ada)]
    assert titles == ["Algebra", "Backpropagation", "Zoology"]
    assert list_enrolments(session, members.stranger) == []


def test_an_account_that_creates_a_course_becomes_its_teacher(
    session: Session, members: Class
) -> None:
    course = create_course(session, members.teacher, slug="spring-2027", title=" Spring ")
    assert find_course(session, members.teacher, "spring-2027").title == "Spring"
    places = {each.course_id: each.role for each in list_enrolments(session, members.teacher)}
    assert places[course.id] is Role.TEACHER


def test_the_local_operator_creates_a_course_without_people(session: Session) -> None:
    course = create_course(session, LocalOperator(), slug="ml", title="ML")
    assert course.enrolments == []
    assert list_all_courses(session, LocalOperator()) == [course]


def test_a_course_needs_a_title_and_a_unique_slug(session: Session, members: Class) -> None:
    with pytest.raises(Conflict, match="There is a course demo already"):
        create_course(session, LocalOperator(), slug="demo", title="Demo")
    with pytest.raises(Invalid, match="lower-case letters"):
        create_course(session, LocalOperator(), slug="No slug", title="Demo")
    with pytest.raises(Invalid, match="title is empty"):
        change_course(session, members.teacher, members.course, title=" ")


def test_enrolling_again_changes_the_role(session: Session, members: Class) -> None:
    assert not is_staff(session, members.ada, members.course.id)
    enrol(session, members.teacher, members.course, members.ada, Role.ASSISTANT)
    assert is_staff(session, members.ada, members.course.id)
    people = {
        person.account: person.enrolments for person in list_everyone(session, LocalOperator())
    }
    assert [(each.course.slug, each.role) for each in people[members.ada]] == [
        ("demo", Role.ASSISTANT)
    ]
    assert people[members.stranger] == ()
