"""A counterexample as a program that a student can save next to the submitted file and run."""

from __future__ import annotations

import ast
import builtins
import keyword
import sys
from pathlib import PurePath

from service.submissions.notebooks import read_cells
from worker.report.model import Counterexample

NAME = "counterexample.py"

BY_PATH = """\
import runpy
from pathlib import Path

# Runs the file from its path, because Python can't import a file of this name.
names = runpy.run_path(str(Path(__file__).with_name({filename!r})))
"""
NOTEBOOK = """\
import json
import re
from pathlib import Path

# Runs the notebook's code cells, without magics. A cell that fails is reported and left out.
notebook = json.loads(Path(__file__).with_name({filename!r}).read_text("utf-8"))
cells = notebook.get("cells") or [one for part in notebook["worksheets"] for one in part["cells"]]
names = {{"__name__": "notebook"}}
for number, cell in enumerate((one for one in cells if one["cell_type"] == "code"), 1):
    text = "".join(cell.get("source", cell.get("input", "")))
    text = re.sub(r"(?m)^([ \\t]*)(?:[%!?]|[\\w, ]+= *[%!]).*$", r"\\1pass", text)
    try:
        exec(text, names)
    except ModuleNotFoundError as error:
        print(f"Code cell {{number}} stopped: the module {{error.name}} isn't installed here.")
    except Exception as error:
        print(f"Code cell {{number}} stopped: {{error!r}}")
"""


def make_runnable(counterexample: Counterexample, *, filename: str, source: str) -> str:
    """Returns the program with the lines that load the engine from a file of this name."""
    used = find_names(counterexample.program)
    if read_cells(source) is not None:
        loading = NOTEBOOK.format(filename=filename) + _take(used)
    elif is_module_name(filename):
        module = PurePath(filename).stem
        loading = f"from {module} import {', '.join(used)}\n" if used else f"import {module}\n"
    else:
        loading = BY_PATH.format(filename=filename) + _take(used)
    head = f"# A small graph where {filename!r} is wrong. Save this next to it, and run it."
    return f"{head}\n{loading}\n{counterexample.program}\n"


def _take(names: list[str]) -> str:
    return "".join(f"{name} = names[{name!r}]\n" for name in names)


def is_module_name(filename: str) -> bool:
    """Whether `import` finds a file of this name, and no module of Python's own before it."""
    path = PurePath(filename)
    own = path.stem in sys.stdlib_module_names or path.stem == PurePath(NAME).stem
    is_name = path.stem.isidentifier() and path.stem.isascii() and not keyword.iskeyword(path.stem)
    return path.suffix == ".py" and is_name and not own


def find_names(program: str) -> list[str]:
    """Returns the names that a program uses and doesn't set: the engine's own, in their order.

    >>> find_names("import math\\nx = Value(3)\\nL = tanh(x)\\nassert math.isclose(abs(L.data), 1)")
    ['Value', 'tanh']
    """
    names = [node for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)} | {"math"}
    own |= set(vars(builtins))
    return list(dict.fromkeys(node.id for node in names if node.id not in own))
