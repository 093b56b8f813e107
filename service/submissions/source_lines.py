"""The lines of a submitted source, as pages number them."""

from __future__ import annotations

from service.submissions.notebooks import read_cells
from service.submissions.uploads import without_mark


def list_lines(source: str) -> list[str]:
    """The lines of a file. A notebook has those of its code cells, one cell after the other."""
    text = without_mark(source)
    cells = read_cells(text) or [text]
    return [line for cell in cells for line in _split(cell)]


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")
