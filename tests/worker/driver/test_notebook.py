"""A notebook's code cells are read without their magics. No notebook breaks the driver."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.driver.in_process import found, load, observe
from tests.worker.sandbox.programs import HONEST

SUM = "a = Value(2)\nb = Value(3)\nc = a + b\nc.backward()"


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source}


def notebook(*cells: Any) -> str:
    return json.dumps({"nbformat": 4, "cells": list(cells)})


def test_the_code_cells_are_one_program() -> None:
    text = notebook(
        {"cell_type": "markdown", "source": "# Not code"},
        code("import math"),
        code(HONEST.splitlines(keepends=True)),
        {"cell_type": "raw", "source": "nor this"},
        code(""),
    )
    assert found(text)["notes"] == []
    assert observe(text, SUM, "a") == {"numbers": [2, 1]}


def test_a_notebook_in_the_older_format_is_read() -> None:
    cell = {"cell_type": "code", "input": HONEST}
    assert found(json.dumps({"worksheets": [{"cells": [cell]}]}))["class"] == "Value"


def test_windows_line_endings_are_read() -> None:
    assert found(notebook(code(HONEST.replace("\n", "\r\n"))))["class"] == "Value"


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install torch",
        "Value?",
        "?Value",
        "Value.__add__??",
        "files = !ls",
        "took = %time 1 + 1",
        "if True:\n    %time pass",
        "for x in ():\n    !echo {x}",
        "%%time\nx = 1",
        "%%capture out\nx = 1",
        "%%bash\nrm -rf / ; echo 'it's not Python",
        "%%html\n<b>no</b>",
        "%%writefile other.txt\n1 / 0",
    ],
)
def test_magics_and_shell_commands_are_skipped(magic: str) -> None:
    text = notebook(code(magic), code(HONEST), code(magic))
    assert found(text)["notes"] == []


@pytest.mark.parametrize(
    ("magic", "imports"),
    [
        ("%%writefile engine.py", "from engine import Value"),
        ("%%file -a ./engine.py", "import engine\nValue = engine.Value"),
        ("%%writefile my/engine.py", "from my.engine import *"),
        ("%%writefile engine.py", "from .engine import Value"),
    ],
)
def test_a_cell_written_to_a_python_file_runs_and_can_be_imported(
    magic: str, imports: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("engine", "my.engine"):  # put back afterwards
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        monkeypatch.delitem(sys.modules, name)
    text = notebook(code(f"{magic}\n{HONEST}"), code(imports), code("Value(3)"))
    assert found(text)["notes"] == []
    for name in ("engine", "my.engine"):
        sys.modules.pop(name, None)
    assert observe(text, SUM, "a") == {"numbers": [2, 1]}


def test_a_file_written_by_a_cell_replaces_no_module() -> None:
    text = notebook(code(f"%%writefile math.py\n{HONEST}"), code("import math\nmath.pi"))
    assert found(text)["notes"] == []


def test_a_line_that_only_looks_like_magic_stays() -> None:
    cell = 'text = """\n%d items\n!\n"""\nrest = (7\n% 4)\nassert rest == 3 and "%d" in text'
    assert found(notebook(code(HONEST), code(cell)))["notes"] == []


def test_a_cell_after_a_timing_magic_runs() -> None:
    text = notebook(code("%%time\n" + HONEST))
    assert observe(text, SUM, "a") == {"numbers": [2, 1]}


def test_positions_name_the_cell() -> None:
    text = notebook(code(HONEST), {"cell_type": "markdown", "source": "x"}, code("x = 1\n1 / 0"))
    assert found(text)["notes"] == [
        "Code cell 2, line 2 was left out: ZeroDivisionError: division by zero"
    ]
    told = observe(notebook(code("x = 1"), code(HONEST)), "a = Value(2)\nb = a + 2", "b")
    assert told["failure"]["message"].endswith("(code cell 2, line 9)")


def test_a_cell_that_cannot_be_read_is_left_out() -> None:
    text = notebook(code("this is no Python"), code(HONEST))
    assert found(text)["notes"] == ["Code cell 1, line 1 was left out: SyntaxError: invalid syntax"]


def test_an_unreadable_cell_with_the_class_is_the_problem() -> None:
    problem = load(notebook(code("x = 1\ny = 2"), code("\nclass Value\n    pass")))["problem"]
    assert problem == {
        "kind": "syntax_error",
        "message": "SyntaxError: expected ':' (code cell 2, line 2)",
        "line": None,
        "column": None,
        "source_line": "class Value",
    }


def test_a_notebook_without_code_has_no_class() -> None:
    assert load(notebook())["problem"]["kind"] == "no_class"


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": ' + "[" * 100_000,
        '{"cells": ',
        '{"cells": [] ',
        '{"cells": []} more',
        '{"worksheets": "none"',
    ],
)
def test_other_json_is_read_as_python(text: str) -> None:
    assert load(text)["problem"]["kind"] == "syntax_error"


@pytest.mark.parametrize("cells", [{"cells": 3}, {"worksheets": 3}, {"worksheets": [3, {}]}])
def test_a_dictionary_that_is_no_notebook_has_no_class(cells: dict[str, Any]) -> None:
    assert load(json.dumps(cells))["problem"]["kind"] == "no_class"


pieces = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
wild = st.recursive(
    pieces,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "metadata"]),
            inner | st.just("code"),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(wild, wild, st.text(alphabet='{}[]",:%!?\n =ab1', max_size=40))
def test_any_notebook_gives_a_problem_or_an_engine(cells: Any, cell: Any, text: str) -> None:
    for held in (
        {"cells": cells},
        {"cells": [cell, code(text)]},
        {"worksheets": [{"cells": cell}]},
    ):
        assert load(json.dumps(held)).keys() <= {"problem", "interface"}
