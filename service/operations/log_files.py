"""The log files of the embedded service stay small, though its processes keep them open."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

LARGEST = 20 * 2**20  # bytes of a log before it is rotated
EARLIER = ".1"  # the ending of the one earlier log that is kept


def rotate_logs(folder: Path) -> None:
    """Copy each large log to the one earlier log that is kept, and empty it.

    The processes that write to it append, so they go on at its new beginning. A line that is
    written between the copy and the emptying may be lost.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size <= LARGEST:
            continue
        earlier = log.with_name(log.name + EARLIER)
        earlier.unlink(missing_ok=True)
        earlier.touch(mode=0o600)
        shutil.copyfile(log, earlier)
        os.truncate(log, 0)
