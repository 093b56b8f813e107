"""A use case, who may call it, and the world in which it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course, JoinCode
from service.people.actors import Actor
from service.people.models import Account
from service.submissions.models import Submission
from tests.service.conftest import Class


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A course with a graded submission by the student, and one of everybody who may act.

    The classmate is another student of the course. The creator may create courses. Nobody has
    submitted to the assignment `unused`.
    """

    session: Session
    members: Class
    course: Course
    submission: Submission
    unused: Assignment
    code: JoinCode
    actors: dict[str, Actor]

    @property
    def student(self) -> Account:
        """The student whose submission it is."""
        return self.members.ada


ACCOUNTS = {
    "stranger", "classmate", "student", "assistant", "teacher", "other_teacher", "operator",
    "creator",
}  # fmt: skip
EVERYBODY = ACCOUNTS | {"local"}
ENROLLED = {"classmate", "student", "assistant", "teacher"}
STAFF = {"assistant", "teacher", "local"}
TEACHER = {"teacher", "local"}
OPERATORS = {"operator", "local"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """How to call a function as an actor, and who may.

    `hidden` says that someone from outside the course must get NotFound.
    """

    function: Callable[..., Any]
    call: Callable[[World, Any], object]
    may: set[str]
    hidden: bool = True

    @property
    def actors(self) -> set[str]:
        """Everybody whom the function accepts as an actor; some accept accounts only."""
        only_accounts = get_type_hints(self.function)["actor"] is Account
        return ACCOUNTS if only_accounts else EVERYBODY


def of_course(
    function: Callable[..., Any], may: set[str], call: Callable[[World, Any], object]
) -> UseCase:
    """A use case in a course."""
    return UseCase(function=function, call=call, may=may)


def of_installation(
    function: Callable[..., Any], may: set[str], call: Callable[[World, Any], object]
) -> UseCase:
    """A use case outside any course."""
    return UseCase(function=function, call=call, may=may, hidden=False)


def own_or_student(world: World, actor: Any) -> Account:
    """The account that an actor asks about as its own."""
    return actor if isinstance(actor, Account) else world.student
