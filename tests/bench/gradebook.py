"""CPU time of a gradebook of 1,000 students and 200,000 gradings, on PostgreSQL.

The page of one of its assignments has 19,000 submissions.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course, Enrolment, Role
from service.marks.models import Override
from service.people.models import Account
from service.store.base import now
from service.store.database import make_sessions
from service.store.schema import upgrade
from service.submissions.models import Grading, Status, Submission
from service.submissions.suites_digest import digest_of_assignment
from service.supervision.collector import freeze_objects
from service.web.app import create_app
from service.web.request import EXTENSION
from tests.service.conftest import make_settings, signed_in
from tests.support import factories
from tests.support.servers import postgres
from tests.support.sql_statements import queries
from worker.report.tally import Failure, Tally

STUDENTS, ASSIGNMENTS, ATTEMPTS = 1_000, 10, 20
ROUNDS = 5
FIRST = ("Ada", "Émile", "Grace", "Kurt", "Ludwig van", "Mary", "Noor", "Sofia", "Tomás", "Wei")
LAST = ("Lovelace", "Noether", "Hopper", "Gödel", "Beethoven", "Shelley", "García", "Kowalevski")
PAGES = {
    "by name": "",
    "by total": "?sort=-total",
    "by a mark": "?sort=mark:task-3",
    "late": "?show=late",
    "below 50 %": "?show=below",
    "set by hand": "?show=overridden",
    "older version": "?show=older",
    "not submitted": "?show=not_submitted",
    "search": "?q=noether",
}


def measure() -> dict[str, float]:
    """Milliseconds of CPU of this process for each page, and of an empty page beside it."""
    figures: dict[str, float] = {}
    with (
        postgres() as url,
        tempfile.TemporaryDirectory() as folder,
        _application(url, folder) as app,
    ):
        engine = app.extensions[EXTENSION].engine
        with make_sessions(engine)() as session:
            course, teacher = fill(session, STUDENTS, ASSIGNMENTS, ATTEMPTS)
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
        client = signed_in(app, teacher)
        freeze_objects()  # as the server does
        address = f"/courses/{course.slug}/gradebook"
        figures["gradebook: an empty page, CPU ms"], _ = _time(client, "/learn/order")
        for name, query in PAGES.items():
            cpu, wall = _time(client, address + query)
            figures[f"gradebook of {STUDENTS:,}, {name}, CPU ms (target 100)"] = cpu
            figures[f"gradebook of {STUDENTS:,}, {name}, with PostgreSQL, ms"] = wall
        cpu, wall = _time(client, f"/courses/{course.slug}/assignments/task-1")
        figures[f"assignment of {STUDENTS:,}, CPU ms"] = cpu
        figures[f"assignment of {STUDENTS:,}, with PostgreSQL, ms"] = wall
        with queries(engine) as seen:
            client.get(address + "?sort=-total")
        _show_plans(engine, seen)
    return figures


def fill(
    session: Session, students: int, assignments: int, attempts: int
) -> tuple[Course, Account]:
    """A course in which each student has so many graded attempts at each assignment."""
    chance = random.Random(7)
    course = factories.make_course(session, "bench")
    teacher = factories.enrol(session, course, factories.make_account(session), Role.TEACHER)
    moment = now() - timedelta(days=30)
    tasks = [
        factories.make_assignment(
            session, course, f"task-{number}", title=f"Task {number}", deadline=moment
        )
        for number in range(1, assignments + 1)
    ]
    people = [
        {
            "id": uuid.uuid4(),
            "email": f"s{number}@example.edu",
            "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        }
        for number in range(students)
    ]
    session.execute(insert(Account), people)
    enrolled = [
        {"course_id": course.id, "account_id": person["id"], "role": Role.STUDENT}
        for person in people
    ]
    session.execute(insert(Enrolment), enrolled)
    for task in tasks:
        _add_attempts(session, task, teacher, people, attempts, chance)
    session.commit()
    return course, teacher


def _add_attempts(
    session: Session,
    task: Assignment,
    teacher: Account,
    people: list[dict[str, Any]],
    attempts: int,
    chance: random.Random,
) -> None:
    submissions, gradings, overrides = [], [], []
    digest = digest_of_assignment(task)
    # Other assignments have none, so that making the course doesn't take minutes.
    tallies = [_make_tally(chance) for _ in range(200)] if task.slug == "task-1" else [None]
    assert task.deadline is not None
    for person in people:
        if chance.random() < 0.05:
            continue
        for attempt in range(1, attempts + 1):
            moment = task.deadline + timedelta(hours=chance.randint(-400, 10))
            submission = uuid.uuid4()
            submissions.append(
                {
                    "id": submission,
                    "assignment_id": task.id,
                    "student_id": person["id"],
                    "attempt": attempt,
                    "filename": "value.py",
                    "source": factories.SOURCE,
                    "sha256": f"{chance.getrandbits(7 if attempt == 1 else 128):064x}",
                    "submitted_at": moment,
                }
            )
            gradings.append(
                {
                    "id": uuid.uuid4(),
                    "submission_id": submission,
                    "student_id": person["id"],
                    "course_id": task.course_id,
                    "status": Status.DONE,
                    "seed": 7,
                    "queued_at": moment,
                    "enqueued_at": moment,
                    "finished_at": moment,
                    "score": round(chance.uniform(0, 100), 2),
                    "max_score": 100.0,
                    "problem": "syntax_error" if chance.random() < 0.03 else None,
                    "suites_digest": digest if chance.random() < 0.9 else "older",
                    "tally": chance.choice(tallies),
                }
            )
        if chance.random() < 0.03:
            overrides.append(
                {
                    "assignment_id": task.id,
                    "student_id": person["id"],
                    "submission_id": submission,
                    "score": 80.0,
                    "max_score": 100.0,
                    "reason": "Seen in class.",
                    "author_id": teacher.id,
                }
            )
    session.execute(insert(Submission), submissions)
    session.execute(insert(Grading), gradings)
    if overrides:
        session.execute(insert(Override), overrides)


def _make_tally(chance: random.Random) -> dict[str, Any]:
    """As of an engine with up to three mistakes, which fails a fifth of 90 tests."""
    keys = chance.sample([f"mistake-{number}" for number in range(25)], chance.choice((0, 1, 1, 3)))
    cases: dict[str, Failure | None] = {
        f"case-{number}": None
        if chance.random() < 0.8
        else Failure(f"Topic {number}", f"Graph {number}", None)
        for number in range(90)
    }
    titles = tuple(key.capitalize() for key in keys)
    return Tally({"rules": cases}, diagnoses=tuple(keys), titles=titles).to_json()


@contextlib.contextmanager
def _application(url: str, folder: str) -> Iterator[Flask]:
    settings = make_settings(Path(folder), CHAINRULE_DATABASE_URL=url)
    upgrade(settings)
    (Path(folder) / "broker").mkdir(exist_ok=True)
    app = create_app(settings)
    try:
        yield app
    finally:
        app.extensions[EXTENSION].close()


def _time(client: Any, address: str) -> tuple[float, float]:
    """Medians of milliseconds: CPU of this process, and as the clock counts."""
    client.get(address)
    cpu, wall = [], []
    for _ in range(ROUNDS):
        start, began = time.process_time(), time.perf_counter()
        assert client.get(address).status_code == 200
        cpu.append((time.process_time() - start) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    return statistics.median(cpu), statistics.median(wall)


def _show_plans(engine: Engine, seen: list[Any]) -> None:
    """How PostgreSQL answers each query of a page that needs all marks."""
    with engine.connect() as connection:
        for statement in seen:
            print(f"-- {' '.join(statement.text.split())[:100]}")
            rows = connection.exec_driver_sql(
                f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement.text}", statement.parameters
            )
            for row in rows:
                print(f"   {row[0]}")


if __name__ == "__main__":
    for figure, value in measure().items():
        print(f"{figure:70} {value:10.3g}", flush=True)
