"""Makes one program of a notebook's code cells, without the lines that aren't Python."""

from __future__ import annotations

import re

from worker.driver.base.messages import numbering
from worker.driver.base.notebook import read_cells
from worker.driver.file.program import Program, compile_text

# A cell that starts like this is in another language, or doesn't run.
_OTHER = re.compile(
    r"^\s*%%(?!(?:time|timeit|capture|prun|python3?|py|matplotlib)\b)(?P<name>\w+)", re.ASCII
)
_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[%!?]|[\w.]+(?:\[[^\]]*\])?\?{1,2}\s*$)", re.ASCII)
_ASSIGNED_MAGIC = re.compile(r"^(?P<indent>\s*)[\w, ]+=\s*[!%]", re.ASCII)
# A cell that is also written to a Python file, which later cells may import.
_WRITTEN = re.compile(
    r"^\s*%%(?:writefile|file)[ \t]+(?:-a[ \t]+)?(?:\./)?(?P<path>[\w/]+)\.py\b[^\n]*", re.ASCII
)


def read_notebook(text: str) -> Program | None:
    """The program in a notebook, or None if the text is none. Keeps where each cell begins."""
    cells = read_cells(text)
    if cells is None:
        return None
    parts: list[str] = []
    broken: list[tuple[int, SyntaxError]] = []
    line = 1
    files: list[str] = []
    for number, cell in enumerate(cells, 1):
        numbering.cells.append((line, number))
        if written := _WRITTEN.match(cell):
            files.append(written["path"].replace("/", "."))
            cell = "\n" * written[0].count("\n") + cell[written.end() :]
        source, error = _clean(cell)
        if error is not None:
            broken.append((line, error))
        parts.append(source)
        line += source.count("\n") + 1
    program = Program("\n".join(parts))
    program.files = files
    for first, error in broken:
        program.leave_out_cell(first, error, cells[numbering.cell(first) - 1])
    return program


def _clean(source: str) -> tuple[str, SyntaxError | None]:
    """A cell without magics and shell commands. If Python still can't read it, blank and the error.

    A cell that Python can read stays as it is: a line in a string may begin with a percent sign.
    """
    blank = re.sub(r"[^\n]+", "", source)
    if _OTHER.match(source):
        return blank, None
    if _find_error(source) is None:
        return source, None
    cleaned = "\n".join(_clean_line(line) for line in source.split("\n"))
    error = _find_error(cleaned)
    return (cleaned, None) if error is None else (blank, error)


def _clean_line(line: str) -> str:
    """The line, or `pass` for a magic, since a block may have no other line."""
    magic = _MAGIC.match(line) or _ASSIGNED_MAGIC.match(line)
    return f"{magic['indent']}pass" if magic else line


def _find_error(source: str) -> SyntaxError | None:
    try:
        compile_text(source)
    except SyntaxError as error:
        return error
    return None
