"""`chainrule user`: accounts, and their places in courses."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import click

from service.cli.database import books, find_account, find_course, look_up_account
from service.cli.errors import Refused
from service.cli.options.terms import Filled

if TYPE_CHECKING:
    from service.people.models import Account

ROLES = click.Choice(["student", "assistant", "teacher"])


@click.group()
def user() -> None:
    """Manage accounts."""


@user.command("add", short_help="Create an account, or enrol one that exists.")
@click.argument("email")
@click.option("--name", type=Filled(), metavar="NAME", help="The person's name, for a new account.")
@click.option(
    "--student-number",
    default="",
    metavar="NUMBER",
    help="The number that your university knows them by.",
)
@click.option("--course", "slug", metavar="COURSE", help="Enrol in this course.")
@click.option("--role", type=ROLES, default="student", show_default=True)
def add_user(
    email: str, name: str | None, student_number: str, slug: str | None, role: str
) -> None:
    """Create an account, or enrol one that exists; prints the password that was drawn."""
    from service.courses.models import Enrolment, Role
    from service.people.models import Account

    email = email.strip().lower()
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise Refused(f"{email!r} is not an e-mail address.")
    told = [f"{email} has an account already; its name and password are kept."]
    with books() as session:
        account = look_up_account(session, email)
        if account is None:
            if name is None:
                raise Refused(f"There is no account {email} yet: give the person's name by --name.")
            account = Account(email=email, name=name, student_number=student_number)
            session.add(account)
            password = _give_password(account)
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
    from sqlalchemy.orm import joinedload

    from service.courses.models import Enrolment
    from service.people.models import Account

    with books() as session:
        places: dict[uuid.UUID, list[str]] = {}
        for place in session.scalars(select(Enrolment).options(joinedload(Enrolment.course))):
            places.setdefault(place.account_id, []).append(f"{place.course.slug}: {place.role}")
        for account in session.scalars(select(Account).order_by(Account.email)):
            told = ", ".join(sorted(places.get(account.id, [])))
            click.echo(f"{account.email}  {account.name}  {told}".rstrip())


@user.command("password", short_help="Draw a new password for an account.")
@click.argument("email")
@click.option("--end-tokens", is_flag=True, help="Revoke the account's API tokens too.")
def draw_password(email: str, end_tokens: bool) -> None:
    """Draw a new password for an account; its sessions end, its tokens only with --end-tokens."""
    from service.people.tokens import revoke_token, tokens_of

    with books() as session:
        account = find_account(session, email)
        password = _give_password(account)
        tokens = tokens_of(session, account)
        for token in tokens if end_tokens else ():
            revoke_token(token)
    click.echo(f"{account.email}  password: {password}")
    if tokens and end_tokens:
        click.echo(f"Its API tokens are revoked: {len(tokens)}.")
    elif tokens:
        click.echo(
            f"API tokens that stay valid: {len(tokens)}. To end them:\n"
            f"  chainrule token revoke {account.email} --all"
        )


def _give_password(account: Account) -> str:
    """Draw a password for the account; returns it, as only its hash is kept."""
    import secrets

    from service.people.passwords import hash_password

    password = secrets.token_urlsafe(12)
    account.password_hash = hash_password(password)
    return password
