"""Upgrade the schema, or bring it back: all of it or nothing, with a copy of an SQLite database."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from service.operations.errors import OperationError
from service.operations.files import BACKUPS, database_file
from service.settings import Settings
from service.store import schema
from service.store.base import now
from service.store.schema import migrating, revision_of, revisions

log = logging.getLogger(__name__)

KEPT = 3  # copies from before upgrades; older ones are removed
COPY = "before-change-of-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Revisions of the schema before and after; `copy` is the SQLite database from before."""

    before: str | None
    after: str | None
    copy: Path | None


def upgrade(settings: Settings) -> Change:
    """Bring the schema up to date; safe to run again, and several times at once.

    Raises OperationError if that fails, or if the database is newer than this version. Then the
    database is as it was before.
    """
    before = _require_known(settings)
    newest = revisions()[0]
    if before == newest:
        return Change(before=before, after=newest, copy=None)
    return _change(settings, before, newest, lambda: schema.upgrade(settings))


def downgrade(settings: Settings, revision: str) -> Change:
    """Bring the schema back to an earlier revision; what only newer ones store is deleted.

    Raises OperationError as `upgrade` does, and for a revision that isn't an earlier one.
    """
    before = _require_known(settings)
    known = revisions()
    if before is None or revision not in known[known.index(before) + 1 :]:
        raise OperationError(
            f"{revision} is not an earlier revision than the database's, {before or 'none'}."
        )
    return _change(settings, before, revision, lambda: schema.downgrade(settings, revision))


def _require_known(settings: Settings) -> str | None:
    """The revision of the database; raises OperationError if this version doesn't know it."""
    with migrating(settings) as connection:
        found = revision_of(connection)
    known = revisions()
    if found is not None and found not in known:
        raise OperationError(
            f"The database has schema {found}, from a newer version of Chainrule. This version "
            f"needs {known[0]}. Run the newer version, or go back with it first: "
            f"chainrule db downgrade {known[0]}"
        )
    return found


def _change(settings: Settings, before: str | None, after: str, run: Callable[[], None]) -> Change:
    copy = None if before is None else _copy_database(settings, before)
    try:
        run()
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise OperationError(
            f"The database couldn't be changed from schema {before} to {after} ({reason}). "
            "It is as it was before. If it was busy, run the command again."
        ) from error
    except Exception as error:
        log.exception("the change of the schema from %s to %s failed", before, after)
        raise OperationError(
            f"The change of the schema from {before} to {after} failed "
            f"({type(error).__name__}). The database is as it was before. Start the version from "
            "before again, and report the error above."
        ) from error
    return Change(before=before, after=after, copy=copy)


def _copy_database(settings: Settings, revision: str) -> Path | None:
    """Copy an SQLite database, while others may use it; None on PostgreSQL."""
    file = database_file(settings)
    if file is None:
        return None
    folder = file.parent / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{COPY}{revision}-{now():%Y%m%d-%H%M%S-%f}.db"
    copy.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        copy.unlink()
        raise OperationError(
            f"The database can't be copied to {folder} before its schema is changed ({error}). "
            "Nothing was changed. Free some space on the disk, then run the command again."
        ) from None
    for old in sorted(folder.glob(f"{COPY}*"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()
    return copy
