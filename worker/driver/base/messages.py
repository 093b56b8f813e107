"""Messages for students: failures, problems, and where in the file they are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from worker.driver.base.errors import MissingFileError
from worker.driver.base.modules import STANDARD, is_neighbour
from worker.driver.base.protocol import MEMORY_LIMIT, MOST_TEXT, Answer

MODULE = "student"  # not "__main__", so that a demo under the usual guard does not run
FILE = "value.py"
HAS_NUMPY = "numpy" in sys.modules  # the zygote imports it before this file, where it is installed

class_name: Callable[[type], str] = type.__dict__["__name__"].__get__
traceback_of: Callable[[BaseException], Any] = BaseException.__dict__["__traceback__"].__get__

OUT_OF_MEMORY: Answer = {
    "failure": {"verdict": MEMORY_LIMIT, "message": "The code used more memory than it may."}
}
_name_of: Callable[[Any], Any] = vars(ImportError)["name"].__get__
reserve = [bytes(2**20)]  # freed when memory runs out, so that an answer can be made

GREW = "dictionary changed size during iteration"  # a file's sets iterate over one
UNAVAILABLE = "this part of the standard library is not available here."
LIBRARIES = f"only Python's standard library{' and numpy are' if HAS_NUMPY else ' is'} available."
NEIGHBOUR = "if it's a file of your own, put the code into this file."
PUT_IT_HERE = "Put it into this file."
NO_NUMPY = "a Value holds one number, so plain Python is enough."


class Numbering:
    """Describes a position in the text that runs: by line, or by a notebook's cell and its line."""

    def __init__(self) -> None:
        self.cells: list[tuple[int, int]] = []  # (first line in the text, number of the cell)

    def describe(self, line: int) -> str:
        """The position of a line, as "line 12" or "code cell 3, line 4"."""
        for first, cell in reversed(self.cells):
            if line >= first:
                return f"code cell {cell}, line {line - first + 1}"
        return f"line {line}"

    def cell(self, line: int) -> int:
        """The number of the cell with this line."""
        return max(cell for first, cell in self.cells if line >= first)


numbering = Numbering()  # of the one file that this process loads


def failure(verdict: str, message: str) -> Answer:
    """The answer to a graph that failed."""
    return {"failure": {"verdict": verdict, "message": message[:MOST_TEXT]}}


def split_lines(text: str) -> list[str]:
    """The lines of a text with any line endings."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def problem(
    kind: str,
    message: str,
    lines: list[str],
    line: int | None = None,
    column: int | None = None,
) -> Answer:
    """The answer to a file that can't be used: why, and where.

    For a notebook, the message names the cell, since the line belongs to no file.
    """
    line = line if line and 0 < line <= len(lines) else None
    shown = line
    if line and numbering.cells:
        message, shown, column = f"{message} ({numbering.describe(line)})", None, None
    fields = {
        "kind": kind,
        "message": message[:MOST_TEXT],
        "line": shown,
        "column": column if line and column and column > 0 else None,
        "source_line": lines[line - 1][:MOST_TEXT] if line else None,
    }
    return {"problem": fields}


def describe_with_position(error: BaseException) -> str:
    """The exception in a line, and where in the student's file it was raised."""
    if issubclass(type(error), MissingFileError):
        return f"{text_of(error)}{position_of(error)}. {PUT_IT_HERE}"
    return describe(error) + position_of(error)


def describe(error: BaseException) -> str:
    """The exception in a line: its type, its message, and sometimes a hint."""
    text = text_of(error)
    if issubclass(type(error), MissingFileError):
        return f"{text}. {PUT_IT_HERE}"
    described = class_name(type(error)) + (f": {text}" if text else "")
    hints = {
        RecursionError: "does something call itself without end?",
        ModuleNotFoundError: _explain_missing(error, text),
        SystemExit: "the code asked to end the program.",
        MemoryError: "the code needed more memory than it may use.",
        EOFError: "nobody can answer input() here.",
    }
    kind = type(error)  # isinstance() would run the student's code
    return next((f"{described}: {h}" for k, h in hints.items() if issubclass(kind, k)), described)


def _explain_missing(error: BaseException, text: str) -> str:
    """Why a module is missing."""
    name = _name_of(error) if issubclass(type(error), ModuleNotFoundError) else None
    module = name if type(name) is str else text.removeprefix("No module named ").strip("'")
    root = module.partition(".")[0]
    if root == "numpy":
        return NO_NUMPY
    if root in STANDARD:
        return UNAVAILABLE
    return NEIGHBOUR if is_neighbour(module) else LIBRARIES


def text_of(error: BaseException) -> str:
    """The exception's message, shortened. To ask for it runs the student's code."""
    try:
        text = str.__getitem__(str(error), slice(0, MOST_TEXT // 2))
    except BaseException:
        return "(its message cannot be shown)"
    return f"set or {text}" if text == GREW else text


def position_of(error: BaseException) -> str:
    """Where in the student's file it was raised, as " (line 12)", or an empty text."""
    line = line_of(error)
    return f" ({numbering.describe(line)})" if line else ""


def line_of(error: BaseException) -> int | None:
    """The innermost line of the student's file that was running."""
    line = None
    traceback = traceback_of(error)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def kind_of(value: object) -> str:
    """The name of the value's class, shortened."""
    return "None" if value is None else class_name(type(value))[: MOST_TEXT // 4]
