"""A file's sets and identities have one of two fixed orders."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.worker.driver.in_process import undisturbed
from worker.driver.base.messages import MODULE, describe
from worker.driver.file.program import Program
from worker.driver.load import load
from worker.driver.ordering.ids import id_of, ids
from worker.driver.ordering.namespace import arrange
from worker.driver.ordering.sets import OrderedFrozenSet, OrderedSet

ENGINE = """
class Value:
    def __init__(self, data):
        self.data = data
    def __mul__(self, other):
        return Value(self.data * other.data)
"""
OBJECTS = "items = [object() for _ in range(50)]\n"


@pytest.fixture(params=[False, True])
def reverse(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def run(source: str, reverse: bool = False) -> dict[str, Any]:
    """The names of a file that was loaded in this order."""
    module = ModuleType(MODULE)
    with undisturbed():
        arrange(source, reverse)
        load(ENGINE + source, module)
        found = vars(module)
        found["seen"] = {name: list(value) for name, value in found.items() if type(value) in SETS}
    return found


SETS = (OrderedSet, OrderedFrozenSet)


@pytest.mark.parametrize(
    "made",
    [
        "set(items)",
        "frozenset(items)",
        "{*items}",
        "{item for item in items}",
        "{first, *rest}",
        "{item: None for item in items}.keys() - {0}",
        "{0} | dict.fromkeys(items).keys() - {0}",
        "(lambda: {x for x in items})()",
        "(lambda keys, none: keys - none)(dict.fromkeys(items).keys(), {}.keys())",
        "OrderedDict.fromkeys(items).keys() - []",
        "items | {}.keys()",
        "dict.fromkeys(items).keys() | set()",
        "{}.keys() ^ items",
        "ChainMap(dict.fromkeys(items)).keys() - {0}",
        "Held.kept",
    ],
)
def test_every_way_to_make_a_set_keeps_the_order(made: str, reverse: bool) -> None:
    source = f"from collections import *\n{OBJECTS}first, *rest = items\n"
    source += f"class Held:\n    kept = {{*items}}\nx = {made}\n"
    found = run(source, reverse)
    seen = [item for item in found["seen"]["x"] if item != 0]
    assert seen == (found["items"][::-1] if reverse else found["items"])


def test_sets_of_weak_references_keep_the_order_too(reverse: bool) -> None:
    source = (
        "import weakref\nclass Node: pass\nnodes = [Node() for _ in range(50)]\n"
        "weak = list(weakref.WeakSet(nodes))\n"
    )
    found = run(source, reverse)
    assert found["weak"] == (found["nodes"][::-1] if reverse else found["nodes"])


def test_a_display_that_is_only_searched_stays_as_it_is() -> None:
    found = run("x = [] is ({1} in [])\nok = 'a' in {'a', 'b'} and 'c' not in {*'ab'}\n")
    assert found["ok"] is True
    code = Program("a in {b, c} and {d} < {e}").compile()
    assert code.co_names == ("a", "b", "c", "{}", "d", "e")


def test_errors_and_warnings_still_name_the_line() -> None:
    found = run(
        "try:\n    x = {\n        1,\n        [],\n    }\nexcept TypeError as e:\n    error = e\n"
    )
    position = found["error"].__traceback__.tb_lineno
    assert position == ENGINE.count("\n") + 2
    assert str(found["error"]) == "unhashable type: 'list'"


def test_a_file_that_is_nested_too_deep_keeps_its_displays() -> None:
    text = "x = {1}\ny = " + "-" * 60 + "1"
    limit = sys.getrecursionlimit()
    program = Program(text)
    assert program.statements
    depth = len(list(frames()))
    sys.setrecursionlimit(depth + 60)
    try:
        code = program.compile()
    finally:
        sys.setrecursionlimit(limit)
    assert "{}" not in code.co_names


def frames() -> Iterator[Any]:
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back  # type: ignore[assignment]


SORTING = """
class Node: pass
class Slotted:
    __slots__ = ("number",)
nodes = [(Node, Slotted)[n % 2]() for n in range(200)]
by_id = sorted(nodes, key=id)
same = [id(node) for node in nodes] == [id(node) for node in nodes]
"""


def test_nodes_sorted_by_their_id_are_in_the_order_in_which_it_was_asked() -> None:
    found = run(SORTING)
    assert found["same"]
    assert found["by_id"] == found["nodes"]


@pytest.mark.parametrize(
    "key", ["hash", "str", "repr", "lambda v: v.__hash__()", "lambda v: f'{v}'", "Node.get"]
)
def test_nodes_sorted_by_their_hash_or_text_are_in_the_order_in_which_it_was_asked(
    key: str,
) -> None:
    methods = "class Node:\n    def get(self): return hash(self)\n"
    module = ModuleType(MODULE)
    with undisturbed():
        source = f"{ENGINE}{methods}def arranged(nodes): return sorted(nodes, key={key})\n"
        arrange(source, reverse=False)
        load(source, module)
        nodes = [module.Node() for _ in range(200)][::-1]
        assert module.arranged(nodes) == nodes
        assert repr(nodes[0]).startswith("<student.Node object at 0x")


def test_methods_called_keys_and_items_that_give_numbers_are_numbers() -> None:
    found = run(
        "class A:\n    def items(self): return 3\n    __hash__ = lambda self: 4\n"
        "a = A()\nx = a.items() - a.items() | 8\ny = a.__hash__(), hash(a), hash(3)\n"
    )
    assert found["x"] == 8
    assert found["y"] == (4, 4, 3)


def test_reversed_they_are_in_another_order_whichever_way_it_was_asked() -> None:
    places = []
    for _ in range(2):
        found = run(SORTING, reverse=True)
        assert found["same"]
        places.append([found["nodes"].index(node) for node in found["by_id"]])
    assert places[0] == places[1]
    assert sorted(places[0]) == list(range(200))
    assert places[0] not in (sorted(places[0]), sorted(places[0])[::-1])
    swapped = sum(places[0].index(n) > places[0].index(n + 1) for n in range(199))
    assert 60 <= swapped <= 140


def test_an_id_belongs_to_one_object_as_long_as_it_lives() -> None:
    with undisturbed():
        arrange(SORTING, reverse=False)
        names: dict[str, Any] = {}
        exec("class Node: pass\nclass Slotted:\n    __slots__ = ()", names)
        others = len(ids.numbers)
        kept, seen = [names["Node"]() for _ in range(100)], set()
        for _ in range(1000):
            node = names["Node"]()
            assert id_of(node) == id_of(node)
            assert id_of(node) not in seen
            seen.add(id_of(node))
        del node
        assert len({id_of(item) for item in kept} | seen) == len(kept) + len(seen)
        assert len(ids.numbers) == len(ids.keepers) == others + len(kept)
        slotted = [names["Slotted"]() for _ in range(10)]
        before = [id_of(item) for item in slotted]
        assert before == [id_of(item) for item in slotted]
        ids.release_held()
        assert len(ids.numbers) == len(ids.keepers) == others + len(kept)
        assert id_of(kept) == id(kept)
        assert id_of(3) == id(3)


def test_a_deep_copy_finds_what_a_file_stores_under_its_id(reverse: bool) -> None:
    source = (
        "import copy\nclass Node:\n    def __init__(self): self.me = self\n"
        "    def __deepcopy__(self, memo):\n        new = memo[id(self)] = Node()\n"
        "        new.me = copy.deepcopy(self.me, memo)\n        return new\n"
        "new = copy.deepcopy(Node())\nsorted([new], key=id)\n"
    )
    found = run(source, reverse)
    assert found["new"].me is found["new"]
    assert not hasattr(copy, "id")


@pytest.mark.parametrize(
    ("text", "are_counted"),
    [
        ("sorted(nodes, key=id)", True),
        ("heapq.heappush(waiting, (-node.depth, id(node), node))", True),
        ("def __lt__(self, other): return id(self) < id(other)", True),
        ("a = id(x) > id(y)", True),
        ("numbers = np.unique([id(node) for node in nodes])", True),
        ("KEY = id\n" + "# far away\n" * 99 + "sorted(nodes, key=KEY)", True),
        ("sorted(nodes, key=lambda v: v.__hash__())", True),
        ("sorted(nodes, key=hash)", True),
        ("nodes.sort(key=lambda node: node.depth)", False),
        ("width = idle + hashed", False),
    ],
)
def test_identities_are_counted_where_a_file_may_ask_for_them(text: str, are_counted: bool) -> None:
    with undisturbed():
        arrange(text, reverse=False)
        assert ids.are_counted is are_counted


def test_a_set_that_grows_in_a_loop_is_named_in_the_message() -> None:
    found = run(
        "try:\n    for x in (grown := {1}): grown.add(x + 1)\nexcept RuntimeError as e: error = e\n"
    )
    message = "RuntimeError: set or dictionary changed size during iteration"
    assert describe(found["error"]) == message
