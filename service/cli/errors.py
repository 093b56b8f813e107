"""How a command says no."""

import click


class Refused(click.ClickException):
    """It was not taken; the message says why. Exit code 2, as for wrong usage."""

    exit_code = 2
