"""The data folder has sources, marks, passwords and the secret key: nobody else may enter it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from service.settings import KEY_FILE, Settings, SettingsError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OURS = (KEY_FILE, "chainrule.db", "demo.json")  # what only a data folder has


def make_private(folder: Path) -> int:
    """Close an existing data folder, and all that is in it, to others.

    The folder may be a link to one. Returns how many files and folders others could use before.
    Raises SettingsError if the folder belongs to somebody else, or is used for other things, too.
    """
    folder = folder.resolve()
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise SettingsError(
            f"The data folder {folder} belongs to another account of this machine, who could read "
            "and change everything in it. Choose another CHAINRULE_DATA_DIR, or change the owner: "
            f"chown -R $(id -u) {folder}"
        )
    return _close_all(folder)


def close_if_open(settings: Settings) -> int:
    """Close the data folder as `make_private` does, if others may enter it.

    Does nothing if there is no folder, or nothing is kept there. Root may act for its owner.
    """
    folder = settings.data_dir.resolve()
    is_used = settings.embedded or settings.uses_sqlite
    if not is_used or not folder.is_dir() or not folder.stat().st_mode & OTHERS:
        return 0
    if os.geteuid() != 0:
        return make_private(folder)
    with _acting_as(folder.stat().st_uid):
        return _close_all(folder)


def warn_of(folder: Path, opened: int) -> str:
    """The message about so many files and folders that were open."""
    return (
        f"Other accounts of this machine could use {folder} (files and folders: {opened}). "
        "Now only yours can. If others may have read it, use new passwords and tokens, and a "
        "new secret key: chainrule key rotate"
    )


@contextlib.contextmanager
def _acting_as(account: int) -> Iterator[None]:
    """Root acts for the owner, who could lead it to files elsewhere by links."""
    os.seteuid(account)
    try:
        yield
    finally:
        os.seteuid(0)


def _close_all(folder: Path) -> int:
    is_open = bool(folder.stat().st_mode & OTHERS)
    if is_open and any(folder.iterdir()) and not any((folder / name).exists() for name in OURS):
        raise SettingsError(
            f"Others may enter {folder}, and it has files that aren't Chainrule's. Choose a new "
            f"CHAINRULE_DATA_DIR for Chainrule alone, or close this one to others: "
            f"chmod go-rwx {folder}"
        )
    return sum(_close(path) for path in _paths(folder))


def _paths(folder: Path) -> Iterator[Path]:
    yield folder
    for parent, folders, files in os.walk(folder):
        yield from (Path(parent, name) for name in (*folders, *files))


def _close(path: Path) -> bool:
    """Whether others could use a file or folder; now they can't. Leaves links alone."""
    # It may be a message of the broker that was read meanwhile, or belong to root.
    with contextlib.suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
            return True
    return False
