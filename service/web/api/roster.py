"""The people of a course."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, Response
from pydantic import Field, WithJsonSchema
from sqlalchemy.orm import Session

from service.courses import roster
from service.courses.courses import find_course
from service.courses.models import Role
from service.courses.roster_file import LineMessage, read_csv, read_json
from service.courses.roster_import import Outcome, import_roster
from service.people.models import Account
from service.web.api.operation import Answer, Body, BodyList, Csv, Query, operation
from service.web.bodies import ROSTER

blueprint = Blueprint("api_roster", __name__)


class PersonAnswer(Answer):
    """A person in a course. `has_password` says whether they can sign in on pages."""

    email: str
    name: str
    student_number: str
    role: Role
    has_password: bool


class RosterAnswer(Answer):
    """The people of a course, by name."""

    people: list[PersonAnswer]


class RosterRow(Body):
    """A person: a new one needs a name, and is a student unless `role` says otherwise."""

    email: str
    name: str | None = None
    student_number: str | None = None
    role: str | None = None


class RosterRows(BodyList[list[RosterRow]]):
    """The rows of a roster."""


class ImportQuery(Query):
    """How to import."""

    dry_run: Annotated[
        int,
        Field(ge=0, le=1),
        WithJsonSchema({"enum": [0, 1]}),
        Field(description="1 changes nothing: the answer says what an import would do."),
    ] = 0


class LineAnswer(Answer):
    """Something about a line of the roster. The lines of JSON count from 1."""

    line: int
    message: str


class ImportAnswer(Answer):
    """How many people were added, changed and left as they were, or would be.

    With an error, nothing was changed: `applied` is false. `notes` say which names and numbers
    weren't used, because the account isn't this course's alone.
    """

    added: int
    changed: int
    unchanged: int
    errors: list[LineAnswer]
    notes: list[LineAnswer]
    applied: bool


@blueprint.get("/courses/<course>/roster")
@operation("List the people of a course (staff)", errors=(403,))
def read(actor: Account, session: Session, course: str) -> RosterAnswer:
    """List the people of a course."""
    found = find_course(session, actor, course)
    return RosterAnswer(
        people=[
            PersonAnswer(
                email=each.account.email,
                name=each.account.name,
                student_number=each.account.student_number,
                role=each.role,
                has_password=each.account.password_hash is not None,
            )
            for each in roster.list_people(session, actor, found)
        ]
    )


@blueprint.post("/courses/<course>/roster")
@operation(
    "Import a roster: add and change people (teachers)",
    errors=(403, 409),
    limit=ROSTER,
)
def import_rows(
    actor: Account, session: Session, course: str, query: ImportQuery, body: RosterRows | Csv
) -> ImportAnswer:
    """Add and change people, all of them or nobody."""
    found = find_course(session, actor, course)
    if isinstance(body, Csv):
        given = read_csv(body.content)
    else:
        given = read_json([row.model_dump() for row in body.root])
    result = import_roster(session, actor, found, given, dry_run=bool(query.dry_run))
    return ImportAnswer(
        added=result.count(Outcome.ADDED),
        changed=result.count(Outcome.CHANGED),
        unchanged=result.count(Outcome.UNCHANGED),
        errors=_to_answers(result.errors),
        notes=_to_answers(result.notes),
        applied=result.applied,
    )


@blueprint.delete("/courses/<course>/roster/<email>")
@operation("End somebody's enrolment; submissions stay (teachers)", status=204, errors=(403, 409))
def remove(actor: Account, session: Session, course: str, email: str) -> Response:
    """Unenrol a person."""
    roster.unenrol(session, actor, find_course(session, actor, course), email)
    return Response(status=204)


def _to_answers(messages: tuple[LineMessage, ...]) -> list[LineAnswer]:
    return [LineAnswer(line=each.line, message=each.message) for each in messages]
