"""A notebook's code cells are read, and any other JSON is no error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Invalid, TooLarge
from service.submissions.notebooks import read_cells
from service.submissions.uploads import MAX_BYTES, MAX_NOTEBOOK_BYTES, decode_source
from tests.students import HERE

REAL = HERE / "right" / "notebook.ipynb"
CODE = {"cell_type": "code", "source": ["class Value:\r\n", "    pass\r", "    # end"]}
TEXT = {"cell_type": "markdown", "source": "# A title"}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "cell_type", "source"]), inner)
    ),
)


def test_the_code_cells_of_a_real_notebook_are_read_in_order() -> None:
    cells = read_cells(REAL.read_text(encoding="utf-8"))
    assert cells is not None
    assert "class Value" in "".join(cells)
    written = [c for c in json.loads(REAL.read_text())["cells"] if c["cell_type"] == "code"]
    assert list(cells) == ["".join(cell["source"]) for cell in written]


@pytest.mark.parametrize(
    ("notebook", "cells"),
    [
        ({"cells": [TEXT, CODE]}, ("class Value:\n    pass\n    # end",)),
        ({"worksheets": [{"cells": [{"cell_type": "code", "input": "a = 1"}]}]}, ("a = 1",)),
        ({"cells": [CODE | {"source": 7}, 3, {"cell_type": "code"}]}, ("", "")),
        ({"cells": []}, ()),
        ({"worksheets": [3, {}, {"cells": 3}]}, ()),
        ({"cells": 3}, None),
        ({}, None),
        ([CODE], None),
    ],
)
def test_cells_are_read_in_either_form(notebook: Any, cells: tuple[str, ...] | None) -> None:
    assert read_cells(json.dumps(notebook)) == cells


@pytest.mark.parametrize(
    "text",
    [
        "class Value: pass",
        "{",
        '{"cells": [}',
        '{"cells":' + "[" * 200_000,
        '{"a":' * 100_000,
        '{"cells": ' + "9" * 10_000 + "}",
    ],
)
def test_a_file_that_is_not_a_notebook_has_no_cells(text: str) -> None:
    assert read_cells(text) is None


@given(ANYTHING)
def test_any_json_can_be_read_without_an_error(cells: Any) -> None:
    found = read_cells(json.dumps({"cells": cells}))
    assert found is None or all(isinstance(cell, str) for cell in found)


def test_a_notebook_may_be_larger_than_a_file_because_of_its_outputs() -> None:
    def padded(size: int) -> bytes:
        bare = len(json.dumps({"cells": [CODE], "output": ""}))
        return json.dumps({"cells": [CODE], "output": "x" * (size - bare)}).encode()

    whole = padded(MAX_NOTEBOOK_BYTES)
    assert decode_source(whole, "Engine.IPYNB") == whole.decode()
    with pytest.raises(TooLarge, match="Clear the notebook's outputs"):
        decode_source(padded(MAX_NOTEBOOK_BYTES + 1), "engine.ipynb")
    with pytest.raises(TooLarge, match="262,144"):
        decode_source(padded(MAX_BYTES + 1), "engine.py")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"class Value: pass", "Save it again in Jupyter as .ipynb"),
        (json.dumps({"cells": [TEXT]}).encode(), "no code"),
        (json.dumps({"cells": [CODE | {"source": " \n"}]}).encode(), "no code"),
    ],
)
def test_a_file_named_ipynb_must_be_a_notebook_with_code(content: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as invalid:
        decode_source(content, "engine.ipynb")
    assert invalid.value.fields.keys() == {"file"}
