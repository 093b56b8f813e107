"""ZIP archives whose names can't do harm where they are unpacked."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile
from datetime import UTC, datetime
from typing import IO, Any

LONGEST = 100  # characters of a name
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # on Windows


class ZipWriter:
    """Writes files into folders of an archive. No two have the same name, in any case."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._names: set[str] = set()

    def add(self, path: tuple[str, ...], content: str | bytes) -> None:
        """Add a file. Each part of its path is made safe first."""
        *folders, name = (safe_name(part) for part in path)
        full, number = "/".join([*folders, name]), 1
        while full.lower() in self._names:
            number += 1
            full = "/".join([*folders, f"{number}-{name}"])
        self._names.add(full.lower())
        self._zip.writestr(full, content)

    def add_json(self, path: tuple[str, ...], content: Any) -> None:
        """Add a file of JSON."""
        self.add(path, json.dumps(content, indent=1, ensure_ascii=False, default=str))

    def close(self) -> None:
        """Write the list of files, without which it's no archive."""
        self._zip.close()


def safe_name(text: str) -> str:
    """A name that is no path and no device, on any system.

    >>> safe_name("../../etc/passwd")
    '_.._etc_passwd'
    >>> safe_name("aux.py")
    '_aux.py'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._@+-]", "_", plain).lstrip(".")[:LONGEST].rstrip(". ")
    return f"_{name}" if not name or RESERVED.fullmatch(name) else name


def iso(moment: datetime | None) -> str | None:
    """A moment in UTC as programs read it, to the second; None stays None."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
