"""The error of a command."""

import click


class CommandError(click.ClickException):
    """A command can't do what was asked; the message says why. Exit code 2, as for wrong usage."""

    exit_code = 2
