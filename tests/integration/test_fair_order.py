"""Real slots of `chainrule up` take gradings in the fair order, and give them back when stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from service.submissions.models import Grading, Status, Submission
from tests.students import engine
from tests.support.embedded import Service, started
from tests.support.ports import wait_for

ASSIGNMENT = "autograd-from-scratch"
LIGHT = engine("right/closures")
HEAVY = "sum(range(30_000_000))\n" + LIGHT  # a moment, each time it is loaded


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with two slots."""
    data_dir = tmp_path_factory.mktemp("fair") / "var"
    with started(data_dir, CHAINRULE_WORKER_CONCURRENCY="2") as service:
        yield service


@pytest.fixture
def database(service: Service) -> Iterator[Engine]:
    """The service's database."""
    engine = create_engine(f"sqlite:///{service.data_dir / 'chainrule.db'}")
    yield engine
    engine.dispose()


def gradings_of(database: Engine, submissions: list[str]) -> list[Grading]:
    """Their gradings, in the order in which they started."""
    with Session(database) as session:
        query = select(Grading).join(Submission).order_by(Grading.started_at)
        return [each for each in session.scalars(query) if str(each.submission_id) in submissions]


def test_a_student_who_floods_has_one_of_two_slots_and_delays_nobody(
    service: Service, database: Engine
) -> None:
    flood, other = service.client(0), service.client(1)
    many = [
        flood.submit(ASSIGNMENT, f"{HEAVY}\nattempt = {number}\n").body["id"] for number in range(4)
    ]
    one = other.submit(ASSIGNMENT, LIGHT).body["id"]
    other.graded(one)
    for submission in many:
        flood.graded(submission)

    (light,) = gradings_of(database, [one])
    heavy = gradings_of(database, many)

    assert {each.status for each in (light, *heavy)} == {Status.DONE}
    for earlier, later in pairwise(heavy):
        assert earlier.finished_at is not None
        assert later.started_at is not None
        assert earlier.finished_at <= later.started_at
    assert light.started_at is not None
    # One may have been claimed in the moment in which the other submission was stored.
    meanwhile = [h for h in heavy if h.started_at and light.queued_at < h.started_at]
    assert sum(h.started_at < light.started_at for h in meanwhile if h.started_at) <= 1


def test_a_slot_that_is_stopped_gives_its_grading_to_another_and_spends_no_try(
    service: Service, database: Engine
) -> None:
    client = service.client(2)
    submission = client.submit(ASSIGNMENT, HEAVY).body["id"]

    def process() -> int:
        (grading,) = gradings_of(database, [submission])
        return int((grading.slot or "0").rpartition(" ")[2])

    wait_for(lambda: process() != 0, what="a slot to claim the grading")
    stopped = process()
    os.kill(stopped, signal.SIGTERM)
    client.graded(submission)

    (grading,) = gradings_of(database, [submission])
    assert (grading.status, grading.tries, grading.interruptions) == (Status.DONE, 1, 0)
    assert process() != stopped


def test_two_slots_say_that_they_are_there(database: Engine) -> None:
    def count() -> int:
        with database.connect() as connection:
            return len(connection.exec_driver_sql("SELECT name FROM slots").all())

    wait_for(lambda: count() == 2, what="both slots")
