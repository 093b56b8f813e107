"""`chainrule user`: accounts, and their roles in courses."""

from __future__ import annotations

from types import EllipsisType
from typing import BinaryIO

import click

from service.cli.database import find_account, find_course, open_database
from service.cli.errors import CommandError

ROLES = click.Choice(["student", "assistant", "teacher"])
CREATES: dict[str | None, bool | EllipsisType | None] = {
    None: ...,  # it stays
    "yes": True,
    "no": False,
    "as teacher": None,
}
NUMBER = "The number by which your university knows the person."


@click.group()
def user() -> None:
    """Manage accounts."""


@user.command("add", short_help="Create an account, or enrol one that exists.")
@click.argument("email")
@click.option("--name", metavar="NAME", help="The person's name, for a new account.")
@click.option("--student-number", default="", metavar="NUMBER", help=NUMBER)
@click.option("--course", "slug", metavar="COURSE", help="Enrol in this course.")
@click.option("--role", type=ROLES, default="student", show_default=True)
def add_user(
    email: str, name: str | None, student_number: str, slug: str | None, role: str
) -> None:
    """Create an account, or enrol one that exists; prints the password of a new account.

    The role of a person who is enrolled already is changed.
    """
    from service.courses.models import Role
    from service.courses.roster import enrol
    from service.errors import NotFound
    from service.people import accounts

    with open_database() as (session, actor):
        course = None if slug is None else find_course(session, actor, slug)
        try:
            account = accounts.find_account(session, actor, email)
            click.echo(f"{account.email} has an account already; its name and password stay.")
        except NotFound as error:
            if name is None:
                raise CommandError(
                    f"{error.message} To create it, add the person's --name."
                ) from None
            password = accounts.generate_password()
            account = accounts.create_account(
                session,
                actor,
                email=email,
                name=name,
                student_number=student_number,
                password=password,
            )
            click.echo(f"{account.email}  password: {password}")
        if course is not None:
            enrol(session, actor, course, account, Role(role))
            click.echo(f"{account.email} is {role} in {course.slug}.")


@user.command("import", short_help="Import a roster into a course.")
@click.argument("file", type=click.File("rb"))
@click.option("--course", "slug", metavar="COURSE", required=True, help="Into this course.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def import_users(file: BinaryIO, slug: str, dry_run: bool) -> None:
    """Import a roster: CSV with the titles e-mail, name, student number and role.

    All rows are imported, or none. New accounts have no password: make one-time links for them on
    the course's page "People".
    """
    from service.courses.roster_file import read_csv
    from service.courses.roster_import import Outcome, import_roster

    with open_database() as (session, actor):
        course = find_course(session, actor, slug)
        result = import_roster(session, actor, course, read_csv(file.read()), dry_run=dry_run)
        if result.errors:
            lines = [f"line {error.line}: {error.message}" for error in result.errors]
            raise CommandError("Nothing was imported.\n" + "\n".join(lines))
        counts = ", ".join(f"{result.count(outcome)} {outcome}" for outcome in Outcome)
        click.echo(f"Nothing was changed. It would be: {counts}." if dry_run else f"{counts}.")


@user.command("change", short_help="Change an account.")
@click.argument("email")
@click.option("--name", metavar="NAME", help="The person's name.")
@click.option("--student-number", metavar="NUMBER", help=NUMBER)
@click.option("--operator/--no-operator", default=None, help="Whether they run the installation.")
@click.option("--may-create-courses", "creates", flag_value="yes", help="They may create courses.")
@click.option(
    "--may-not-create-courses", "creates", flag_value="no", help="They may not, even as teachers."
)
@click.option(
    "--may-create-courses-as-teacher",
    "creates",
    flag_value="as teacher",
    help="They may if they teach a course. This is usual.",
)
def change_user(
    email: str,
    name: str | None,
    student_number: str | None,
    operator: bool | None,
    creates: str | None,
) -> None:
    """Change an account; what isn't given stays as it is."""
    from service.people.accounts import change_account

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        change_account(
            session,
            actor,
            account,
            name=name,
            student_number=student_number,
            operator=operator,
            may_create_courses=CREATES[creates],
        )
        flags = {
            "operator": account.operator,
            "may create courses": account.may_create_courses,
            "may not create courses": account.may_create_courses is False,
        }
        given = ", ".join(flag for flag, is_set in flags.items() if is_set)
        click.echo(f"{account.email}  {account.name}  {account.student_number}  {given}".rstrip())


@user.command("list")
def list_users() -> None:
    """List accounts with their courses."""
    from service.courses.roster import list_everyone

    with open_database() as (session, actor):
        for person in list_everyone(session, actor):
            roles = ", ".join(f"{each.course.slug}: {each.role}" for each in person.enrolments)
            click.echo(f"{person.account.email}  {person.account.name}  {roles}".rstrip())


@user.command("password", short_help="Set a new random password.")
@click.argument("email")
@click.option("--end-tokens", is_flag=True, help="Revoke the account's API tokens too.")
def reset_password(email: str, end_tokens: bool) -> None:
    """Set a new random password; sessions end, API tokens only with --end-tokens."""
    from service.people import accounts
    from service.people.tokens import list_tokens

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        tokens = list_tokens(session, actor, account)
        password = accounts.reset_password(session, actor, account, end_tokens=end_tokens)
        click.echo(f"{account.email}  password: {password}")
        if tokens and end_tokens:
            click.echo(f"API tokens revoked: {len(tokens)}.")
        elif tokens:
            click.echo(
                f"API tokens that stay valid: {len(tokens)}. To end them:\n"
                f"  chainrule token revoke {account.email} --all"
            )


@user.command("sign-out", short_help="Sign an account out in every browser.")
@click.argument("email")
def sign_out(email: str) -> None:
    """Sign an account out in every browser. Its password and API tokens stay valid."""
    from service.people.sessions import end_all_sessions

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        end_all_sessions(session, actor, account)
        click.echo(f"{account.email} is signed out in every browser.")
