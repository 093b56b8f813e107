import pytest
from sqlalchemy.orm import Session

from service.courses.courses import find_course, list_enrolments
from service.errors import NotFound
from tests.service.conftest import Class
from tests.support import factories


def test_a_course_is_found_by_those_who_have_a_place_in_it(
    session: Session, members: Class
) -> None:
    for person in (members.ada, members.assistant, members.teacher):
        assert find_course(session, person, "demo").id == members.course.id
    for person, slug in ((members.stranger, "demo"), (members.ada, "unknown")):
        with pytest.raises(NotFound, match="no such course"):
            find_course(session, person, slug)


def test_places_are_listed_by_the_courses_title(session: Session, members: Class) -> None:
    for title in ("Zoology", "Algebra"):
        factories.enrol(session, factories.make_course(session, title=title), members.ada)
    titles = [place.course.title for place in list_enrolments(session, members.ada)]
    assert titles == ["Algebra", "Backpropagation", "Zoology"]
    assert list_enrolments(session, members.stranger) == []
