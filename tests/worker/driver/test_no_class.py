"""If a file has no class that could be the engine, the message says where it is instead."""

from __future__ import annotations

import pytest

from tests.worker.driver.in_process import line_of, load
from tests.worker.sandbox.programs import HONEST

LOST = "The class Value is lost: its name is used for something else later in the file."
NONE = "We found no class with + and *. Define `class Value` with `__add__` and `__mul__`."
END = HONEST.count("\n")
MUL = "def __mul__(self, o): ..."
MISSING = "missing_module"


def explain(source: str, kind: str = "no_class") -> tuple[str, int | None]:
    problem = load(source)["problem"]
    assert problem["kind"] == kind
    return problem["message"], problem["line"]


@pytest.mark.parametrize(
    ("imports", "name", "module", "line"),
    [
        (
            "import math\nfrom micrograd.engine import Value\na = Value(3)",
            "Value",
            "micrograd.engine",
            2,
        ),
        ("from micrograd.engine import *\nx = Value(3)", "Value", "micrograd.engine", 1),
        ("from micrograd.engine import *\nx = 3", "Everything", "micrograd.engine", 1),
        ("import micrograd.engine\nValue = micrograd.engine.Value", "Value", "micrograd.engine", 1),
    ],
)
def test_a_class_imported_from_a_missing_module_must_be_in_the_file(
    imports: str, name: str, module: str, line: int
) -> None:
    sentence = f"{name} is imported from {module}, which isn't available here."
    assert explain(imports, MISSING) == (f"{sentence} Put the class into this file.", line)


@pytest.mark.parametrize(
    ("imports", "name", "file", "line"),
    [
        ("from .engine import Tensor", "Tensor", "engine.py", 1),
        ("from value import Value\nclass Mine(Value): ...", "Value", "value.py", 1),
        ("x = 1\nfrom lib.engine import Value", "Value", "lib/engine.py", 2),
        ("from ..lib import engine\nValue = engine.Value", "Value", "lib.py", 1),
        ("from engine import *", "Everything", "engine.py", 1),
        ("from .engine import *", "Everything", "engine.py", 1),
        ("from .engine import *\na = Value(3)", "Value", "engine.py", 1),
    ],
)
def test_a_class_of_a_neighbouring_file_must_be_in_this_one(
    imports: str, name: str, file: str, line: int
) -> None:
    sentence = f"{name} is imported from {file}, which wasn't handed in."
    assert explain(imports, MISSING) == (f"{sentence} Put the class into this file.", line)


@pytest.mark.parametrize(
    "source",
    [
        "from base import Node\n\nclass Value(Node):\n    pass\n",
        "import base\n\nclass Value(base.Node):\n    pass\n",
        "from .base import operators\n\n@operators\nclass Value:\n    pass\n",
        "from base import *\nclass Layer: ...\nclass Value(Node): ...\n",
    ],
)
def test_a_class_whose_operators_are_in_a_neighbouring_file_names_it(source: str) -> None:
    sentence = "The class Value itself needs base.py, which wasn't handed in."
    assert explain(source, MISSING) == (
        f"{sentence} Put it into this file.",
        line_of(source, "class Value"),
    )


@pytest.mark.parametrize(
    ("after", "line"),
    [
        ("x = 1\nValue = Value(3)\n", END + 2),
        ("def Value(): ...\n", END + 1),
        ("exec('Value = 3')\n", None),
    ],
)
def test_a_class_whose_name_is_used_for_something_else_is_reported(
    after: str, line: int | None
) -> None:
    assert explain(HONEST + after) == (LOST, line)


@pytest.mark.parametrize(
    ("source", "place", "line"),
    [
        (f"def make():\n    class Value:\n        {MUL}\n", "inside the function make()", 2),
        (
            f"class A:\n    class B:\n        class Value:\n            {MUL}\n",
            "inside the class A",
            3,
        ),
        (f"if __name__ == '__main__':\n    class Value:\n        {MUL}\n", "under", 2),
    ],
)
def test_a_class_that_cannot_be_found_is_reported_with_its_position(
    source: str, place: str, line: int
) -> None:
    message, found = explain(source)
    assert message.startswith(f"The class Value is {place}")
    assert message.endswith(". Move it to the top level of the file.")
    assert found == line


@pytest.mark.parametrize(
    ("head", "module"),
    [
        ("import makers\n@makers.define(slots=True)\nclass Value:", "makers"),
        ("from models import Model\n\nclass Value(Model):", "models"),
    ],
)
def test_a_class_made_by_a_missing_module_is_reported(head: str, module: str) -> None:
    fields = "    data: float\n    grad: float = 0.0\n    children: tuple = ()\n"
    rest = HONEST[HONEST.index("    def __add__") :]
    problem = load(f"{head}\n{fields}{rest}")["problem"]
    sentence = f"The class Value itself needs {module}.py, which wasn't handed in."
    sentence += " Put it into this file."
    assert (problem["kind"], problem["message"]) == ("missing_module", sentence)
    assert problem["line"] == 3


def test_a_class_only_decorated_by_a_missing_module_is_used() -> None:
    assert "interface" in load("import makers\n@makers.jit\n" + HONEST)


def test_an_operator_patched_in_by_a_missing_module_is_reported() -> None:
    source = "from patching.basics import patch\nclass Value: ...\n@patch\n"
    sentence = "__mul__ is put into its class by patching/basics.py, which wasn't handed in."
    found = explain(f"{source}{MUL}\n".replace("self", "self: Value"), MISSING)
    assert found == (f"{sentence} Write it in the class.", 4)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\n", NONE),
        ("class Value: ...\n", f"{NONE} The classes found: Value."),
        (f"if False:\n    class Value:\n        {MUL}\n", NONE),
    ],
)
def test_a_file_without_any_such_class_says_what_to_define(source: str, message: str) -> None:
    assert explain(source) == (message, None)
