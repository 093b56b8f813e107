"""What the student is told: failures, problems, and where in the file they are."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from worker.driver.base.names import words
from worker.driver.base.protocol import MEMORY_LIMIT, MOST_TEXT, Answer

MODULE = "student"  # not "__main__", so that a demo under the usual guard does not run
FILE = "value.py"
HAS_NUMPY = "numpy" in sys.modules  # the zygote imports it before this file, where it is installed
STANDARD = sys.stdlib_module_names

class_name: Callable[[type], str] = type.__dict__["__name__"].__get__
traceback_of: Callable[[BaseException], Any] = BaseException.__dict__["__traceback__"].__get__

OUT_OF_MEMORY: Answer = {
    "failure": {"verdict": MEMORY_LIMIT, "message": "The code used more memory than it may."}
}
reserve = [bytes(2**20)]  # address space, let go when it runs out, so that an answer can be made

UNAVAILABLE = "this part of the standard library is not available here."
LIBRARIES = f"only Python's standard library{' and numpy are' if HAS_NUMPY else ' is'} here."
NEIGHBOUR = "if it is a file of your own, put what is needed of it into this file."
FAMOUS = words(  # what is no student's own file
    """
    torch torchvision tensorflow keras jax flax scipy pandas sklearn matplotlib seaborn plotly
    graphviz networkx tqdm sympy IPython pydantic attr attrs requests PIL cv2 numba cupy
    micrograd tinygrad fastcore pytest rich
    """
)
NO_NUMPY = "a Value holds one number, and plain Python is enough for it."


class Numbering:
    """How places in the text that runs are told: by line, or by a notebook's cell and its line."""

    def __init__(self) -> None:
        self.cells: list[tuple[int, int]] = []  # (first line in the text, number of the cell)

    def tell(self, line: int) -> str:
        """The place of a line, as "line 12" or "code cell 3, line 4"."""
        for first, cell in reversed(self.cells):
            if line >= first:
                return f"code cell {cell}, line {line - first + 1}"
        return f"line {line}"

    def cell(self, line: int) -> int:
        """The number of the cell that has this line."""
        return max(cell for first, cell in self.cells if line >= first)


numbering = Numbering()  # of the one file that this process loads


def failure(verdict: str, message: str) -> Answer:
    """How a case failed."""
    return {"failure": {"verdict": verdict, "message": message[:MOST_TEXT]}}


def split_lines(text: str) -> list[str]:
    """The lines of a text, whatever ends them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def problem(
    kind: str,
    message: str,
    lines: list[str],
    line: int | None = None,
    column: int | None = None,
) -> Answer:
    """What keeps the whole file from being used, and where. Of a notebook, the cell is told."""
    line = line if line and 0 < line <= len(lines) else None
    told = line
    if line and numbering.cells:
        message, told, column = f"{message} ({numbering.tell(line)})", None, None
    found = {
        "kind": kind,
        "message": message[:MOST_TEXT],
        "line": told,
        "column": column if line and column and column > 0 else None,
        "source_line": lines[line - 1][:MOST_TEXT] if line else None,
    }
    return {"problem": found}


def describe(error: BaseException) -> str:
    """The exception in a line: its type, its message, and a hint where one helps."""
    text = text_of(error)
    described = class_name(type(error)) + (f": {text}" if text else "")
    hints = {
        RecursionError: "does something call itself without end?",
        ModuleNotFoundError: on_missing(_missing_module(error, text)),
        SystemExit: "the code asked to end the program.",
    }
    return next((f"{described}: {h}" for k, h in hints.items() if isinstance(error, k)), described)


def _missing_module(error: BaseException, text: str) -> str:
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    return name if type(name) is str else text.removeprefix("No module named ").strip("'")


def on_missing(module: str) -> str:
    """Why a module is not here."""
    root = module.partition(".")[0]
    if root == "numpy":
        return NO_NUMPY
    if root in STANDARD:
        return UNAVAILABLE
    return LIBRARIES if root in FAMOUS else NEIGHBOUR


def text_of(error: BaseException) -> str:
    """The exception's message, capped: asking for it runs the student's code."""
    try:
        return str.__getitem__(str(error), slice(0, MOST_TEXT // 2))
    except BaseException:
        return "(its message cannot be shown)"


def place(error: BaseException) -> str:
    """Where in the student's file it was raised, as " (line 12)"."""
    line = line_of(error)
    return f" ({numbering.tell(line)})" if line else ""


def line_of(error: BaseException) -> int | None:
    """The innermost line of the student's file that was being run."""
    line = None
    traceback = traceback_of(error)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def kind_of(thing: object) -> str:
    """The name of the thing's class, capped."""
    return "None" if thing is None else class_name(type(thing))[: MOST_TEXT // 4]
