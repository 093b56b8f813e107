"""Reads the code cells of a Jupyter notebook, for the driver and for the service.

Any text is accepted. The caller limits its size. JSON that is nested too deep is no notebook.
"""

from __future__ import annotations

import json
from typing import Any


def is_notebook(text: str) -> bool:
    """Whether the text looks like a notebook's JSON. Cheap: it parses nothing."""
    return text.lstrip().startswith("{") and ('"cells"' in text or '"worksheets"' in text)


def read_cells(text: str) -> tuple[str, ...] | None:
    """The text of each code cell in order, its lines ended by `\\n`; None if it's no notebook.

    Reads both forms that notebooks have had: `cells`, and the older `worksheets` of cells.
    """
    if not is_notebook(text):
        return None
    try:
        cells = _find_cells(json.loads(text.strip()))
    except (ValueError, RecursionError):
        return None
    if cells is None:
        return None
    return tuple(
        _join(cell.get("source", cell.get("input", "")))
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )


def _find_cells(content: Any) -> list[Any] | None:
    """The cells of all kinds."""
    if not isinstance(content, dict):
        return None
    cells, worksheets = content.get("cells"), content.get("worksheets")
    if isinstance(cells, list):
        return cells
    if not isinstance(worksheets, list):
        return None
    lists = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _join(source: Any) -> str:
    """A cell's source, which is a string or a list of lines."""
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source.replace("\r\n", "\n").replace("\r", "\n") if isinstance(source, str) else ""
