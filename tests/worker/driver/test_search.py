"""The search finds the class and its parts, and never repairs a wrong engine.

`test_spellings` has an engine for each way to write one.
"""

from __future__ import annotations

import signal
from types import ModuleType
from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import (
    PRODUCT,
    ask,
    failure,
    found,
    line_of,
    load,
    observe,
    undisturbed,
)
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.messages import MODULE
from worker.driver.file.work_budget import MOST_TICKS, Guard, start_ticks
from worker.driver.graph.engine import Engine
from worker.driver.graph.reading import SAY_IT
from worker.driver.load import load as load_file

USUAL: dict[str, Any] = {
    "class": "Value",
    "data": "data",
    "grad": "grad",
    "backward": "backward()",
    "seed": None,
    "leaf": "{}",
    "adapt": "",
    "functions": {},
    "taken": [],
    "unseeded": False,
    "warning": "",
    "notes": [],
}
SCALAR = HONEST.replace("Value", "Scalar")


def numbers(source: str) -> Any:
    return observe(source, PRODUCT, "a", "b")["numbers"]


# Which class


def test_value_is_preferred_though_another_class_works() -> None:
    assert found(SCALAR + HONEST)["class"] == "Value"


def test_value_is_preferred_though_it_is_wrong() -> None:
    wrong = HONEST.replace("self.grad += other.data", "self.grad = self.data")
    assert found(SCALAR + wrong)["class"] == "Value"


def test_a_class_that_works_replaces_a_value_that_cannot_be_created() -> None:
    unready = "class Value:\n    def __init__(self):\n        ...\n    def __add__(self, o): ...\n"
    assert found(unready + SCALAR)["class"] == "Scalar"
    assert load(unready)["problem"]["kind"] == "no_leaf"
    assert found(unready + SCALAR.replace("__mul__", "__matmul__"))["class"] == "Scalar"


def test_a_class_that_works_replaces_a_value_without_a_number() -> None:
    unready = "class Value:\n    def __init__(self, data):\n        ...\n"
    unready += "    def __add__(self, o): ...\n"
    assert found(unready + SCALAR)["class"] == "Scalar"
    assert found(unready + SCALAR.replace("__mul__", "__matmul__"))["class"] == "Value"


def test_the_derived_class_is_used_if_two_work() -> None:
    assert found(SCALAR + "class Special(Scalar):\n    pass\n")["class"] == "Special"


def test_a_class_with_a_usual_name_is_used_if_two_work() -> None:
    assert found(HONEST.replace("Value", "Mine") + SCALAR)["class"] == "Scalar"


def test_no_class_is_used_if_two_work_under_unusual_names() -> None:
    source = HONEST.replace("Value", "One") + HONEST.replace("Value", "Two")
    problem = load(source)["problem"]
    assert problem["kind"] == "ambiguous_class"
    assert "# chainrule: class=NAME" in problem["message"]
    assert found("# chainrule: class=Two\n" + source)["class"] == "Two"


@pytest.mark.parametrize(
    "made",
    [
        "types.new_class('Value', (), {}, lambda held: held.update(members))",
        "dataclasses.make_dataclass('Value', ['data', ('grad', float, 0.0)], namespace=members)",
        "type('Value', (), members)",
        "abc.ABCMeta('Value', (), members)",
    ],
)
def test_a_class_that_a_call_makes_is_the_files_own(made: str) -> None:
    source = HONEST + f"members = dict(vars(Value))\ndel Value\nValue = {made}\n"
    assert found("import abc, dataclasses, types\n" + source) == USUAL


def test_a_class_in_a_class_is_found_if_there_is_no_other() -> None:
    nested = "class Engine:\n" + "".join(f"    {line}\n" for line in HONEST.splitlines())
    nested = nested.replace(" Value(", " Engine.Value(")
    assert found(nested) == USUAL | {"class": "Engine.Value"}
    assert found(nested, **{"class": "Value"})["class"] == "Engine.Value"
    assert found(nested + SCALAR)["class"] == "Scalar"


# Names that are fixed or said


def test_an_assignment_fixes_the_class() -> None:
    assert found(SCALAR + HONEST, **{"class": "Scalar"})["class"] == "Scalar"
    assert load(SCALAR, **{"class": "Value"})["problem"]["message"] == (
        "The assignment asks for a class Value; this file has a class Scalar."
    )
    assert load("x = 1", **{"class": "Value"})["problem"]["message"] == (
        "The assignment asks for a class Value; this file has no class."
    )


def test_an_assignment_fixes_the_other_names_and_the_report_says_so() -> None:
    source = HONEST.replace(".data", ".value").replace(".grad", ".gradient")
    source = source.replace("def backward", "def backprop")
    told = found(source, data="data", grad="grad", backward="backward")
    assert told == USUAL | {
        "notes": [
            "The assignment asks for the name data; this class has value.",
            "The assignment asks for the name grad; this class has gradient.",
            "The assignment asks for the name backward; this class has backprop().",
        ]
    }


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({"grad": "grad"}, f"Value has no attribute grad. {SAY_IT}"),
        ({"data": "data"}, "Value has no attribute data."),
        ({"backward": "backward"}, "Value has no backward(). Its methods: backprop."),
    ],
)
def test_a_part_with_another_name_than_the_fixed_one_is_unsupported(
    fixed: dict[str, str], message: str
) -> None:
    source = engine("spellings/returned_by_node").replace("def backward", "def backprop")
    source = source.replace(".data", ".value")
    with undisturbed():
        found_engine = load_file(source, ModuleType(MODULE), fixed)
        assert isinstance(found_engine, Engine), found_engine
        answer = ask(found_engine, PRODUCT, "a")
    assert answer["failure"] == {"verdict": "unsupported", "message": message}


def test_names_that_agree_are_not_reported() -> None:
    assert (
        found(HONEST, data="data", grad="grad", backward="backward", **{"class": "Value"}) == USUAL
    )


def test_the_assignment_overrides_the_files_comment() -> None:
    source = "# chainrule: class=Scalar\n" + SCALAR + HONEST
    assert found(source)["class"] == "Scalar"
    assert found(source, **{"class": "Value"})["class"] == "Value"


def test_a_comment_may_choose_among_names() -> None:
    source = HONEST.replace("self.grad = 0.0", "self.grad = self.other = 0.0")
    assert found("# chainrule: grad = other, data=data\n" + source)["grad"] == "other"


def test_an_unknown_name_in_the_comment_is_reported() -> None:
    source = "# chainrule: class=Scalar, grad=gradient, colour=red\n" + HONEST
    assert found(source)["notes"] == [
        "The file's comment names Scalar, which is nowhere else in the file.",
        "The file's comment names gradient, which is nowhere else in the file.",
    ]
    assert numbers(source) == [2, 3, 3, 2]
    source = "# chainrule: class=data\n" + HONEST
    assert load(source)["problem"]["message"] == (
        "The file's comment names a class data; this file has a class Value."
    )


# Wrong engines stay wrong

UNSEEDED = HONEST.replace("        self.grad = 1.0\n", "")


@pytest.mark.parametrize(
    "said",
    [
        "# usage: L.grad = 1, then L.backward()\n",
        '"""Set out.grad = 1.0 first."""\n',
        "# chainrule: seed=caller\n",
        "def use(a):\n    a.grad = Value(1.0)\n    a.backward()\n",
    ],
)
def test_an_engine_that_says_that_the_caller_seeds_is_seeded(said: str) -> None:
    assert numbers(said + UNSEEDED) == [2, 3, 3, 2]
    account = found(said + UNSEEDED)
    assert "was set to 1 before" in account["notes"][0]
    assert not account["unseeded"]


@pytest.mark.parametrize(
    "line", ["root.grad = 1", "pass  # then: root.grad = 1", "# root.grad = 1.0\n        pass"]
)
def test_code_and_comments_in_the_class_do_not_speak_for_the_caller(line: str) -> None:
    source = UNSEEDED + f"    def other(self, root):\n        {line}\n"
    assert found(source)["unseeded"]
    said = source + '    def more(self):\n        """First: L.grad = 1."""\n'
    assert not found(said)["unseeded"]
    assert numbers(said) == [2, 3, 3, 2]


def test_an_engine_that_seeds_itself_is_not_seeded_though_its_demo_does() -> None:
    source = HONEST + "# o.grad = 1\n"
    assert found(source) == USUAL


@pytest.mark.parametrize("text", ["self.grad = 1\n", "# x.grad = 10\n", "# x.grad = 1 / 2\n"])
def test_other_assignments_are_no_seed(text: str) -> None:
    source = HONEST + f"def other(self):\n    {text}    pass\n"
    assert found(source) == USUAL


def test_a_broken_backward_is_not_replaced_by_closures_or_other_methods() -> None:
    source = HONEST.replace("._step", "._backward").replace(
        "for node in reversed(order)", "for node in []"
    )
    source += "    def again(self):\n        pass\n"
    assert numbers(source) == [2, 3, 0, 0]
    source = HONEST.replace("def backward", "def again").replace("Value", "Scalar")
    source += "    def backward(self):\n        self.grad = 1.0\n"
    assert found(source)["backward"] == "backward()"


def test_parts_with_usual_names_are_used_though_the_numbers_are_wrong() -> None:
    source = HONEST.replace(".data", ".val").replace(".grad", ".gradient").replace("Value", "Var")
    source = source.replace("def backward", "def backprop").replace(
        "gradient += other", "gradient += 2 * other"
    )
    told = found(source)
    assert (told["data"], told["grad"], told["backward"]) == ("val", "gradient", "backprop()")
    assert numbers(source) == [2, 3, 6, 2]


def test_the_number_is_found_in_leaves_if_there_is_no_product() -> None:
    source = HONEST.replace(".data", ".zahl").replace("__mul__", "__matmul__")
    assert found(source)["data"] == "zahl"
    assert failure(source, PRODUCT)[0] == "unsupported"


def test_getters_with_usual_names_are_used_though_backward_is_wrong() -> None:
    source = (
        "class Value:\n    def __init__(self, v): self._v, self._g = v, 0\n"
        "    def data(self): return self._v\n    def grad(self): return self._g\n"
        "    def __mul__(self, o): return Value(self._v * o._v)\n"
        "    def backward(self): self._g = 1\n"
    )
    told = found(source)
    assert (told["data"], told["grad"], told["backward"]) == ("data()", "grad()", "backward()")
    assert numbers(source) == [2, 3, 0, 0]


def test_a_search_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:

    source = SCALAR.replace("def backward", "def go").replace(
        "self.grad = 1.0", "while True: len('')"
    )
    monkeypatch.setattr(Guard.__init__, "__defaults__", (50_000, MOST_TICKS))
    assert found(source)["class"] == "Scalar"
    factory = "def value(x):\n    while True: len('')\n"
    assert load(factory)["problem"]["kind"] == "no_class"


@pytest.mark.parametrize("loop", ["while True: pass", "while True:\n            pass"])
def test_a_class_that_never_returns_is_reported_with_its_line(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = HONEST + f"    @property\n    def grad(self):\n        {loop}\n"
    source = source.replace("        self.grad = 0.0\n", "")
    monkeypatch.setattr(Guard.__init__, "__defaults__", (50_000, 1))
    before = signal.getsignal(signal.SIGPROF)
    start_ticks()
    try:
        problem = load(source)["problem"]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert problem["kind"] == "no_leaf"
    assert problem["message"] == "Value was tried and never returned. Is there an infinite loop?"
    assert problem["line"] in {line_of(source, "while True"), line_of(source, "while True") + 1}


def test_output_during_the_search_is_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    loud = "print(data)\n        print(data, file=sys.stderr, flush=True)\n        self.data = data"
    source = "import sys\nprint('loaded')\n" + SCALAR.replace("self.data = data", loud)
    assert found(source.replace("def backward", "def derive"))["backward"] == "derive()"
    assert capsys.readouterr() == ("loaded\n", "")


def test_an_engine_may_ask_whether_it_prints_to_a_terminal() -> None:
    asks = "self.data = 'red' if sys.stdout.isatty() else data"
    source = "import sys\n" + HONEST.replace("self.data = data", asks).replace(".data", ".amount")
    assert found(source)["data"] == "amount"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("def backward(self): yield", "a generator, because it has `yield`"),
        ("async def backward(self): ...", "`async`"),
        ("async def backward(self): yield", "`async`"),
    ],
)
def test_a_backward_whose_body_does_not_run_is_reported(written: str, told: str) -> None:
    sentence = f"Calling backward() doesn't run it: it is {told}."
    assert found(HONEST + f"    {written}\n")["notes"] == [sentence]


# What a constructor needs


def test_no_leaf_can_be_created_if_an_argument_is_unknown() -> None:
    source = engine("spellings/leaf_of_a_tape").replace("__init__(self):", "__init__(self, size):")
    problem = load(source)["problem"]
    assert problem["kind"] == "no_leaf"
    assert problem["message"] == (
        "We couldn't make a leaf: Var(3.0) raised TypeError: "
        "Var.__init__() missing 1 required positional argument: 'value'. "
        "Every test begins with leaves such as Var(3.0), so make that call work."
    )
    usable = source.replace("class Var", "class Value").replace("Var(", "Value(") + SCALAR
    assert found(usable)["class"] == "Scalar"


# Two backward passes in a graph


@pytest.mark.parametrize(
    "name",
    [
        *("returned_by_node", "returned_by_id", "asked_of_the_leaf"),
        *("class_dictionary", "file_dictionary", "tape_dictionary"),
    ],
)
def test_gradients_that_no_node_stores_add_up_over_backward_passes(name: str) -> None:
    twice = "a = Value(2)\nb = Value(3)\nc = a * b\nd = a + b\nc.backward()\nd.backward()"
    answer = observe(engine(f"spellings/{name}"), twice, "a", "b")
    assert answer == {"numbers": [2, 3, 4, 3]}


def test_a_dictionary_of_the_class_has_the_gradient_though_wrong() -> None:
    source = engine("spellings/class_dictionary").replace("slope * gradient", "slope + gradient")
    told = found(source, grad="grads")
    assert (told["grad"], told["notes"]) == (".grads (by node)", [])
    assert numbers(source) == [2, 3, 4, 3]


def test_a_dictionary_has_no_gradient_of_nodes_that_cannot_be_keys() -> None:
    source = engine("spellings/class_dictionary").replace("grads[self]", "grads[0]")
    source = source.replace("grads.get(self, ", "grads.get(0, ") + "    __hash__ = None\n"
    assert failure(source, PRODUCT, "a")[0] == "unsupported"


def test_a_node_without_a_returned_gradient_has_none() -> None:
    source = engine("spellings/returned_by_node")
    program = "a = Value(2)\nb = Value(3)\nc = a * a\nc.backward()"
    assert observe(source, program, "a", "b") == {"numbers": [2, 3, 4, None]}
    assert failure(source, "a = Value(2)", "a") == (
        "unsupported",
        "Value has no gradient returned (by node).",
    )


@pytest.mark.parametrize("made", ["defaultdict(float)", "Counter()", "{}"])
def test_a_returned_dictionary_without_its_root_means_1(made: str) -> None:
    source = engine("spellings/returned_without_the_root").replace("defaultdict(float)", made)
    source = source.replace("import defaultdict", "import Counter, defaultdict")
    if made == "{}":
        source = source.replace("[child] +=", "[child] = gradients.get(child, 0) +")
    program = "a = Value(2)\nb = Value(3)\nc = a * b\nd = c + a\nc.backward()\nd.backward()"
    answer = observe(source, program, "a", "b", "c", "d")
    assert answer == {"numbers": [2, 3, 6, 8, 7, 4, 2, 1]}


def test_a_returned_gradient_of_the_root_is_used_though_wrong() -> None:
    source = engine("spellings/returned_by_node")
    source = source.replace("return gradients", "gradients[self] = 0.5\n        return gradients")
    assert observe(source, PRODUCT, "c") == {"numbers": [6, 0.5]}


def test_the_class_of_leaves_is_used_if_its_base_has_no_number() -> None:
    base = HONEST.replace("self, data, children=()", "self, *parts").replace(
        "Value(self", "Leaf(self"
    )
    for line in ("data = data", "grad = 0.0", "children = children", "_step = lambda: None"):
        base = base.replace(f"        self.{line}\n", "        pass\n")
    leaf = HONEST[: HONEST.index("    def __add__")].replace("class Value", "class Leaf(Value)")
    assert found(base + leaf)["class"] == "Leaf"
    assert numbers(base + leaf) == [2, 3, 3, 2]
