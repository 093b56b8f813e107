"""`chainrule key`: the secret key that signs sessions and receipts."""

from __future__ import annotations

import os
from pathlib import Path

import click

from service.cli.errors import CommandError
from service.cli.installation import read_settings


@click.group()
def key() -> None:
    """Manage the secret key, which signs sessions and receipts."""


@key.command()
def rotate() -> None:
    """Generate a new secret key for the embedded service.

    Stop the service first. Everybody signs in again. Receipts from before stay valid: the old key
    is kept to verify them.
    """
    from service.embedded import data_folder
    from service.operations.keys import keys_in_folder, rotate_key
    from service.settings import OLD_KEYS_FILE

    settings = read_settings()
    if not keys_in_folder(settings):
        raise CommandError(
            "The key of this installation is CHAINRULE_SECRET_KEY. To rotate it, put the present "
            "key first in CHAINRULE_OLD_SECRET_KEYS, set CHAINRULE_SECRET_KEY to a new one, and "
            "restart every process."
        )
    with data_folder.sole_user(settings):
        rotate_key(settings)
    click.echo(
        "There is a new secret key. Everybody signs in again. Receipts from before stay valid: "
        f"their key is in {settings.data_dir / OLD_KEYS_FILE}. Back up both keys."
    )


@key.command(name="show-backup", short_help="Print the secret keys in a backup.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def show_backup(file: Path) -> None:
    """Print the secret keys in the backup FILE, as CHAINRULE_OLD_SECRET_KEYS needs them."""
    from service.operations.archive import Reader

    with file.open("rb") as stream:
        keys = Reader(stream).header.secret_keys
    if not keys:
        raise CommandError(f"{os.fspath(file)} has no secret key.")
    click.echo(",".join(keys))
