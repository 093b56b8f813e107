"""The students of a course."""

from __future__ import annotations

import uuid
from itertools import starmap
from typing import NamedTuple, Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.models import Enrolment, Role
from service.errors import NotFound
from service.people.actors import Actor
from service.people.models import Account
from service.people.names import last_name_first
from service.people.personal import normalise_email


class Person(Protocol):
    """Whom a list shows: an account, or a student of a list."""

    @property
    def id(self) -> uuid.UUID:
        """The account's id."""
        ...

    @property
    def email(self) -> str:
        """The e-mail address."""
        ...

    @property
    def name(self) -> str:
        """The whole name."""
        ...

    @property
    def student_number(self) -> str:
        """The number at the school; empty without one."""
        ...


class Student(NamedTuple):
    """A student of a list. A class has a thousand, and accounts take several times as long."""

    id: uuid.UUID
    email: str
    name: str
    student_number: str


def find_student(session: Session, actor: Actor, course_id: uuid.UUID, email: str) -> Account:
    """The student of a course with this e-mail, in upper or lower case; raises NotFound. For staff.

    Somebody who isn't a student of the course isn't found, so nobody learns who has an account.
    """
    require_staff(session, actor, course_id)
    wanted = normalise_email(email)
    student = None
    if "\0" not in wanted:  # PostgreSQL rejects a query with it
        student = session.scalar(_students(course_id).where(Account.email == wanted))
    if student is None:
        message = f"No student of this course has the e-mail {wanted!r}."
        raise NotFound(message, fields={"email": message})
    return student


def list_students(session: Session, actor: Actor, course_id: uuid.UUID) -> list[Account]:
    """The students of a course by e-mail. For staff."""
    require_staff(session, actor, course_id)
    return list(session.scalars(_students(course_id).order_by(Account.email)))


def students_of(session: Session, course_id: uuid.UUID) -> list[Student]:
    """The students of a course by last name. Checks no rights."""
    columns = (Account.id, Account.email, Account.name, Account.student_number)
    rows = session.execute(_students(course_id).with_only_columns(*columns))
    return sorted(
        starmap(Student, rows),
        key=lambda each: (last_name_first(each.name), each.name, each.email),
    )


def _students(course_id: uuid.UUID) -> Select[Account]:
    return (
        select(Account)
        .join(Enrolment)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT)
    )
