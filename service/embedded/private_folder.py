"""The data folder has sources, marks, passwords and the secret key: nobody else may enter it."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from service.settings import KEY_FILE, SettingsError

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OURS = (KEY_FILE, "chainrule.db", "demo.json")  # what only a data folder has


def make_private(folder: Path) -> int:
    """Close an existing data folder, and all that is in it, to others.

    Returns how many files and folders others could use before. Raises SettingsError if the folder
    belongs to somebody else, or is used for other things as well.
    """
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise SettingsError(
            f"The data folder {folder} belongs to another account of this machine, who could read "
            "and change everything in it. Choose another CHAINRULE_DATA_DIR, or change the owner: "
            f"chown -R $(id -u) {folder}"
        )
    is_open = bool(found.st_mode & OTHERS)
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
    with contextlib.suppress(FileNotFoundError):  # a message of the broker that was read meanwhile
        mode = path.lstat().st_mode
        if mode & OTHERS and not stat.S_ISLNK(mode):
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
            return True
    return False
