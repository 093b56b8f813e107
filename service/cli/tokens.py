"""`chainrule token`: API tokens, by which programs sign in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from service.cli.database import find_account, open_database
from service.cli.errors import CommandError

if TYPE_CHECKING:
    from service.people.models import Token

EPILOG = """\b
Examples:
  chainrule token revoke ada@example.edu --name laptop
  chainrule token revoke ada@example.edu --all
  chainrule token revoke < token.txt
"""


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command("new", short_help="Create a token for an account.")
@click.argument("email")
@click.option(
    "--name",
    default="command line",
    show_default=True,
    metavar="NAME",
    help="What the token is for.",
)
def new_token(email: str, name: str) -> None:
    """Create a token for an account and print it. It is shown only once."""
    from service.people.tokens import create_token

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        click.echo(create_token(session, actor, account, name))


@token.command("list", short_help="List an account's valid tokens.")
@click.argument("email")
def list_tokens(email: str) -> None:
    """List an account's valid tokens: id, date, and name. Their text isn't shown again."""
    from service.people import tokens

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        lines = [_line(found) for found in tokens.list_tokens(session, actor, account)]
        click.echo("\n".join(lines) or f"{account.email} has no valid token.")


@token.command("revoke", epilog=EPILOG, short_help="End tokens, so that nobody can use them.")
@click.argument("whose", metavar="[EMAIL|TOKEN]", required=False)
@click.option("--name", metavar="NAME", help="Revoke the account's tokens of this name.")
@click.option("--id", "short_id", metavar="ID", help="Revoke the one with this id in `token list`.")
@click.option("--all", "everyone", is_flag=True, help="Revoke all of the account's tokens.")
def revoke_tokens(
    whose: str | None, name: str | None, short_id: str | None, everyone: bool
) -> None:
    """End tokens of an account, or the one whose text is TOKEN.

    Without an argument, the token is read from standard input. Other users of the machine can read
    the arguments of a command while it runs.
    """
    choices = (name is not None) + (short_id is not None) + everyone
    if whose is None or "@" not in whose:
        if choices:
            raise click.UsageError("Give an e-mail before --name, --id or --all.")
        _revoke_one(_read_token() if whose in {None, "-"} else whose)
        return
    if choices != 1:
        raise click.UsageError(
            f"Give one of --name, --id, --all. To see the tokens: chainrule token list {whose}"
        )
    _revoke_of(whose, name, short_id)


def _revoke_one(text: str | None) -> None:
    from service.errors import NotFound
    from service.people.tokens import find_token, revoke_tokens

    with open_database() as (session, actor):
        try:
            found = find_token(session, actor, text or "")
        except NotFound as error:
            raise CommandError(
                f"{error.message} If its text is lost, find it with: chainrule token list EMAIL"
            ) from None
        revoke_tokens(session, actor, [found])
        click.echo("The token was revoked.")


def _revoke_of(email: str, name: str | None, short_id: str | None) -> None:
    from service.people import tokens

    with open_database() as (session, actor):
        account = find_account(session, actor, email)
        chosen = [
            found
            for found in tokens.list_tokens(session, actor, account)
            if name in {None, found.name} and short_id in {None, _short_id(found)}
        ]
        if not chosen:
            raise CommandError(
                f"{account.email} has no such valid token. "
                f"See: chainrule token list {account.email}"
            )
        tokens.revoke_tokens(session, actor, chosen)
        click.echo("\n".join(["Revoked:", *(f"  {_line(found)}" for found in chosen)]))


def _read_token() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Token", hide_input=True)).strip()
    return sys.stdin.buffer.readline().decode("utf-8", "replace").strip()


def _line(found: Token) -> str:
    return f"{_short_id(found)}  {found.created_at:%Y-%m-%d %H:%M} UTC  {found.name}"


def _short_id(found: Token) -> str:
    return str(found.id)[:8]
