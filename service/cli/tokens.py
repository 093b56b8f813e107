"""`chainrule token`: what programs sign in with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from service.cli.database import books, find_account
from service.cli.errors import Refused
from service.cli.options.terms import Filled

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


@token.command("new", short_help="Make a token for an account.")
@click.argument("email")
@click.option(
    "--name",
    type=Filled(),
    default="command line",
    show_default=True,
    metavar="NAME",
    help="What the token is for.",
)
def new_token(email: str, name: str) -> None:
    """Make a token for an account and print it: it is shown this once."""
    from service.people.tokens import make_token

    with books() as session:
        text = make_token(session, find_account(session, email), name)
    click.echo(text)


@token.command("list", short_help="List an account's tokens in use.")
@click.argument("email")
def list_tokens(email: str) -> None:
    """List an account's tokens in use: id, when made, what for. None is shown again."""
    from service.people.tokens import tokens_of

    with books() as session:
        account = find_account(session, email)
        lines = [_line(found) for found in tokens_of(session, account)]
    click.echo("\n".join(lines) or f"{account.email} has no token in use.")


@token.command("revoke", epilog=EPILOG, short_help="Make tokens useless from now on.")
@click.argument("whose", metavar="[EMAIL|TOKEN]", required=False)
@click.option("--name", metavar="NAME", help="Revoke the account's tokens of this name.")
@click.option("--id", "short_id", metavar="ID", help="Revoke the one that `token list` shows so.")
@click.option("--all", "everyone", is_flag=True, help="Revoke all of the account's tokens.")
def revoke_tokens(
    whose: str | None, name: str | None, short_id: str | None, everyone: bool
) -> None:
    """Make tokens useless from now on: an account's, or the one that reads TOKEN.

    Without an argument the token is read from standard input: what stands in a command can be read
    by others on the machine while it runs.
    """
    choices = (name is not None) + (short_id is not None) + everyone
    if whose is None or "@" not in whose:
        if choices:
            raise click.UsageError("Say whose tokens by an e-mail before --name, --id or --all.")
        _revoke_one(_read_token() if whose in {None, "-"} else whose)
        return
    if choices != 1:
        raise click.UsageError(
            f"Say which by one of --name, --id, --all. See: chainrule token list {whose}"
        )
    _revoke_of(whose, name, short_id)


def _revoke_one(text: str | None) -> None:
    from service.people.tokens import find_token, revoke_token

    with books() as session:
        found = find_token(session, text or "")
        if found is None:
            raise Refused(
                "No such token is in use. Where its text is lost: chainrule token list EMAIL"
            )
        revoke_token(found)
    click.echo("The token is revoked.")


def _revoke_of(email: str, name: str | None, short_id: str | None) -> None:
    from service.people.tokens import revoke_token, tokens_of

    with books() as session:
        account = find_account(session, email)
        chosen = [
            found
            for found in tokens_of(session, account)
            if name in {None, found.name} and short_id in {None, _short_id(found)}
        ]
        if not chosen:
            raise Refused(
                f"{account.email} has no such token in use. "
                f"See: chainrule token list {account.email}"
            )
        for found in chosen:
            revoke_token(found)
    click.echo("\n".join(["Revoked:", *(f"  {_line(found)}" for found in chosen)]))


def _read_token() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Token", hide_input=True)).strip()
    return sys.stdin.buffer.readline().decode("utf-8", "replace").strip()


def _line(found: Token) -> str:
    return f"{_short_id(found)}  {found.created_at:%Y-%m-%d %H:%M} UTC  {found.name}"


def _short_id(found: Token) -> str:
    return str(found.id)[:8]
