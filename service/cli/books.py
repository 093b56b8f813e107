"""`chainrule db`, `user`, `token`, `course`: what an operator does to the books."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.models import Account, Course

ROLES = click.Choice(["student", "assistant", "teacher"])


@contextlib.contextmanager
def books() -> Iterator[Session]:
    """A session on the configured database, committed at the end."""
    from service.db import make_engine, make_sessions
    from service.settings import Settings

    engine = make_engine(Settings.from_env())
    try:
        with make_sessions(engine).begin() as session:
            yield session
    finally:
        engine.dispose()


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date; safe to run again."""
    from service.db import upgrade as run
    from service.settings import Settings

    run(Settings.from_env())
    click.echo("The database is up to date.")


@click.group()
def user() -> None:
    """Manage accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--student-number", default="", help="The number that your university knows them by.")
@click.option("--course", "slug", help="Enrol in this course.")
@click.option("--role", type=ROLES, default="student", show_default=True)
def add_user(email: str, name: str, student_number: str, slug: str | None, role: str) -> None:
    """Create an account, or enrol one that exists; prints the password that was drawn."""
    from service.auth import hash_password
    from service.models import Account, Enrolment, Role

    email = email.strip().lower()
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise click.UsageError(f"{email!r} is not an e-mail address.")
    told = [f"{email} has an account already; its name and password are kept."]
    with books() as session:
        account = _account(session, email)
        if account is None:
            password = _draw_password()
            account = Account(email=email, name=name, student_number=student_number)
            account.password_hash = hash_password(password)
            session.add(account)
            told = [f"{email}  password: {password}"]
        if slug is not None:
            session.flush()
            place = Enrolment(
                course_id=find_course(session, slug).id, account_id=account.id, role=Role(role)
            )
            session.merge(place)
            told.append(f"{email} is {role} in {slug}.")
    click.echo("\n".join(told))  # only what is in the books by now


@user.command("list")
def list_users() -> None:
    """List accounts with their courses."""
    from sqlalchemy import select
    from sqlalchemy.orm import joinedload, selectinload

    from service.models import Account, Enrolment

    load = selectinload(Account.enrolments).options(joinedload(Enrolment.course))
    with books() as session:
        for account in session.scalars(select(Account).options(load).order_by(Account.email)):
            places = ", ".join(f"{place.course.slug}: {place.role}" for place in account.enrolments)
            click.echo(f"{account.email}  {account.name}  {places}".rstrip())


@user.command("password")
@click.argument("email")
def draw_password(email: str) -> None:
    """Draw a new password for an account; its sessions end."""
    from service.auth import hash_password

    with books() as session:
        account = _require_account(session, email)
        password = _draw_password()
        account.password_hash = hash_password(password)
    click.echo(f"{account.email}  password: {password}")


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command("new")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
def new_token(email: str, name: str) -> None:
    """Make a token for an account and print it: it is shown this once."""
    from service.auth import make_token

    with books() as session:
        text = make_token(session, _require_account(session, email), name)
    click.echo(text)


@token.command("revoke")
@click.argument("text")
def revoke_token(text: str) -> None:
    """Make a token useless from now on."""
    from service.auth import find_token, revoke_token

    with books() as session:
        found = find_token(session, text)
        if found is None:
            raise click.UsageError("No such token is in use.")
        revoke_token(found)
    click.echo("The token is revoked.")


@click.group()
def course() -> None:
    """Manage courses."""


@course.command("add")
@click.argument("slug")
@click.option("--title", required=True)
def add_course(slug: str, title: str) -> None:
    """Create a course; SLUG is its address."""
    from service.models import Course

    with books() as session:
        if _look_up_course(session, slug) is not None:
            raise click.UsageError(f"There is a course {slug} already.")
        session.add(Course(slug=checked_slug(slug), title=title))
    click.echo(
        f"Course {slug} is there. Next, its teacher: "
        f"chainrule user add EMAIL --name NAME --course {slug} --role teacher"
    )


def _draw_password() -> str:
    import secrets

    return secrets.token_urlsafe(12)


def checked_slug(text: str) -> str:
    if not text.replace("-", "").isalnum() or not text.isascii() or text != text.lower():
        raise click.UsageError(
            f"{text!r}: an address has lower-case letters, digits and hyphens only."
        )
    return text


def _account(session: Session, email: str) -> Account | None:
    from sqlalchemy import select

    from service.models import Account

    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def _require_account(session: Session, email: str) -> Account:
    account = _account(session, email)
    if account is None:
        raise click.UsageError(f"There is no account {email}. See: chainrule user list")
    return account


def _look_up_course(session: Session, slug: str) -> Course | None:
    from sqlalchemy import select

    from service.models import Course

    return session.scalar(select(Course).where(Course.slug == slug))


def find_course(session: Session, slug: str) -> Course:
    course = _look_up_course(session, slug)
    if course is None:
        raise click.UsageError(
            f"There is no course {slug}. Create it: chainrule course add {slug} --title TITLE"
        )
    return course
