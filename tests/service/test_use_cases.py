"""Every use case checks its actor: one table says who may do what, and all others are rejected."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import service
from service.audit.models import AuditEntry
from service.courses import courses, join_codes
from service.courses.models import Enrolment, Extension, JoinCode, Role
from service.errors import Forbidden, NotFound
from service.marks.models import Comment, RegradeStatus
from service.people import own
from service.people.actors import LocalOperator
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.web.view.audit import ACTIONS
from tests.service.conftest import install, make_class, make_settings, read_class, read_row
from tests.service.use_cases import USE_CASES
from tests.service.use_cases.case import ENROLLED, UseCase, World
from tests.service.use_cases.unchecked import ENTRIES, WITHOUT_ACTOR, WITHOUT_ENTRY
from tests.support import factories
from tests.support.factories import make_case, make_counterexample, make_report, make_suite

# Packages without use cases. Every other package of the service is a domain.
OTHERS = {"cli", "embedded", "errors", "feedback", "store", "web"}
DOMAINS = [
    found.name
    for found in pkgutil.iter_modules(service.__path__)
    if found.ispkg and found.name not in OTHERS
]
# They show and change only what is the actor's own, so nobody is rejected.
FOR_EVERYBODY = {
    courses.list_enrolments,
    courses.may_create_courses,
    join_codes.join,  # for everybody who has the code
    own.change_own_name,
    own.change_own_password,
}
STUDENTS = {"student", "classmate", "stranger"}  # what they do for themselves is no change by staff
# A slug or a value of an enum, a moment, an id, or a time zone. No name and no sentence.
IMPERSONAL = re.compile(r"[a-z0-9_-]+|\d{4}-\d\d-\d\dT[\d:]{8}Z|UTC|[A-Z]\w+/\w+")


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('service.')}.{function.__name__}"


def functions_with_a_session() -> Iterator[Callable[..., Any]]:
    for domain in DOMAINS:
        package = importlib.import_module(f"service.{domain}")
        for found in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{found.name}")
            for name, function in inspect.getmembers(module, inspect.isfunction):
                is_own = function.__module__ == module.__name__ and not name.startswith("_")
                if is_own and "session" in inspect.signature(function).parameters:
                    yield function


def test_the_domains_are_found() -> None:
    assert {"people", "courses", "submissions", "marks"} <= set(DOMAINS)


def test_every_use_case_rejects_somebody() -> None:
    open_to_all = {case.function for case in USE_CASES if case.may >= case.actors}
    assert open_to_all == FOR_EVERYBODY


def make_world(session: Session) -> World:
    """Store everything that the use cases of the table need."""
    members = make_class(session)
    suite = make_suite("rules", make_case("sum"))
    report = make_report(suite, counterexample=make_counterexample())
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    elsewhere = factories.make_assignment(session, members.course, "regraded")
    regraded = factories.make_graded(session, elsewhere, members.ada, report)
    for ordinal, status in ((2, RegradeStatus.APPLIED), (3, RegradeStatus.RUNNING)):
        factories.make_regrade(session, regraded, report, status=status, ordinal=ordinal)
    failed = factories.make_submission(session, elsewhere, members.blaise)
    factories.give_up(failed.grading)
    session.add(Comment(submission_id=submission.id, text="Why?", author=members.teacher))
    others = {
        name: factories.make_account(session, name)
        for name in ("other_teacher", "operator", "creator")
    }
    extension = Extension(
        assignment_id=members.assignment.id, account_id=members.ada.id, attempt_limit=3
    )
    session.add(extension)
    another = factories.make_course(session)
    factories.enrol(session, another, others["other_teacher"], Role.TEACHER)
    unused = factories.make_assignment(session, members.course, "unused")
    others["operator"].operator = True
    others["creator"].may_create_courses = True
    code = JoinCode(course=members.course, code="K7QF3MXD9T", expires_at=now() + timedelta(days=1))
    session.add(code)
    session.get_one(Enrolment, (members.course.id, members.ada.id)).may_reset = True
    session.commit()
    return World(
        session=session,
        members=members,
        course=members.course,
        submission=submission,
        unused=unused,
        code=code,
        actors={
            "stranger": members.stranger,
            "classmate": members.blaise,
            "student": members.ada,
            "assistant": members.assistant,
            "teacher": members.teacher,
            "local": LocalOperator(),
            **others,
        },
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, World]:
    """A database file with the world of the table, and that world."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(blank, folder)
    engine = make_engine(make_settings(folder))
    with make_sessions(engine)() as session:
        world = make_world(session)
    engine.dispose()
    return folder / "chainrule.db", world


@pytest.fixture
def settings(tmp_path: Path, stored: tuple[Path, World]) -> Settings:
    """An installation with that world."""
    file, _ = stored
    return install(file, tmp_path)


@pytest.fixture
def world(session: Session, stored: tuple[Path, World]) -> World:
    """The world of the table, with rows of this test's session."""
    _, world = stored
    found = World(
        session=session,
        members=read_class(session, world.members),
        course=read_row(session, world.course),
        submission=read_row(session, world.submission),
        unused=read_row(session, world.unused),
        code=read_row(session, world.code),
        actors={
            name: read_row(session, actor) if isinstance(actor, Account) else actor
            for name, actor in world.actors.items()
        },
    )
    session.commit()  # reading took the writer's lock
    return found


def test_every_use_case_takes_an_actor_and_has_an_entry_in_the_table() -> None:
    found = {name_of(function) for function in functions_with_a_session()}
    listed = {name_of(each.function) for each in USE_CASES}
    exempt = {name_of(function) for function in WITHOUT_ACTOR}
    assert found == listed | exempt
    assert not listed & exempt
    for each in USE_CASES:
        assert list(inspect.signature(each.function).parameters)[:2] == ["session", "actor"]


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda each: name_of(each.function))
def test_those_who_may_not_are_rejected_and_change_nothing(world: World, use_case: UseCase) -> None:
    before = dump(world.session)
    for name in sorted(use_case.actors - use_case.may):
        outside = name not in ENROLLED
        expected = NotFound if use_case.hidden and outside else (Forbidden, NotFound)
        with pytest.raises(expected):
            use_case.call(world, world.actors[name])
        world.session.commit()
        assert dump(world.session) == before, name


@pytest.mark.parametrize(
    ("use_case", "name"),
    [(each, name) for each in USE_CASES for name in sorted(each.may)],
    ids=lambda each: name_of(each.function) if isinstance(each, UseCase) else each,
)
def test_those_who_may_are_served_and_each_change_is_one_entry_of_the_audit(
    world: World, use_case: UseCase, name: str
) -> None:
    assert name in use_case.actors
    actor, before, known = world.actors[name], dump(world.session), entries(world.session)
    use_case.call(world, actor)
    world.session.commit()
    changes = set(dump(world.session)) ^ set(before)
    is_change = any(AuditEntry.__tablename__ not in line for line in changes)
    new = entries(world.session)[len(known) :]
    if name not in STUDENTS:
        expected = 0 if use_case.function in WITHOUT_ENTRY else ENTRIES.get(use_case.function, 1)
        assert len(new) == (expected if is_change else 0)
    for entry in new:
        assert entry.actor_id == (actor.id if isinstance(actor, Account) else None)
        assert re.fullmatch(r"[a-z_]+\.[a-z_]+", entry.action)
        assert entry.action in ACTIONS  # in words on the page
        for text in [*texts(entry.before), *texts(entry.after)]:
            assert IMPERSONAL.fullmatch(text), text


def test_a_use_case_that_writes_no_entry_is_in_the_table() -> None:
    assert WITHOUT_ENTRY.keys() <= {each.function for each in USE_CASES}


def entries(session: Session) -> list[AuditEntry]:
    """All entries of the audit, in the order in which they were written."""
    return list(session.scalars(select(AuditEntry).order_by(AuditEntry.happened_at)))


def texts(value: object) -> Iterator[str]:
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def dump(session: Session) -> list[str]:
    """The whole database as SQL."""
    connection: Any = session.connection().connection.driver_connection
    return list(connection.iterdump())


def test_only_commands_and_the_embedded_service_act_as_the_local_operator() -> None:
    folder = Path(inspect.getfile(service)).parent
    makers = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "LocalOperator" in ast.unparse(node.func):
                makers.add(file.relative_to(folder).parts[0])
    assert makers == {"cli", "embedded"}
