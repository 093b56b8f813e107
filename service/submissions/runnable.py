"""Programs that a student can save next to the submitted file and run."""

from __future__ import annotations

import ast
import builtins
import keyword
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import PurePath

from service.submissions.notebooks import read_cells
from worker.report.model import ADAPT

NAME = "counterexample.py"

# Lines are short, because a terminal shows them too and would break long ones.
BY_PATH = """\
import runpy
from pathlib import Path

# Python can't import a file of this name, so this runs it from its path.
file = Path(__file__).with_name({filename!r})
names = runpy.run_path(str(file))
"""
NOTEBOOK = """\
import json
import re
from pathlib import Path

# Runs the notebook's code cells, without magics.
# A cell that fails is reported and left out.
file = Path(__file__).with_name({filename!r})
notebook = json.loads(file.read_text("utf-8"))
cells = notebook.get("cells") or [
    cell for part in notebook["worksheets"] for cell in part["cells"]
]
code = [cell for cell in cells if cell["cell_type"] == "code"]
magic = re.compile(r"(?m)^([ \\t]*)(?:[%!?]|[\\w, ]+= *[%!]).*$")
names = {{"__name__": "notebook"}}
for number, cell in enumerate(code, 1):
    text = "".join(cell.get("source", cell.get("input", "")))
    try:
        exec(magic.sub(r"\\1pass", text), names)
    except ModuleNotFoundError as error:
        reason = f"the module {{error.name}} isn't installed here."
        print(f"Code cell {{number}} stopped: {{reason}}")
    except Exception as error:
        print(f"Code cell {{number}} stopped: {{error!r}}")
"""
ALL_NAMES = "globals().update(names)\n"


class About(StrEnum):
    """What a program shows, as the comment above it says."""

    SMALL_GRAPH = "A small graph where {} is wrong."
    TEST = "A test of {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """Writes the lines that load the engine from a submitted file, for a program below them."""

    filename: str
    is_notebook: bool

    @classmethod
    def of(cls, filename: str, source: str) -> Loader:
        """The loader of a file with this name and content."""
        return cls(filename=filename, is_notebook=read_cells(source) is not None)

    def write(self, program: str, about: About = About.TEST) -> str:
        """Returns what must stand before a program, so that both together run next to the file.

        A program that must be adapted gets all names of the file.
        """
        must_adapt = program.startswith(ADAPT)
        first = "Adapt the lines below, save this" if must_adapt else "Save this"
        head = f"# {about.format(repr(self.filename))}\n# {first} next to it, and run it."
        used = find_names(program)
        if self.is_notebook or not is_module_name(self.filename):
            text = (NOTEBOOK if self.is_notebook else BY_PATH).format(filename=self.filename)
            taken = (f"{name} = names[{name!r}]\n" for name in used)
            loading = text + (ALL_NAMES if must_adapt else "".join(taken))
        else:
            module = PurePath(self.filename).stem
            names = "*" if must_adapt else ", ".join(used)
            loading = f"from {module} import {names}\n" if names else f"import {module}\n"
        return f"{head}\n{loading}\n"

    def make_runnable(self, program: str, about: About = About.TEST) -> str:
        """Returns a program with the lines that load the engine."""
        return f"{self.write(program, about)}{program}\n"


def is_module_name(filename: str) -> bool:
    """Whether `import` finds a file of this name, and no module of Python's own before it."""
    path = PurePath(filename)
    own = path.stem in sys.stdlib_module_names or path.stem == PurePath(NAME).stem
    is_name = path.stem.isidentifier() and path.stem.isascii() and not keyword.iskeyword(path.stem)
    return path.suffix == ".py" and is_name and not own


@lru_cache(maxsize=2048)  # tests are the same for everybody
def find_names(program: str) -> tuple[str, ...]:
    """Returns the names that a program uses and doesn't set: the engine's own, in their order.

    There are none if it isn't Python, as it may be where it must be adapted.

    >>> find_names("import math\\nx = Value(3)\\nL = tanh(x)\\nassert math.isclose(abs(L.data), 1)")
    ('Value', 'tanh')
    """
    try:
        nodes = list(ast.walk(ast.parse(program)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # ValueError for a null byte
        return ()
    names = [node for node in nodes if isinstance(node, ast.Name)]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)} | set(vars(builtins))
    own |= {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}
    return tuple(dict.fromkeys(node.id for node in names if node.id not in own))
