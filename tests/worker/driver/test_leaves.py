"""A constructor may ask for more than a number, and the report says what it got."""

from __future__ import annotations

import pytest

from tests.worker.driver.in_process import PRODUCT, found, load, observe
from tests.worker.driver.leaf_engines import ENGINE, PLUS, RIGHT, SET, TIMES, with_more, write

LABELS = {
    "asserted": write("data, parents=(), label=None", "assert parents or label", *SET),
    "checked": write(
        "data, parents=(), name=''", "if not name and not parents: raise ValueError", *SET
    ),
    "stripped": write(
        "data, parents=(), name=None", *SET, "name.strip()", args=with_more("", ", 'r'")
    ),
    "added to": write(
        "data, parents=(), label=None", *SET, "label + ''", args=with_more("", ", 'r'")
    ),
    "added by an operation": write(
        "data, parents=(), label=None", *SET, "self.label = label",
        args=with_more("", ", self.label + o.label"),
    ),
    "all different": write(
        "data, parents=(), tag=None", *SET, "assert parents or tag not in seen", "seen.add(tag)",
        head="seen = {None}\n",
    ),
    "given by name alone": write(
        "data, *, label, parents=()", *SET,
        args=("label='r', parents=" + PLUS, "label='r', parents=" + TIMES),
    ),
    "given by name alone, and optional": write(
        "data, parents=(), *, tag=None", *SET, "if not parents and tag is None: raise TypeError"
    ),
    "given by position alone": write("data, label, /, parents=()", *SET, args=with_more("'', ")),
    "among any arguments": write(
        "data, parents=(), **more", *SET, "more['label']", args=with_more("", ", label='r'")
    ),
    "perhaps among any arguments": write(
        "data, parents=(), **more", *SET, "assert parents or more.get('name')"
    ),
    "a number": write("data, parents=(), uid=None", *SET, "f'{uid or parents and 0:05d}'"),
    "an id": write("data, parents=(), id=None", *SET, "assert parents or id.startswith('x')"),
    "of a dataclass": "from dataclasses import dataclass\n\n\n@dataclass(eq=False)\n"
    + ENGINE.format(
        head="", plus=PLUS, times=TIMES, keeps="True",
        init="    data: float\n    parents: tuple = ()\n    label: str = ''\n"
        "    grad: float = 0.0\n\n    def __post_init__(self):\n"
        "        assert self.parents or self.label\n",
    ),
    "checked by a property": write(
        "data, parents=(), label=None", *SET, "self.label = label", args=with_more("", ", 'r'")
    )
    + "    @property\n    def label(self): return self._label\n"
    "    @label.setter\n    def label(self, text):\n"
    "        if not isinstance(text, str): raise TypeError\n        self._label = text\n",
}  # fmt: skip


@pytest.mark.parametrize("source", LABELS.values(), ids=LABELS)
def test_a_label_that_a_class_needs_is_filled_in(source: str) -> None:
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note.startswith("Leaves are made with ")
    assert note.endswith(", because the class asks for it.")


def test_an_optional_label_is_left_out_where_leaves_work_without_it() -> None:
    source = write("data, parents=(), label='', kind='op', uid=None", *SET, "assert not label")
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert found(source)["notes"] == []


STARTS = [
    *("derivative", "d", "g0", "adj", "slope", "start", "dy", "acc", "grad_so_far", "initial", "z"),
]


@pytest.mark.parametrize("name", STARTS)
def test_a_number_beside_the_value_is_tried_as_0(name: str) -> None:
    lines = f"self.data, self.parents, self.grad = data, parents, {name}"
    source = write(f"data, {name}, parents=()", lines, args=with_more("0, "))
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note == f"Leaves are made with {name}=0, because the class asks for it."
    first = write(f"{name}, data, parents=()", lines).replace("Value(self", "Value(0, self")
    assert observe(first, PRODUCT, "a", "b") == RIGHT
    floats = source.replace(
        "        self.data,", f"        assert type({name}) is float\n        self.data,"
    )
    assert found(floats.replace("(0, ", "(0.0, "))["class"] == "Value"


def test_two_numbers_beside_the_value_are_tried_together() -> None:
    lines = "self.data, self.parents, self.grad = data, parents, p + q"
    source = write("data, p, q, parents=()", lines, args=with_more("0.0, 0.0, "))
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    checked = source.replace(
        "        self.data,", "        assert type(p) is type(q) is float\n        self.data,"
    )
    assert observe(checked, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize("use", ["derivs.items()", "derivs.append", "zip(parents, derivs)"])
@pytest.mark.parametrize("name", ["derivs", "local_grads", "partials", "_slopes"])
def test_derivatives_that_a_class_asks_for_may_be_of_any_kind(name: str, use: str) -> None:
    empty = {"derivs.items()": "{}", "derivs.append": "[]"}.get(use, "()")
    line = use.replace("derivs", name)
    source = write(f"data, {name}, parents=()", *SET, line, args=with_more(f"{empty}, "))
    assert observe(source, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize(
    "parameters", ["data, is_grad, parents=()", "data, parents=(), *, is_grad"]
)
def test_a_required_flag_for_gradients_is_on(parameters: str) -> None:
    more = ("is_grad=True, parents=" + PLUS, "is_grad=True, parents=" + TIMES)
    source = write(parameters, *SET, "self.on = is_grad", args=more, keeps="self.on")
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note == "Leaves are made with is_grad=True, because the class asks for it."


SLOPE = SET[0].replace("0.0", "slope")
NEW = """\
    def __new__(cls, {}):
        self = object.__new__(cls)
        {}
        return self
"""
REST = "self.data, self.grad, self.parents = (*given, ())[:3]"
PASSED_ON = """\
    def __new__(cls, {}):
        {}
        return object.__new__(cls)

    def __init__(self, {}):
        {}
"""


@pytest.mark.parametrize(
    ("init", "first"),
    [
        (NEW.format("data, parents=()", SET[0]), ""),
        (NEW.format("data, parents=(), label=None", f"assert parents or label; {SET[0]}"), ""),
        (NEW.format("data, slope, parents=()", SLOPE), "0, "),
        (PASSED_ON.format("*_, **__", "pass", "data, slope, parents=()", SLOPE), "0, "),
        (PASSED_ON.format("data, slope, parents=()", "pass", "*given", REST), "0, "),
        (
            PASSED_ON.format(
                "data, label=None, parents=()", "assert parents or label",
                "data, label=None, parents=()", SET[0],
            ),
            "'r', ",
        ),
    ],
)  # fmt: skip
def test_arguments_of_new_are_filled_in_too(init: str, first: str) -> None:
    plus, times = with_more(first)
    source = ENGINE.format(head="", init=init, plus=plus, times=times, keeps="True")
    assert observe(source, PRODUCT, "a", "b") == RIGHT


def test_a_wrong_engine_is_not_repaired_by_an_argument() -> None:
    lines = ("self.data, self.parents = data, parents", "self.grad = grad")
    source = write("data, parents=(), grad=None, leaf=False", *lines)
    told = observe(source, PRODUCT, "a")["failure"]
    assert told["verdict"] == "error"
    assert "NoneType" in told["message"]


def test_a_wrong_class_with_a_required_gradient_is_graded() -> None:
    lines = "self.data, self.parents, self.grad = data, parents, derivative"
    wrong = (PLUS, "((self, self.data), (o, o.data))")
    source = write("data, derivative, parents=()", lines, args=(f"0, {wrong[0]}", f"0, {wrong[1]}"))
    assert observe(source, PRODUCT, "a", "b") == {"numbers": [2, 3, 2, 3]}


UNUSABLE = "if not parents: raise TypeError('use leaf')"
MADE = """\
        self = object.__new__(Value)
        self.data, self.parents, self.grad = x, (), 0.0
        return self
"""


@pytest.mark.parametrize(
    ("maker", "shown"),
    [
        (f"    @staticmethod\n    def leaf(x):\n{MADE}", "Value.leaf"),
        (f"    @classmethod\n    def constant(cls, x):\n{MADE}", "Value.constant"),
        (f"def var(x):\n{MADE}", "var"),
    ],
)
def test_a_function_that_makes_leaves_is_used_where_the_class_makes_none(
    maker: str, shown: str
) -> None:
    source = write("data, parents=()", UNUSABLE, *SET) + maker
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    (note,) = found(source)["notes"]
    assert note == f"Leaves are made with {shown}(3.0), because Value(3.0) doesn't work."


def test_a_decorated_constructor_is_read_through_its_decorator() -> None:
    head = (
        "import functools\n\n\ndef checked(f):\n    @functools.wraps(f)\n"
        "    def inner(*a, **k):\n        return f(*a, **k)\n    return inner\n\n\n"
    )
    source = write("data, slope, parents=()", SET[0].replace("0.0", "slope"), args=with_more("0, "))
    source = head + source.replace("    def __init__", "    @checked\n    def __init__")
    assert observe(source, PRODUCT, "a", "b") == RIGHT


def as_lists(inner: str, gradient: str = "0.0") -> str:
    """An engine whose numbers are such lists, written as `inner` with x for the number."""
    index = "[0]" * inner.count("[")
    source = write(
        "data, parents=()", "self.data = KEEP", f"self.parents, self.grad = parents, {gradient}"
    )
    source = source.replace("self.data +", f"self.data{index} +").replace(
        "+ o.data", f"+ o.data{index}"
    )
    source = source.replace("self.data *", f"self.data{index} *").replace(
        "* o.data", f"* o.data{index}"
    )
    return source.replace("(self, o.data)", f"(self, o.data{index})").replace(
        "(o, self.data)", f"(o, self.data{index})"
    )


LISTS = "The numbers of leaves and results are lists of one: data[0] was read."


@pytest.mark.parametrize("inner", ["[x]", "[[x]]"])
def test_a_number_kept_in_a_list_of_one_is_read(inner: str) -> None:
    source = as_lists(inner).replace("KEEP", inner.replace("x", "data"))
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    assert found(source)["notes"] == [LISTS]
    lists = source.replace("0.0", "[0.0]").replace("self.grad + g", "[self.grad[0] + g]")
    assert observe(lists, PRODUCT, "a", "b") == RIGHT


@pytest.mark.parametrize("inner", ["[x]", "[[x]]"])
def test_a_leaf_is_made_of_a_list_of_one_where_the_class_wants_it(inner: str) -> None:
    begin, end = inner.split("x")
    index = "[0]" * inner.count("[")
    source = as_lists(inner).replace("KEEP", f"data; data{index} + 0.0")
    source = source.replace("Value(self", f"Value({begin}self").replace(
        f"o.data{index}, (", f"o.data{index}{end}, ("
    )
    assert observe(source, PRODUCT, "a", "b") == RIGHT
    made, read = found(source)["notes"]
    assert made == LISTS
    assert read == f"Leaves are made from lists of one number: {inner.replace('x', '3.0')}."


def test_a_wrong_engine_of_lists_is_no_engine_of_numbers() -> None:
    source = as_lists("[x]").replace("KEEP", "[data]").replace("p.backward(g * s)", "p.backward(s)")
    assert observe(source, PRODUCT, "a")["failure"]["verdict"] == "invalid_output"


def test_a_class_whose_leaves_are_rows_has_one_problem() -> None:
    lines = (
        "self.data = [[x for x in row] for row in data]",
        "self.parents, self.grad = parents, [[0 for x in row] for row in data]",
    )
    source = write("data, parents=()", *lines)
    problem = load(source)["problem"]
    assert problem["kind"] == "no_leaf"
    assert problem["message"] == (
        "We couldn't make a leaf: Value(3.0) raised TypeError: 'float' object is not iterable "
        "(line 3). Every test begins with leaves such as Value(3.0), so make that call work."
    )
    assert problem["line"] == 3


BY_LABEL = """\
class Value:
    def __init__(self, data, parents=(), name=None):
        self.data, self.parents, self.name = data, parents, name

    def __add__(self, o):
        return Value(self.data + o.data, ((self, 1.0), (o, 1.0)))

    def __mul__(self, o):
        return Value(self.data * o.data, ((self, o.data), (o, self.data)))

    def backward(self, g=1.0, found=None):
        found = {} if found is None else found
        found[self.name] = found.get(self.name, 0) + g
        for p, s in self.parents:
            p.backward(g * s, found)
        return found
"""


def test_leaves_get_labels_if_gradients_are_kept_by_label() -> None:
    assert observe(BY_LABEL, PRODUCT, "a", "b") == RIGHT
    interface = found(BY_LABEL)
    assert interface["grad"] == "returned (by name)"
    assert interface["notes"] == ["Leaves are made with name='x1', because the class asks for it."]


def test_a_constructor_may_take_any_arguments_and_look_for_a_label() -> None:
    lines = ("data, parents = (*given, ())[:2]", "assert parents or more['label']", *SET)
    assert observe(write("*given, **more", *lines), PRODUCT, "a", "b") == RIGHT


META = """\
class Meta(type):
    def __call__(cls, data, label, *rest):
        assert label
        return super().__call__(data, *rest)


"""


def test_a_metaclass_may_ask_for_more() -> None:
    source = META + write("data, parents=()", *SET, args=with_more("'r', "))
    source = source.replace("class Value:", "class Value(metaclass=Meta):")
    assert observe(source, PRODUCT, "a", "b") == RIGHT


def test_a_default_label_is_replaced_where_the_class_rejects_it() -> None:
    source = write("data, parents=(), label='node'", "assert parents or label != 'node'", *SET)
    assert observe(source, PRODUCT, "a", "b") == RIGHT
