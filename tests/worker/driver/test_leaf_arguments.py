"""Leaves that need a flag, a kind, or an argument of any name."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.worker.driver.in_process import PRODUCT, found, observe, undisturbed
from tests.worker.driver.leaf_engines import PLUS, RIGHT, SET, TIMES, with_more, write
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.load import load

ENUM = """\
from enum import Enum

class Kind(Enum):
    ADD = 1
    MUL = 2
    LEAF = 3

LEAF = Kind.LEAF
"""


@pytest.mark.parametrize(
    ("parameters", "line", "argument", "shown"),
    [
        ("data, kind, parents=()", "assert parents or kind is LEAF", "Kind.ADD, ", "Kind.LEAF"),
        ("data, k: Kind, parents=()", "assert parents or k is LEAF", "Kind.ADD, ", "Kind.LEAF"),
        ("data, parents=(), k=Kind.ADD", "assert parents or k is LEAF", "", "Kind.LEAF"),
        ("data, parents=(), op: Kind = None", "assert op or parents", "", "Kind.LEAF"),
        ("data, kind, parents=()", "assert kind in ('leaf', 'sum')", "'sum', ", "'leaf'"),
        ("data, taste, parents=()", "assert taste in ('leaf', 'sum')", "'sum', ", "'leaf'"),
        ("data, parents=(), type='op'", "assert parents or type in ('param', 'x')", "", "'param'"),
        ("data, parents=(), role=None", "assert parents or role == 'my_leaf'", "", "'my_leaf'"),
        ("data, op, parents=()", "op.upper()", "'+', ", "''"),
        ("data, op, parents=()", "assert op is None or parents", "'+', ", "None"),
        ("data, kind: \"Literal['c', 'leaf']\", parents=()", "kind.upper()", "'c', ", "'leaf'"),
    ],
)
def test_a_kind_is_tried_with_words_for_leaves_first(
    parameters: str, line: str, argument: str, shown: str
) -> None:
    source = write(parameters, line, *SET, args=with_more(argument), head=ENUM)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert f"={shown}, because the class asks for it." in note


@pytest.mark.parametrize("kind", ["list", "set", "tuple", "frozenset", "type(None)"])
@pytest.mark.parametrize("name", ["children", "_prev", "inputs", "parents"])
def test_parents_are_given_as_the_class_wants_them(name: str, kind: str) -> None:
    check = f"assert type({name}) is {kind} or {name}"
    keep = f"self.data, self.parents, self.grad = data, {name} or (), 0.0"
    source = write(f"data, {name}", check, keep)
    assert observe(source, PRODUCT, "a", "b") == RIGHT


def test_each_leaf_gets_its_own_list() -> None:
    lines = (
        "prev.append(0)",
        "assert len(prev) == 1 or type(prev[0]) is tuple",
        "self.data, self.grad = data, 0.0",
        "self.parents = prev[:-1]",
    )
    source = write("data, prev", *lines, args=(f"[*{PLUS}]", f"[*{TIMES}]"))
    assert observe(source, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize(
    ("parameters", "line", "argument"),
    [
        ("data, parents, backward", "assert backward is None", ", None"),
        ("data, parents, fn", "fn(data)", ", print"),
        ("data, parents, closure", "self.run = closure; parents or closure()", ", print"),
        ("data, parents, local_grads", "list(zip(parents, local_grads))", ", (1, 1)"),
        ("data, parents, creator", "assert creator is None or parents", ", 1"),
        ("data, parents, dtype", "dtype(data)", ", float"),
        ("data, parents, shape", "assert shape == ()", ", ()"),
        ("data, parents, x1: float", "x1 + 0.0", ", 1"),
        ("data, parents, p: str", "p.upper()", ", ''"),
        ("data, parents, p: bool", "assert p is False or parents", ", 1"),
        ("data, parents, p: 'dict[str, int]'", "assert p == {} or parents", ", 1"),
        ("data, parents, p: 'Callable[[], None] | None'", "assert p is None or parents", ", 1"),
    ],
)
def test_other_required_arguments_get_something_neutral(
    parameters: str, line: str, argument: str
) -> None:
    source = write(parameters, line, *SET, args=with_more("", argument))
    assert observe(source, PRODUCT, "a", "b") == RIGHT


FLAGS = [
    ("leaf", "False"), ("is_leaf", "None"), ("dag", "0"), ("track", "False"), ("watch", "False"),
    ("record", "False"), ("keep_grad", "None"), ("optimize", "False"), ("learnable", "None"),
]  # fmt: skip


@pytest.mark.parametrize(("flag", "default"), FLAGS)
def test_a_flag_is_turned_on_where_no_gradient_comes(flag: str, default: str) -> None:
    source = write(
        f"data, parents=(), {flag}={default}",
        *SET,
        f"self.on = {flag}",
        args=with_more("", ", True"),
        keeps="self.on",
    )
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note == f"Leaves are made with {flag}=True, so that they get gradients."
    unused = source.replace("if self.on:", "if True:")
    assert observe(unused, PRODUCT, "a", "b") == RIGHT
    assert all(flag in note for note in found(unused)["notes"])  # only a flag for gradients


@pytest.mark.parametrize("flag", ["const", "constant", "frozen", "no_grad", "fixed"])
def test_a_flag_that_is_on_and_stops_gradients_is_turned_off(flag: str) -> None:
    source = write(
        f"data, parents=(), {flag}=True",
        *SET,
        f"self.off = {flag}",
        args=with_more("", ", False"),
        keeps="not self.off",
    )
    assert observe(source, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize(
    ("default", "wanted", "head"),
    [("'const'", "'var'", ""), ("Kind.ADD", "Kind.LEAF", ENUM)],
)
def test_a_kind_is_tried_where_no_gradient_comes(default: str, wanted: str, head: str) -> None:
    source = write(f"data, parents=(), kind={default}", *SET, f"self.on = kind == {wanted}",
                   args=with_more("", f", {wanted}"), keeps="self.on", head=head)  # fmt: skip
    assert observe(source, PRODUCT, "a", "b") == RIGHT


def test_a_flag_and_a_label_are_filled_in_together() -> None:
    source = write(
        "data, parents=(), leaf=False, label=''",
        *SET,
        "self.on = leaf",
        "assert parents or label",
        args=with_more("", ", True"),
        keeps="self.on",
    )
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert len(found(source)["notes"]) == 2


@pytest.mark.parametrize(
    ("head", "check", "shown"),
    [
        ("class Kind:\n    ADD = 'a'\n    LEAF = 'l'\n\n\n", "assert kind in ('a', 'l')", "'l'"),
        ("ADD, LEAF = 7, 8\n\n\n", "assert kind == 8 or parents", "8"),
        ("OP, INPUT = 'o', 'i'\n\n\n", "assert kind and kind in 'oi'", "'i'"),
    ],
)
def test_a_kind_may_be_a_constant_of_the_file(head: str, check: str, shown: str) -> None:
    source = write("data, kind, parents=()", check, *SET, args=with_more(f"{shown}, "), head=head)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert found(source)["notes"][0].startswith(f"Leaves are made with kind={shown}, ")


@pytest.mark.parametrize(
    ("flag", "test"),
    [("leaf", "self.on"), ("is_leaf", "self.on"), ("track", "self.on"), ("const", "not self.on"),
     ("stop_gradient", "not self.on"), ("trainable", "self.on")],
)  # fmt: skip
def test_a_required_flag_is_given_so_that_gradients_come(flag: str, test: str) -> None:
    value = str(not test.startswith("not"))
    source = write(
        f"data, {flag}, parents=()", *SET, f"self.on = {flag}", f"assert {flag} in (True, False)",
        args=with_more(f"{value}, "), keeps=test,
    )  # fmt: skip
    assert observe(source, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize(
    ("name", "line", "argument"),
    [
        ("meta", "meta['made'] = True", "{}, "),
        ("config", "config.get('name')", "{}, "),
        ("unit", "unit.lower()", "'', "),
        ("depth", "self.depth = depth + 1", "self.depth, "),
        ("kind", "assert kind in KINDS", "'op', "),
        ("notes", "assert notes is None or parents", "1, "),
    ],
)
def test_a_required_argument_of_any_name_is_tried_in_several_ways(
    name: str, line: str, argument: str
) -> None:
    head = "KINDS = ('op', 'const')\n\n\n"
    source = write(f"data, {name}, parents=()", line, *SET, args=with_more(argument), head=head)
    assert observe(source, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize("default", ["None", "''"])
@pytest.mark.parametrize("name", ["sym", "var", "desc", "text", "who"])
def test_a_text_of_any_name_may_be_asserted(name: str, default: str) -> None:
    check = f"assert parents or {name}"
    source = write(f"data, parents=(), {name}={default}", check, *SET)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert f"{name}='x1'" in found(source)["notes"][0]


@pytest.mark.parametrize(
    ("parameter", "check", "shown"),
    [("kind=0", "kind == 1", "kind=1"), ("what='op'", "what == 'leaf'", "what='leaf'")],
)
def test_a_kind_of_any_name_may_be_asserted(parameter: str, check: str, shown: str) -> None:
    source = write(f"data, parents=(), {parameter}", f"assert parents or {check}", *SET)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert shown in found(source)["notes"][0]


# Adds gradients up only in nodes that are on.
SWITCHED = """
class Value:
    def __init__(self, data, parents=(), {parameter}):
        self.data, self.parents, self.grad, self.is_on = data, parents, 0.0, {value}

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)){on})

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)){on})

    def backward(self, grad=1.0):
        if self.is_on:
            self.grad = self.grad + grad
        for parent, slope in self.parents:
            parent.backward(grad * slope)
"""


@pytest.mark.parametrize(
    ("parameter", "value", "on"),
    [
        ("needs=False", "needs", ", needs=True"),
        ("rg=False", "rg", ", True"),
        ("on=False", "on", ""),
        ("**more", "more.get('requires_grad', False)", ", requires_grad=True"),
        ("mode='no_grad'", "mode == 'grad'", ", 'grad'"),
    ],
)
def test_a_flag_of_any_name_is_turned_on_if_no_gradient_comes_without_it(
    parameter: str, value: str, on: str
) -> None:
    source = SWITCHED.format(parameter=parameter, value=value, on=on)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note.endswith(", so that they get gradients.")


@pytest.mark.parametrize("wrong", ["slope * 2", "0.0", "-slope"])
def test_such_a_flag_repairs_no_wrong_engine(wrong: str) -> None:
    source = SWITCHED.format(parameter="needs=False", value="needs", on=", True")
    assert found(source.replace("grad * slope", wrong))["notes"] == []


COUNTS = """
made = []
plain = Value.__init__
def init(self, *given, **named):
    made.append(1)
    plain(self, *given, **named)
Value.__init__ = init
"""


def count_nodes(parameter: str) -> int:
    """How many nodes the search makes of an engine with another parameter."""
    source = SWITCHED.format(parameter=parameter, value="True", on="") + COUNTS
    with undisturbed():
        engine = load(source, ModuleType(MODULE))
    assert isinstance(engine, Engine)
    return len(engine.namespace["made"])


def test_no_flag_is_tried_on_an_engine_with_gradients() -> None:
    assert count_nodes("seen=False") == count_nodes("*seen") > 0


@pytest.mark.parametrize("name", ["grads", "slopes", "input_grad", "parent_grad", "id_grad"])
def test_a_starting_gradient_may_have_any_name(name: str) -> None:
    keep = f"self.data, self.parents, self.grad = data, parents, {name}"
    source = write(f"data, {name}, parents=()", keep, args=with_more("0.0, "))
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert f"{name}=0" in found(source)["notes"][0]
