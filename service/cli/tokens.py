"""`chainrule token`: what programs sign in with."""

from __future__ import annotations

import click

from service.cli.books import books, find_account


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
        text = make_token(session, find_account(session, email), name)
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
