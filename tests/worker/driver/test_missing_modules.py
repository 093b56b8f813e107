"""A missing module costs nothing until the code needs a number from it. Then it is reported."""

from __future__ import annotations

import sys

import pytest

from tests.worker.driver.in_process import PRODUCT, failure, found, line_of, load, observe
from tests.worker.sandbox.programs import HONEST

NEEDED = (
    "ModuleNotFoundError: torch.tensor is needed, but torch isn't available here: "
    "only Python's standard library is available."
)
SUM = "a = Value(2)\nb = Value(3)\nc = a + b\nc.backward()"


def notes(source: str) -> list[str]:
    told: list[str] = found(source)["notes"]
    return told


MISSING = "{} isn't available here; a placeholder was used instead."
NOT_HANDED_IN = "{}.py wasn't handed in; a placeholder was used instead."


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import torch", "torch"),
        ("import torch.nn.functional as F", "torch"),
        ("from torch import nn, optim", "torch"),
        ("from torch.utils.data import *", "torch"),
        ("from typing import NotInThisPython", "typing.NotInThisPython"),
        ("def later():\n    import torch\nlater()", "torch"),
        ("import importlib\nnn = importlib.import_module('torch.nn')", "torch"),
    ],
)
def test_an_import_of_a_missing_module_succeeds_and_is_reported(line: str, module: str) -> None:
    assert notes(f"{line}\n{HONEST}") == [MISSING.format(module)]


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("from __future__ import annotations\nimport no_such_module", "no_such_module"),
        ("from functions import Function, Context", "functions"),
        ("from .engine import Module", "engine"),
        ("from . import engine", "engine"),
        ("from . import engine as e\nassert e.Module is not None", "engine"),
        ("from ..lib.engine import Module", "lib/engine"),
        ("import lib.engine, lib.engine.ops", "lib/engine/ops"),
        ("from .. import lib", "lib"),
        ("from ... import lib as other\nassert other.Module is not None", "lib"),
        ("from ........lib import Module", "lib"),
        ("from .math import exp", "math"),
        ("from .torch import tensor", "torch"),
        ("from importlib import import_module\nops = import_module('ops')", "ops"),
        ("from importlib import import_module\nimport_module('.ops', __package__)", "ops"),
        ("ops = __import__('ops')", "ops"),
        ("def later():\n    from .ops import add\nlater()", "ops"),
    ],
)
def test_an_import_of_a_neighbouring_file_succeeds_and_is_reported(line: str, file: str) -> None:
    assert notes(f"{line}\n{HONEST}") == [NOT_HANDED_IN.format(file)]


def test_a_file_may_handle_a_missing_module_itself() -> None:
    for handler in ("ImportError", "(ValueError, ModuleNotFoundError)", "Exception", ""):
        source = f"try:\n    import torch\nexcept {handler}:\n    torch = None\nassert not torch\n"
        assert notes(source + HONEST) == []
    source = "try:\n    import torch\nexcept ValueError:\n    torch = None\nassert torch\n"
    assert notes(source + HONEST) == ["torch isn't available here; a placeholder was used instead."]


def test_imports_of_other_modules_get_no_placeholder() -> None:
    source = "import pydoc\npydoc.safeimport('torch').x\n" + HONEST
    (told,) = notes(source)
    assert told.startswith("Line 2 was left out: AttributeError: 'NoneType' object")
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
    assert problem["kind"] == "missing_module"
    assert (problem["line"], problem["source_line"]) == (2, "import torch")
    assert "torch isn't available here" in problem["message"]


@pytest.mark.parametrize(
    "line", ["from .config import SCALED", "from config import SCALED", "import config"]
)
def test_code_of_a_neighbouring_file_must_be_in_this_one(line: str) -> None:
    asked = "config.SCALED" if line == "import config" else "SCALED"
    asks = f"self.data = 0.0 if {asked} else data"
    source = f"x = 1\n{line}\n" + HONEST.replace("self.data = data", asks)
    problem = load(source)["problem"]
    assert (problem["line"], problem["source_line"]) == (2, line)
    assert problem["message"] == (
        "config.py wasn't handed in: 'SCALED' comes from it. Put it into this file."
    )


@pytest.mark.parametrize(
    "asked",
    ["DEBUG", "not VERBOSE_GRAPH", "config.debug", "DEBUG >= 2", "is_debug()", "VERBOSITY == 3"],
)
def test_what_a_file_prints_needs_no_setting_of_a_neighbouring_file(asked: str) -> None:
    asks = "from .settings import DEBUG, VERBOSE_GRAPH, VERBOSITY, config, is_debug\n        "
    asks += f"if {asked}: print('made', data)\n        self.data = data"
    source = HONEST.replace("self.data = data", asks)
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}


@pytest.mark.parametrize("asked", ["TRACING", "debug_clip(data) < 1", "debug[0]"])
def test_what_may_change_a_result_is_no_setting_of_what_is_printed(asked: str) -> None:
    asks = "from .settings import TRACING, debug, debug_clip\n        "
    asks += f"self.data = 0.0 if {asked} else data"
    problem = load(HONEST.replace("self.data = data", asks))["problem"]
    assert problem["message"].startswith("settings.py wasn't handed in: ")


def test_the_number_of_such_a_setting_is_missing() -> None:
    asks = "from .settings import DEBUG\n        self.data = data + DEBUG"
    problem = load(HONEST.replace("self.data = data", asks))["problem"]
    assert problem["message"].startswith("settings.py wasn't handed in: 'DEBUG' comes from it.")


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


# What a file that wasn't handed in would have

OPERATION = "class Mul(Function):\n    def forward(self, a, b):\n        return a * b\n\n\n"
PUT_IT_HERE = "Put it into this file."


def without_product(head: str, product: str) -> str:
    """An engine whose product needs what `head` imports."""
    begin = HONEST.index("        out = Value(self.data * ")
    own = HONEST[begin : HONEST.index("    def backward")]
    return f"{head}\n" + HONEST.replace(own, f"        return {product}\n\n")


@pytest.mark.parametrize(
    ("head", "product", "name"),
    [
        (f"from functions import Function\n{OPERATION}", "Mul()(self, other)", "Function"),
        (f"from .functions import Function\n{OPERATION}", "Mul()(self, other)", "Function"),
        (f"from functions import *\n{OPERATION}", "Mul()(self, other)", "Function"),
        (f"import functions as F\n{OPERATION.replace('Fun', 'F.Fun')}", "Mul()(self)", "Function"),
        ("from functions import *", "Mul()(self, other)", "Mul"),
        ("from functions import *", "multiply(self, other)", "multiply"),
        ("from .functions import multiply", "multiply(self, other)", "multiply"),
        ("import functions as F", "F.multiply(self, other)", "multiply"),
        ("from .. import functions as F", "F.multiply(self, other)", "multiply"),
        ("from . import functions", "functions.multiply(self, other)", "multiply"),
        ("import functions", "functions.ops.Mul.apply(self, other)", "ops"),
        ("from functions import registry", "registry['*'](self, other)", "registry"),
        ("from functions import EPS", "Value(self.data * other.data + EPS)", "EPS"),
    ],
)
def test_an_operation_of_a_neighbouring_file_names_it(head: str, product: str, name: str) -> None:
    source = without_product(head, product)
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}
    verdict, message = failure(source, "a = Value(2)\nb = a * a", "b")
    assert verdict == "unsupported"
    lack = f"functions.py wasn't handed in: {name!r} comes from it"
    place = f" (line {line_of(source, f'return {product}')})"
    assert message in (f"{lack}. {PUT_IT_HERE}", f"{lack}{place}. {PUT_IT_HERE}")


@pytest.mark.parametrize(
    ("product", "lack"),
    [
        ("Mul.apply(self, other)", "AttributeError: type object 'Mul' has no attribute 'apply'"),
        ("Mul().run(self)", "AttributeError: 'Mul' object has no attribute 'run'"),
        ("Mul().forward(self, other)", "AttributeError: 'super' object has no attribute 'forward'"),
    ],
)
def test_what_a_class_inherits_from_a_neighbouring_file_names_it(product: str, lack: str) -> None:
    head = "from functions import Function\nclass Mul(Function):\n    def forward(self, a, b):\n"
    source = without_product(f"{head}        return super().forward(a, b)\n", product)
    verdict, message = failure(source, "a = Value(2)\nb = a * a", "b")
    assert verdict == "unsupported"
    assert message.startswith(f"{lack} (line ")
    named = "functions.py wasn't handed in: 'Function' comes from it"
    assert message.endswith(f"). {named}. {PUT_IT_HERE}")


def test_a_method_or_operator_of_a_base_in_a_neighbouring_file_names_it() -> None:
    source = "from base import Operators\n" + HONEST.replace(
        "class Value", "class Value(Operators)"
    )
    named = f"base.py wasn't handed in: 'Operators' comes from it. {PUT_IT_HERE}"
    for use in ("a - a", "a.tanh()", "2 / a", "-a"):
        assert failure(source, f"a = Value(2)\nb = {use}", "b") == ("unsupported", named)
    assert observe(source, SUM, "a") == {"numbers": [2, 1]}


def test_a_decorator_of_a_neighbouring_file_is_named_where_its_function_fails() -> None:
    source = "from helpers import coerce\n" + HONEST.replace(
        "    def __m", "    @coerce\n    def __m"
    )
    assert observe(source, PRODUCT, "a") == {"numbers": [2, 3]}
    source = source.replace("other.data", "other.numbers")
    verdict, message = failure(source, PRODUCT, "a")
    assert verdict == "unsupported"
    assert message.startswith("AttributeError: 'Value' object has no attribute 'numbers' (line ")
    assert message.endswith(f"helpers.py wasn't handed in: 'coerce' comes from it. {PUT_IT_HERE}")
    verdict, message = failure(source.replace("helpers", "torch"), PRODUCT, "a")
    assert verdict == "error"


def test_a_decorator_that_a_neighbouring_file_makes_of_slopes_is_named() -> None:
    made = "    @gradient(lambda a, b: (b, a))\n    def __mul__(a, b): return a.data * b.data\n"
    source = "from helpers import gradient\n" + HONEST + made
    assert failure(source, PRODUCT, "a") == (
        "unsupported",
        f"helpers.py wasn't handed in: 'gradient' comes from it. {PUT_IT_HERE}",
    )
    harmless = "import numba\ntwice = numba.njit(lambda x: 2 * x)\nassert twice(2) == 4\n"
    assert len(notes(harmless + HONEST)) == 1


@pytest.mark.parametrize(
    "head", ["from helpers import Meta", "from helpers import M\nclass Meta(M): ..."]
)
def test_a_metaclass_of_a_neighbouring_file_costs_nothing(head: str) -> None:
    source = f"{head}\n" + HONEST.replace("class Value", "class Value(metaclass=Meta)")
    assert observe(source, PRODUCT, "a") == {"numbers": [2, 3]}


def test_a_class_may_also_derive_from_a_number() -> None:
    source = "from helpers import Base\nclass Special(Base, float): ...\nassert Special(3) == 3\n"
    assert notes(source + HONEST) == [NOT_HANDED_IN.format("helpers")]


def test_a_star_import_gives_only_names_that_the_file_never_sets() -> None:
    source = """
import sys
from math import *
from helpers import *
def later():
    global counter
    counter = 1
    return unknown
for item in ():
    pass
try:
    pass
except ValueError as caught:
    pass
assert exp(0) == 1 and len("") == 0
set_here = {"sys", "later", "counter", "item", "caught", "Value"}
assert set_here & globals().keys() == {"sys", "later"}
assert "unknown" in globals()
"""
    assert notes(source + HONEST) == [NOT_HANDED_IN.format("helpers")]


def test_a_second_class_that_needs_a_missing_module_does_not_matter() -> None:
    other = HONEST.replace("Value", "Other").replace("= data", "= torch.tensor(data).item() + 0")
    scalar = HONEST.replace("Value", "Mine")
    assert found(f"import torch\n{other}{scalar}")["class"] == "Mine"


def test_members_of_a_neighbouring_files_enum_are_the_same_each_time() -> None:
    for head, op in (("from ops import Op", "Op"), ("import ops", "ops.Op")):
        source = HONEST.replace("data, children=()", f"data, children=(), op={op}.LEAF")
        source = source.replace("self.data = data", "self.data, self.op = data, op")
        source = source.replace("(self, other))", f"(self, other), {op}.NODE)")
        source = source.replace(
            "        node._step", f"        if node.op == {op}.NODE: node._step"
        )
        source = source.replace(
            "self._step = lambda", f"assert op is {op}.LEAF or children; self._step = lambda"
        )
        assert observe(f"{head}\n{source}", PRODUCT, "a") == {"numbers": [2, 3]}


def test_a_name_that_is_made_of_a_neighbouring_files_names_it() -> None:
    source = without_product("from config import SCALE\nEPS = SCALE * 2", "Value(self.data + EPS)")
    (skipped, noted) = notes(source)
    assert NOT_HANDED_IN.format("config") in (skipped, noted)
    verdict, message = failure(source, "a = Value(2)\nb = a * a", "b")
    assert verdict == "unsupported"
    assert message.startswith("config.py wasn't handed in: 'SCALE' comes from it (line ")


def test_a_backward_in_a_neighbouring_files_base_names_it() -> None:
    head = HONEST[: HONEST.index("    def backward")]
    source = "from base import Node\n" + head.replace("class Value", "class Value(Node)")
    named = f"base.py wasn't handed in: 'Node' comes from it. {PUT_IT_HERE}"
    assert failure(source, SUM, "a") == ("unsupported", f"Value has no backward(). {named}")


def test_a_lambda_that_a_neighbouring_file_gets_still_runs() -> None:
    head = "from helpers import traced\n"
    source = head + HONEST.replace("out._step = step", "out._step = traced(lambda: step())")
    assert "traced(lambda" in source
    assert observe(source, PRODUCT, "a", "b") == {"numbers": [2, 3, 3, 2]}


def test_of_a_package_with_many_missing_files_five_are_named() -> None:
    imports = "".join(f"from mylib.m{number} import f{number}\n" for number in range(8))
    told = notes(imports + HONEST)
    assert told[4] == "mylib/m4.py wasn't handed in; a placeholder was used instead."
    assert told[5:] == ["mylib has 3 more files that are missing here."]
