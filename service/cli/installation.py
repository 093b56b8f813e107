"""The settings, as every command that uses the data folder reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from service.settings import Settings


def read_settings() -> Settings:
    """Read the settings, and close a data folder that others may enter, with a message.

    Raises SettingsError if a setting is wrong, or if the folder can't be closed.
    """
    from service.embedded.private_folder import close_if_open, warn_of
    from service.settings import Settings

    settings = Settings.from_env()
    if opened := close_if_open(settings):
        click.echo(warn_of(settings.data_dir, opened), err=True)
    return settings
