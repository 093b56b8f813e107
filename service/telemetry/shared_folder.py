"""The folder in which the processes of one service share their metrics.

prometheus_client's multiprocess mode keeps each process's values in mapped files. It chooses that
mode when it is first imported, so `share` must run before.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
PREFIX = "chainrule-metrics-"
MEMORY = Path("/dev/shm")
YOUNG_SECONDS = 60.0  # a folder may be so old before it is locked


def share() -> Path:
    """Make this process and those that it starts share their metrics; returns their folder.

    A process that was started by such a process uses the same folder. The first process removes
    the folder when it ends, and whatever killed processes left.
    """
    if given := os.environ.get(VARIABLE):
        return Path(given)
    # In memory: writing to a mapped file on a full disk would kill the process.
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    parent = MEMORY if in_memory else Path(tempfile.gettempdir())
    remove_abandoned(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)  # held until the last process ends
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.environ[VARIABLE] = str(folder)
    atexit.register(_remove, folder, os.getpid())
    return folder


def remove_abandoned(parent: Path) -> None:
    """Remove the folders of processes that have ended."""
    for folder in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another user's, or locked, or gone meanwhile
            if time.time() - folder.stat().st_mtime < YOUNG_SECONDS:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # forked processes inherit what runs at the end
        shutil.rmtree(folder, ignore_errors=True)
