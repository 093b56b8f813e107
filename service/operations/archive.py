"""The format of a backup: one compressed file of JSON lines, for every database and version.

The first line is the header, and the last one the checksum of all lines before it. Between them,
`{"table": NAME}` comes before the rows of a table, and each row is an array. To look into a backup:
`zstdcat FILE | head`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

from service.operations.errors import OperationError
from service.operations.portable import Row

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = 1
LEVEL = 3  # of compression; reports are compressed already

INCOMPLETE = (
    "The backup is incomplete or damaged: {reason}. Nothing was changed. "
    "Use another copy of it, or an earlier backup."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a backup says about itself.

    `version` is that of Chainrule, `revision` that of the schema. `tables` has the columns of each
    table with their portable types, and `rows` the number of its rows. `key_id` names the key that
    receipts were signed with. `secret_keys` are the installation's secret keys, the present one
    first; empty if they were left out.
    """

    version: str
    revision: str
    created_at: str
    tables: dict[str, dict[str, str]]
    rows: dict[str, int]
    key_id: str
    secret_keys: list[str]


class Writer:
    """Writes a backup to a stream, row by row."""

    def __init__(self, stream: IO[bytes], header: Header) -> None:
        self._file = zstd.ZstdFile(stream, "w", level=LEVEL)
        self._digest = hashlib.sha256()
        self._write({"chainrule_backup": FORMAT, **asdict(header)})

    def start_table(self, name: str) -> None:
        """The rows that follow belong to this table."""
        self._write({"table": name})

    def add(self, row: Row) -> None:
        """One row of the table that was started last."""
        self._write(row)

    def finish(self) -> None:
        """Write the checksum. A backup without it is incomplete."""
        self._write({"sha256": self._digest.hexdigest()})
        self._file.close()

    def _write(self, value: Any) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self._digest.update(line)
        self._file.write(line)


class Reader:
    """Reads a backup from a stream; raises OperationError if it isn't whole."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._lines = _read_lines(zstd.ZstdFile(stream, "r"))
        self._digest = hashlib.sha256()
        self.header = self._read_header()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Every row with the name of its table. The checksum is verified after the last one."""
        table = ""
        while True:
            expected = self._digest.hexdigest()
            match self._next():
                case list(row):
                    yield table, row
                case {"table": name}:
                    table = name
                case {"sha256": digest}:
                    if digest != expected or next(self._lines, None) is not None:
                        raise OperationError(INCOMPLETE.format(reason="its checksum is wrong"))
                    return
                case _:
                    raise OperationError(INCOMPLETE.format(reason="it has an unknown line"))

    def _read_header(self) -> Header:
        try:
            fields = self._next()
            found = fields.pop("chainrule_backup")
        except (OperationError, AttributeError, KeyError, TypeError):
            raise OperationError("This file is not a backup of Chainrule.") from None
        if found != FORMAT:
            raise OperationError(
                "This backup was made by a newer version of Chainrule. Install that version first."
            )
        return Header(**fields)

    def _next(self) -> Any:
        line = next(self._lines, None)
        if line is None:
            raise OperationError(INCOMPLETE.format(reason="it ends too early"))
        self._digest.update(line)
        try:
            return json.loads(line)
        except ValueError:
            raise OperationError(INCOMPLETE.format(reason="a line can't be read")) from None


def _read_lines(file: zstd.ZstdFile) -> Iterator[bytes]:
    try:
        yield from file
    except EOFError:
        return
    except zstd.ZstdError:
        raise OperationError(INCOMPLETE.format(reason="it can't be decompressed")) from None
