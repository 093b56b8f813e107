"""Random graphs are the same for all of an assignment's students, or each student's own."""

from __future__ import annotations

import uuid

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.seeds import MAX_SEED, derive_seed, generate_seed
from service.submissions.models import Submission
from tests.service.conftest import Class, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

SEEDS = st.integers(min_value=1, max_value=MAX_SEED)


def seeds(session: Session) -> dict[tuple[str, int], int]:
    """The seed of every submission's newest grading, by student and attempt."""
    return {
        (each.student.name, each.attempt): each.grading.seed
        for each in session.scalars(select(Submission))
    }


def submit_three_times(client: FlaskClient, members: Class) -> None:
    for student in (members.ada, members.ada, members.blaise):
        assert submit_source(client, members, by=student).status_code == 202


def test_all_students_of_an_assignment_get_the_same_graphs(
    client: FlaskClient, members: Class, session: Session
) -> None:
    submit_three_times(client, members)
    assert set(seeds(session).values()) == {members.assignment.seed}


def test_each_student_can_get_graphs_that_stay_the_same_over_attempts(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.draw_per_student = True
    session.commit()
    submit_three_times(client, members)
    found = seeds(session)
    assert found["Ada", 1] == found["Ada", 2]
    assert len({found["Ada", 1], found["Blaise", 1], members.assignment.seed}) == 3


def test_a_regrade_uses_the_graphs_of_the_first_grading(
    client: FlaskClient, members: Class, session: Session
) -> None:
    report = make_report(make_suite("rules", make_case()))
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    assert done.grading.seed != members.assignment.seed  # it was changed since
    path = f"/api/v1/submissions/{done.id}/regrade"
    assert client.post(path, headers=members.bearer(members.teacher)).status_code == 202
    session.expire_all()
    assert [grading.seed for grading in done.gradings] == [7, 7]


def test_every_assignment_gets_its_own_seed(session: Session, members: Class) -> None:
    other = factories.make_assignment(session, members.course)
    assert 0 < other.seed != members.assignment.seed


@given(SEEDS, st.uuids())
def test_a_derived_seed_fits_any_database_and_is_never_0(seed: int, student: uuid.UUID) -> None:
    assert 1 <= derive_seed(seed, student) <= MAX_SEED
    assert derive_seed(seed, student) == derive_seed(seed, student)
    assert 1 <= generate_seed() <= MAX_SEED
