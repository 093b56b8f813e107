"""Where an installation has its files."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from service.settings import Settings

BACKUPS = "backups"  # the folder for copies of SQLite databases, next to the database


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database; None on PostgreSQL."""
    if not settings.uses_sqlite:
        return None
    return Path(make_url(settings.database_url).database or "").absolute()
