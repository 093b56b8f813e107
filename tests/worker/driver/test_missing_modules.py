"""A missing module costs nothing until the code needs a number from it. Then it is reported."""

from __future__ import annotations

import sys

import pytest

from tests.worker.driver.in_process import failure, found, line_of, load, observe
from tests.worker.sandbox.programs import HONEST

NEEDED = (
    "ModuleNotFoundError: torch.tensor is needed, but torch isn't available here: "
    "only Python's standard library is available."
)
SUM = "a = Value(2)\nb = Value(3)\nc = a + b\nc.backward()"


def notes(source: str) -> list[str]:
    told: list[str] = found(source)["notes"]
    return told


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import torch", "torch"),
        ("import torch.nn.functional as F", "torch"),
        ("from torch import nn, optim", "torch"),
        ("from torch.utils.data import *", "torch"),
        ("from __future__ import annotations\nimport no_such_module", "no_such_module"),
        ("from typing import NotInThisPython", "typing.NotInThisPython"),
        ("from .engine import Module", "engine.Module"),
        ("from . import engine", "engine"),
        ("def later():\n    import torch\nlater()", "torch"),
    ],
)
def test_an_import_of_a_missing_module_succeeds_and_is_reported(line: str, module: str) -> None:
    assert notes(f"{line}\n{HONEST}") == [
        f"{module} isn't available here; a placeholder was used instead."
    ]


def test_a_file_may_handle_a_missing_module_itself() -> None:
    for handler in ("ImportError", "(ValueError, ModuleNotFoundError)", "Exception", ""):
        source = f"try:\n    import torch\nexcept {handler}:\n    torch = None\nassert not torch\n"
        assert notes(source + HONEST) == []
    source = "try:\n    import torch\nexcept ValueError:\n    torch = None\nassert torch\n"
    assert notes(source + HONEST) == ["torch isn't available here; a placeholder was used instead."]


def test_imports_of_other_modules_get_no_placeholder() -> None:
    source = "import importlib\nimportlib.import_module('torch')\n" + HONEST
    (told,) = notes(source)
    assert told.startswith("Line 2 was left out: ModuleNotFoundError: No module named 'torch': ")
    assert "torch" not in sys.modules


HARMLESS = """
import torch as t
from torch import nn
class Net(nn.Module, metaclass=type):
    def __init__(self):
        super().__init__(1, key=2)
        self.layer: t.Tensor[float] = nn.Linear(2, 3)
    @t.no_grad()
    def forward(self, x): return self.layer(x)
    @t.jit.script
    def plain(self): return 1
class Sub(nn.Module, option=True): pass
Kind = t.Tensor | float | None
Other = int | t.Tensor
assert not isinstance(1, t.Tensor) and not issubclass(int, t.Tensor)
assert isinstance(1, (str, int, t.Tensor)) and isinstance(1.5, Kind) and isinstance(None, Kind)
assert isinstance(3, Other) and not isinstance("", Other)
assert type(1) not in (t.float32, t.float64) and t.float32 != "float32"
assert Net().plain() == 1 and len({t.float32, t.float64}) == 2
device = "cuda" if t.cuda.is_available() else "cpu"
assert device == "cpu"
t.backends.cudnn.deterministic = True
t.rc["font"] = 12
with t.no_grad() as context: pass
assert "torch.nn" in repr(nn) + f"{nn}"
assert not hasattr(t, "__file__x__") and not hasattr(nn, "__array__")
if t: pass
x = t.tensor([1, 2])[0].item
del x
"""


def test_a_placeholder_does_everything_but_numbers() -> None:
    assert notes(HARMLESS + HONEST) == [
        "torch isn't available here; a placeholder was used instead."
    ]


@pytest.mark.parametrize(
    "use",
    [
        "x + 1", "1 + x", "x * 2.5", "-x", "abs(x)", "x ** 2", "x / x", "x @ x", "x < 1", "1 >= x",
        "x == 3", "3.5 == x", "float(x)", "int(x)", "complex(x)", "round(x)", "bool(x)", "not x",
        "len(x)", "list(x)", "[*x]", "1 in x", "range(x)", "x | 3", "import math; math.exp(x)",
    ],
)  # fmt: skip
def test_a_placeholder_has_no_number(use: str) -> None:
    told = notes(f"import torch\nx = torch.tensor(1.0)\n{use}\n" + HONEST)
    assert told[1:] == [f"Line 3 was left out: {NEEDED}"]


def test_a_function_that_calls_a_missing_module_is_unsupported() -> None:
    source = "import torch\n" + HONEST
    source += "    def tanh(self):\n        return Value(torch.tanh(self.data) * 1.0)\n"
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}
    verdict, message = failure(source, "a = Value(2)\nb = a.tanh()", "b")
    assert verdict == "unsupported"
    place = f" (line {line_of(source, 'torch.tanh')})"
    assert message == NEEDED.replace("torch.tensor", "torch.tanh") + place


@pytest.mark.parametrize("array", ["torch.tensor(data)", "torch.tensor(data).double().item()"])
def test_a_class_that_needs_a_missing_module_is_a_problem_at_the_import(array: str) -> None:
    source = "x = 1\nimport torch\n" + HONEST.replace("self.data = data", f"self.data = {array}")
    problem = load(source)["problem"]
    assert problem["kind"] == "load_error"
    assert (problem["line"], problem["source_line"]) == (2, "import torch")
    assert "torch isn't available here" in problem["message"]


@pytest.mark.parametrize(
    "line", ["from .config import DEBUG", "from config import DEBUG", "import config"]
)
def test_code_of_a_neighbouring_file_must_be_in_this_one(line: str) -> None:
    asked = "config.DEBUG" if line == "import config" else "DEBUG"
    asks = f"self.data = 0.0 if {asked} else data"
    source = f"x = 1\n{line}\n" + HONEST.replace("self.data = data", asks)
    problem = load(source)["problem"]
    assert (problem["line"], problem["source_line"]) == (2, line)
    assert problem["message"] == (
        "ModuleNotFoundError: config.DEBUG is needed, but config isn't available here: "
        "if it's a file of your own, put the code into this file."
    )


def test_a_logger_of_a_neighbouring_file_is_not_enabled() -> None:
    asks = "if logger.isEnabledFor(10): 1 / 0\n        self.data = data"
    source = "from .config import logger\n" + HONEST.replace("self.data = data", asks)
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}


def test_a_missing_part_of_the_standard_library_is_named_as_such(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "turtle", None)
    told = notes("import turtle\nturtle.forward(100) + 1\n" + HONEST)
    assert told[-1].endswith("this part of the standard library is not available here.")
