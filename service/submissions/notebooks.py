"""Notebooks as they are handed in: JSON whose code cells are the program.

A student's file may be any JSON there is: what cannot be read as a notebook is none.
"""

from __future__ import annotations

import json
from typing import Any

SUFFIX = ".ipynb"


def is_called_notebook(filename: str) -> bool:
    """Whether a file is meant to be a notebook."""
    return filename.lower().endswith(SUFFIX)


def read_cells(text: str) -> tuple[str, ...] | None:
    """The text of each code cell in order; None where it is no notebook."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return None
    cells = _find_cells(held)
    if cells is None:
        return None
    return tuple(
        _join(cell.get("source", cell.get("input", "")))
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )


def _find_cells(held: Any) -> list[Any] | None:
    """The cells in either of the two forms that notebooks have had."""
    if not isinstance(held, dict):
        return None
    cells, sheets = held.get("cells"), held.get("worksheets")
    if isinstance(cells, list):
        return cells
    if not isinstance(sheets, list):
        return None
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in found if isinstance(cells, list) for cell in cells]


def _join(held: Any) -> str:
    """A cell's source: a text, or a list of its lines."""
    if isinstance(held, list):
        held = "".join(line for line in held if isinstance(line, str))
    return held.replace("\r\n", "\n").replace("\r", "\n") if isinstance(held, str) else ""
