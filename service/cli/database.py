"""The database, as commands open it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.errors import CommandError
from service.cli.installation import read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.courses.models import Assignment, Course
    from service.people.actors import LocalOperator
    from service.people.models import Account
    from service.settings import Settings


@contextlib.contextmanager
def open_database() -> Iterator[tuple[Session, LocalOperator]]:
    """A session on the configured database, and the actor that commands act as.

    The errors of use cases become messages of the command.
    """
    from service.errors import ServiceError
    from service.people.actors import LocalOperator
    from service.store.database import make_engine, make_sessions

    settings = read_settings()
    require_database(settings)
    engine = make_engine(settings)
    try:
        with make_sessions(engine)() as session:
            yield session, LocalOperator()
    except ServiceError as error:
        raise CommandError(error.message) from None
    except UnicodeEncodeError:
        raise CommandError("A word of this command is not UTF-8 text. Type it again.") from None
    finally:
        engine.dispose()


def find_account(session: Session, actor: LocalOperator, email: str) -> Account:
    """The account with this e-mail; the message for an unknown one says how to list them."""
    from service.errors import NotFound
    from service.people import accounts

    try:
        return accounts.find_account(session, actor, email)
    except NotFound as error:
        raise CommandError(f"{error.message} See: chainrule user list") from None


def find_course(session: Session, actor: LocalOperator, slug: str) -> Course:
    """The course with this slug; the message for an unknown one says how to create it."""
    from service.courses import courses
    from service.errors import NotFound

    try:
        return courses.find_course(session, actor, slug)
    except NotFound:
        raise CommandError(
            f"There is no course {slug}. Create it: chainrule course add {slug} --title TITLE"
        ) from None


def find_assignment(session: Session, actor: LocalOperator, course: str, slug: str) -> Assignment:
    """The assignment of a course with this slug; the message for an unknown one lists them."""
    found = find_course(session, actor, course)
    for each in found.assignments:
        if each.slug == slug:
            return each
    known = ", ".join(each.slug for each in found.assignments) or "none yet"
    raise CommandError(f"There is no assignment {slug} in {course}. There are: {known}.")


def require_database(settings: Settings) -> None:
    """Raise CommandError if there is no database. SQLite would create an empty one."""
    from sqlalchemy.engine import make_url

    url = make_url(settings.database_url)
    file = url.database if url.get_backend_name() == "sqlite" else None
    if file and not Path(file).exists():
        raise CommandError(
            f"There is no database at {file}. If the service runs in another folder, name its data "
            "folder: CHAINRULE_DATA_DIR=/path/to/var chainrule ... Else create the database: "
            "chainrule db upgrade"
        )
