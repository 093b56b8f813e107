"""`chainrule user`: accounts, and their places in courses."""

from __future__ import annotations

import click

from service.cli.books import books, find_account, find_course, look_up_account

ROLES = click.Choice(["student", "assistant", "teacher"])


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
        account = look_up_account(session, email)
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
@click.option("--end-tokens", is_flag=True, help="Revoke the account's API tokens too.")
def draw_password(email: str, end_tokens: bool) -> None:
    """Draw a new password for an account; its sessions end, its tokens only with --end-tokens."""
    from service.auth import hash_password, revoke_token, tokens_of

    with books() as session:
        account = find_account(session, email)
        password = _draw_password()
        account.password_hash = hash_password(password)
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


def _draw_password() -> str:
    import secrets

    return secrets.token_urlsafe(12)
