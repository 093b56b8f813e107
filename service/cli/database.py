"""The books as commands open them, and what they look up there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from service.cli.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.courses.models import Course
    from service.people.models import Account


@contextlib.contextmanager
def books() -> Iterator[Session]:
    """A session on the configured database, committed at the end; says no to what is no text."""
    from service.settings import Settings
    from service.store.database import make_engine, make_sessions

    engine = make_engine(Settings.from_env())
    try:
        with make_sessions(engine).begin() as session:
            yield session
    except UnicodeEncodeError:
        raise Refused("A word of this command is not UTF-8 text: type it anew.") from None
    finally:
        engine.dispose()


def checked_slug(text: str) -> str:
    """The address as given; says no where it would not do for one."""
    if not text.replace("-", "").isalnum() or not text.isascii() or text != text.lower():
        raise Refused(f"{text!r}: an address has lower-case letters, digits and hyphens only.")
    return text


def look_up_account(session: Session, email: str) -> Account | None:
    """The account with this e-mail, in whatever case it is given."""
    from sqlalchemy import select

    from service.people.models import Account

    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def find_account(session: Session, email: str) -> Account:
    """The account with this e-mail; says no where there is none."""
    account = look_up_account(session, email)
    if account is None:
        raise Refused(f"There is no account {email}. See: chainrule user list")
    return account


def look_up_course(session: Session, slug: str) -> Course | None:
    """The course at this address."""
    from sqlalchemy import select

    from service.courses.models import Course

    return session.scalar(select(Course).where(Course.slug == slug))


def find_course(session: Session, slug: str) -> Course:
    """The course at this address; says no where there is none."""
    course = look_up_course(session, slug)
    if course is None:
        raise Refused(
            f"There is no course {slug}. Create it: chainrule course add {slug} --title TITLE"
        )
    return course
