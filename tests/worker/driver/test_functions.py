"""A function may be anywhere in the file, ask for a second argument, or not be written yet."""

from __future__ import annotations

import math

import pytest

from tests.worker.driver.in_process import failure, line_of, observe
from tests.worker.sandbox.programs import HONEST

TANH = """\
        out = Value(math.tanh(x.data), (x,))
        def step():
            x.grad += (1 - out.data ** 2) * out.grad
        out._step = step
        return out
"""
METHOD = TANH.replace("x.", "self.").replace("(x,)", "(self,)")
AT_TOP = TANH.replace("\n    ", "\n").replace("        out = V", "    out = V")
USED = "x = Value(0.5)\ny = x.tanh()\ny.backward()"
VALUE = math.tanh(0.5)
RIGHT = {"numbers": [VALUE, 0.5, 1, 1 - VALUE**2]}


def inner(head: str, first: str = "x", indent: str = "") -> str:
    """A class within the engine's own class, with tanh in it."""
    lines = f"{head}\n        {indent}def tanh({first}):\n"
    return HONEST + lines + "".join(f"    {indent}{line}\n" for line in TANH.splitlines())


NESTED = {
    "a class in the class": inner("    class Functions:"),
    "static, in a class in the class": inner("    class F:\n        @staticmethod"),
    "of a class in the class": inner("    class F:\n        @classmethod", "cls, x"),
    "with self, in a class in the class": inner("    class F:", "self, x"),
    "two classes deep": inner("    class A:\n        class B:", indent="    "),
    "an operation class in the class": inner("    class F:\n        class Tanh:", "self, x", "    ")
    .replace("def tanh", "def __call__"),
    "applied, in the class": inner("    class Tanh:\n        @staticmethod").replace(
        "def tanh", "def apply"
    ),
    "a class beside it": f"{HONEST}class F:\n    def tanh(x):\n{TANH}",
    "with self, in a class beside it": f"{HONEST}class F:\n    def tanh(self, x):\n{TANH}",
    "a dictionary": f"{HONEST}def f(x):\n{AT_TOP}FUNCTIONS = {{'tanh': f}}\n",
    "a dictionary in the class": f"{HONEST}def f(x):\n{AT_TOP}Value.ops = {{'tanh': f}}\n",
    "a namespace in the class": "from types import SimpleNamespace\n"
    f"{HONEST}def f(x):\n{AT_TOP}Value.nn = SimpleNamespace(tanh=f)\n",
    "an object in the class": f"{HONEST}class F:\n    def tanh(self, x):\n{TANH}Value.f = F()\n",
    "with an underscore after it": f"{HONEST}    def tanh_(self):\n{METHOD}",
    "private": f"{HONEST}    def _tanh(self):\n{METHOD}",
    "private, at the top": f"{HONEST}def _tanh(x):\n{AT_TOP}",
    "with another ending": f"{HONEST}def tanh_fn(x):\n{AT_TOP}",
    "with another beginning": f"{HONEST}def v_tanh(x):\n{AT_TOP}",
    "in capitals": f"{HONEST}def Tanh(x):\n{AT_TOP}",
}  # fmt: skip


@pytest.mark.parametrize("source", NESTED.values(), ids=NESTED)
def test_a_function_is_found_in(source: str) -> None:
    assert observe(f"import math\n{source}", USED, "y", "x") == RIGHT


def test_an_operation_that_changes_its_operand_is_no_function() -> None:
    lack = ("unsupported", "Value has no tanh().")
    source = f"{HONEST}    def tanh_(self):\n        self.data = 1\n        return self\n"
    assert failure(source, USED, "y") == lack
    private = f"{HONEST}def _tanh(x):\n    return x.data + 1\n"
    assert failure(private, USED, "y") == lack


# Second arguments

SECOND = """
    def {}(self, {}):
        out = Value({}, (self,))
        def step():
            self.grad += {} * out.grad
        out._step = step
        return out
"""
LOGARITHM = ("math.log(self.data, {0})", "1 / (self.data * math.log({0}))")
ROOT = ("self.data ** (1 / {0})", "1 / {0} * self.data ** (1 / {0} - 1)")
LEAKY = ("max(self.data, {0} * self.data)", "(1 if self.data > 0 else {0})")
VALUES = {
    "log": [math.log(2), 0.5],
    "exp": [math.e**2, math.e**2],
    "relu": [2, 1],
    "tanh": [math.tanh(2), 1 - math.tanh(2) ** 2],
    "sqrt": [2**0.5, 0.5 * 2**-0.5],
}


@pytest.mark.parametrize(
    ("name", "parameters", "used", "formulas"),
    [
        ("log", "base", "base", LOGARITHM),
        ("log", "b", "b", LOGARITHM),
        ("log", "other", "other", LOGARITHM),
        ("log", "*, base", "base", LOGARITHM),
        ("log", "base=10", "base", LOGARITHM),
        ("log", "base=math.e", "base", LOGARITHM),
        ("log", "base=None", "(base or math.e)", LOGARITHM),
        ("exp", "base", "base", ("{0} ** self.data", "out.data * math.log({0})")),
        ("relu", "slope", "slope", LEAKY),
        ("relu", "leak", "leak", LEAKY),
        ("relu", "a", "a", LEAKY),
        ("relu", "threshold", "threshold", ("max(self.data, {0})", "(self.data > {0})")),
        ("tanh", "scale", "scale", ("math.tanh({0} * self.data)", "{0} * (1 - out.data ** 2)")),
        ("tanh", "label", "label", ("math.tanh(len({0}.strip()) + 2)", "(1 - out.data ** 2)")),
        ("sqrt", "root", "root", ROOT),
        ("sqrt", "degree, name", "degree", ROOT),
        ("sqrt", "n", "n", ROOT),
    ],
)
def test_a_second_argument_is_given_so_that_it_changes_nothing(
    name: str, parameters: str, used: str, formulas: tuple[str, str]
) -> None:
    number, slope = (formula.format(used) for formula in formulas)
    method = SECOND.format(name, parameters, number, slope)
    program = f"x = Value(2)\ny = x.{name}()\ny.backward()"
    for text in (method, method.replace("\n    ", "\n").replace("self", "x")):
        answer = observe(f"import math\n{HONEST}{text}", program, "y", "x")
        assert [answer["numbers"][i] for i in (0, 3)] == pytest.approx(VALUES[name], rel=1e-12)


@pytest.mark.parametrize("parameters", ["base, x", "b, node", "basis, self"])
def test_the_base_of_a_logarithm_may_come_first(parameters: str) -> None:
    base, node = parameters.split(", ")
    method = SECOND.format("log", "", *(part.format(base) for part in LOGARITHM))
    function = method.replace("\n    ", "\n").replace("self, ", parameters).replace("self", node)
    answer = observe(
        f"import math\n{HONEST}{function}", "x = Value(2)\ny = x.log()\ny.backward()", "y", "x"
    )
    assert [answer["numbers"][i] for i in (0, 3)] == pytest.approx(VALUES["log"], rel=1e-12)


def test_an_argument_without_an_obvious_value_is_an_error() -> None:
    source = HONEST + SECOND.format("tanh", "other", "0", "0")
    verdict, message = failure(source, USED, "y")
    assert verdict == "error"
    assert "missing 1 required positional argument: 'other'" in message


# What isn't written yet

BODIES = [
    *("pass", "...", "'Later.'", "'Later.'\n        pass", "return", "return None"),
    *("raise NotImplementedError", "raise NotImplementedError('later')", "return NotImplemented"),
    "'Later.'\n        raise NotImplementedError()",
]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    ("head", "use", "shown"),
    [
        ("def exp(self)", "a.exp()", "exp()"),
        ("def ln(self)", "a.log()", "log()"),
        ("@staticmethod\n    def exp(x)", "a.exp()", "exp()"),
        ("def __neg__(self)", "-a", "Value.__neg__"),
        ("def __sub__(self, other)", "a - a", "Value.__sub__"),
        ("def __pow__(self, n)", "a ** 2", "Value.__pow__"),
        ("def __rsub__(self, other)", "2 - a", "Value.__rsub__"),
        ("def __isub__(self, other)", "a\nb -= a", "Value.__isub__"),
    ],
)
def test_a_body_that_does_nothing_is_not_written_yet(
    body: str, head: str, use: str, shown: str
) -> None:
    source = f"{HONEST}    {head}:\n        {body}\n"
    verdict, message = failure(source, f"a = Value(2)\nb = {use}", "b")
    assert verdict == "unsupported"
    said = "NotImplementedError: later (line "  # its own message is shown
    assert message.startswith(
        (f"{shown} isn't written yet (line ", said if "later" in body else "-")
    )


@pytest.mark.parametrize(
    ("unwritten", "written"),
    [
        (f"def tanh(x):\n    pass\n{HONEST}", f"    def tanh(self):\n{METHOD}"),
        (f"{HONEST}    def tanh(self): ...\n", f"def tanh(x):\n{AT_TOP}"),
        (f"{HONEST}    def tanh(self): ...\n", f"class F:\n    def tanh(x):\n{TANH}"),
        (f"class F:\n    def tanh(x): ...\n{HONEST}", f"class G:\n    def tanh(x):\n{TANH}"),
    ],
)
def test_another_function_that_is_written_is_used(unwritten: str, written: str) -> None:
    assert observe(f"import math\n{unwritten}{written}", USED, "y", "x") == RIGHT


FUNCTIONS = """\
class Node:
    pass

def node(x, of=()):
    n = Node()
    n.data, n.grad, n.of = x, 0.0, of
    return n

def mul(a, b):
    return node(a.data * b.data, ((a, b.data), (b, a.data)))

def sub(a, b):
    ...

def backward(n, g=1.0):
    n.grad += g
    for m, s in n.of:
        backward(m, g * s)
"""


def test_functions_of_an_engine_without_a_class_may_not_be_written_yet() -> None:
    program = "a = Value(2)\nb = a * a\nb.backward()"
    assert observe(FUNCTIONS, program, "a") == {"numbers": [2, 4]}
    told = failure(FUNCTIONS, "a = Value(2)\nb = a - a", "b")
    assert told == (
        "unsupported",
        f"sub() isn't written yet (line {line_of(FUNCTIONS, 'def sub')}).",
    )


@pytest.mark.parametrize(
    ("name", "use", "value"), [("power", "a ** 3", 8), ("pow_", "a ** 3", 8), ("sub", "a - a", 0)]
)
def test_a_function_of_the_file_replaces_a_missing_operator(
    name: str, use: str, value: float
) -> None:
    body = "Value(x.data ** n)" if "**" in use else "Value(x.data - n.data)"
    source = f"{HONEST}def {name}(x, n):\n    return {body}\n"
    assert observe(source, f"a = Value(2)\nb = {use}", "b")["numbers"][0] == value
    number = source.replace("Value(x", "(x")
    verdict, message = failure(number, f"a = Value(2)\nb = {use}", "b")
    assert verdict == "unsupported"
    assert message.endswith("is missing.")
