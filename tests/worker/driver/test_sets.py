"""The sets that a file gets do what Python's own do, and keep the order of their elements."""

from __future__ import annotations

import copy
import json
import operator
import pickle
import weakref
from abc import ABC
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.driver.ordering.sets import OrderedFrozenSet, OrderedSet, reverse_sets

KINDS: list[tuple[Any, Any]] = [(OrderedSet, set), (OrderedFrozenSet, frozenset)]
NUMBERS = st.lists(st.integers(0, 9), max_size=8)
OPERATORS = [
    *(operator.or_, operator.and_, operator.sub, operator.xor),
    *(operator.ior, operator.iand, operator.isub, operator.ixor),
    *(operator.le, operator.lt, operator.ge, operator.gt, operator.eq, operator.ne),
]
READING = ["union", "intersection", "difference", "symmetric_difference"]
READING += ["issubset", "issuperset", "isdisjoint"]
CHANGING = ["update", "intersection_update", "difference_update", "symmetric_difference_update"]


@pytest.fixture
def reverse() -> Iterator[None]:
    reverse_sets(True)
    yield
    reverse_sets(False)


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result, or the error. Sets are compared as Python's own."""
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error), str(error)
    if isinstance(result, (OrderedSet, OrderedFrozenSet)):
        return type(result).__name__, set(result)
    return (type(result).__name__, set(result)) if isinstance(result, (set, frozenset)) else result


@given(NUMBERS, NUMBERS, st.sampled_from(KINDS), st.sampled_from([*KINDS, (list, list)]))
def test_operators_give_what_those_of_pythons_sets_give(
    left: list[int], right: list[int], kinds: tuple[Any, Any], others: tuple[Any, Any]
) -> None:
    for operation in OPERATORS:
        expected = outcome(operation, kinds[1](left), others[1](right))
        assert outcome(operation, kinds[0](left), others[0](right)) == expected
        assert outcome(operation, kinds[0](left), others[1](right)) == expected
        if others[1] is not list and kinds[1] is others[1]:
            assert outcome(operation, kinds[1](left), others[0](right)) == expected


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=2), st.sampled_from(KINDS))
def test_methods_give_what_those_of_pythons_sets_give(
    left: list[int], right: list[list[int]], kinds: tuple[Any, Any]
) -> None:
    ours, theirs = kinds[0](left), kinds[1](left)
    for name in READING:
        several = name in ("union", "intersection", "difference")
        arguments = right if several else right[:1]
        expected = outcome(getattr(theirs, name), *arguments)
        assert outcome(getattr(ours, name), *arguments) == expected
        assert outcome(getattr(ours, name), *map(OrderedSet, arguments)) == expected


@given(NUMBERS, NUMBERS)
def test_changes_are_those_of_pythons_sets(left: list[int], right: list[int]) -> None:
    for name in CHANGING:
        ours, theirs = OrderedSet(left), set(left)
        assert getattr(ours, name)(right) is getattr(theirs, name)(right) is None
        assert ours == theirs
        getattr(ours, name)(ours)
        getattr(theirs, name)(theirs)
        assert ours == theirs
    ours, theirs = OrderedSet(left), set(left)
    for item in right:
        assert outcome(ours.remove, item) == outcome(theirs.remove, item)
    for item in left:
        ours.add(item)
        ours.discard(item)
        theirs.discard(item)
    assert ours == theirs
    assert len(ours) == len(theirs) == 0
    with pytest.raises(KeyError, match="pop from an empty set"):
        ours.pop()


def test_elements_keep_the_order_in_which_they_came() -> None:
    for count in range(2, 200):
        items = [object() for _ in range(count)]
        ours = OrderedSet(items[: count // 2])
        for item in items[count // 2 :]:
            ours.add(item)
        ours.add(items[0])
        assert list(ours) == [*ours] == list(copy.copy(ours)) == list(OrderedSet(ours)) == items
        assert list(ours | ours) == list(ours & ours) == list(OrderedFrozenSet(ours)) == items
        assert ours.pop() is items[-1]


@pytest.mark.usefixtures("reverse")
def test_reversed_sets_and_their_copies_go_the_other_way() -> None:
    for count in range(2, 200):
        items = [object() for _ in range(count)]
        ours, back = OrderedSet(items), items[::-1]
        assert (
            list(ours) == list(OrderedSet(ours)) == list(ours.copy()) == list(ours | ours) == back
        )
        assert list(OrderedFrozenSet(ours)) == list(ours - OrderedSet([1])) == back
        assert list(ours.symmetric_difference(())) == list(OrderedSet().union(ours)) == back
        assert ours.pop() is items[0]
        empty = OrderedSet()
        empty.update(ours)
        assert list(empty) == back[:-1]


@pytest.mark.parametrize(("ours", "theirs"), KINDS)
def test_a_set_seems_to_be_pythons_own(ours: Any, theirs: Any) -> None:
    for items in ((), (1,), (1, 2)):
        assert repr(ours(items)) == repr(theirs(items))
    assert str(ours) == str(theirs)
    assert isinstance(ours(), ours)
    assert isinstance(ours(), theirs)
    assert not isinstance(ours(), Mapping)
    for name in ("keys", "get", "items", "setdefault", "popitem", "fromkeys", "values"):
        assert not hasattr(ours(), name)
    for use in (
        lambda kind: kind()[0],
        lambda kind: operator.setitem(kind(), 0, 0),
        lambda kind: operator.delitem(kind(), 0),
        lambda kind: reversed(kind()),
        lambda kind: json.dumps(kind()),
        lambda kind: kind([1]) in {frozenset([1]), 2},
        lambda kind: kind(3),
        lambda kind: kind([[]]),
        lambda kind: kind() | [],
        lambda kind: kind() < [],
    ):
        assert outcome(use, ours) == outcome(use, theirs)
    assert dict(ours([(1, 2)])) == {1: 2}
    assert weakref.ref(kept := ours([1]))() is kept
    assert str(ours[int]) == str(theirs[int])


def test_a_frozen_set_can_be_a_key_and_never_changes() -> None:
    ours = OrderedFrozenSet([1, 2])
    assert hash(ours) == hash(frozenset([2, 1]))
    assert {ours: 3}[OrderedFrozenSet([2, 1])] == 3
    assert OrderedFrozenSet(ours) is ours
    for name in ("add", "clear", "pop", "update", "discard", "remove"):
        assert not hasattr(ours, name)
    with pytest.raises(TypeError, match="unhashable type: 'set'"):
        hash(OrderedSet())


def test_copies_have_copies_of_their_elements() -> None:
    inner = [1]
    for ours in (OrderedSet([(1, 2)]), OrderedFrozenSet([(1, 2)])):
        assert copy.deepcopy(ours) == ours
        assert type(copy.deepcopy(ours)) is type(ours)
        assert pickle.loads(pickle.dumps(ours)) == ours
    holder = {"set": OrderedSet([tuple(inner)])}
    assert copy.deepcopy(holder)["set"] is not holder["set"]


def test_classes_may_derive_from_a_set() -> None:
    class Nodes(OrderedSet, ABC):
        def __init__(self, items: Any = ()) -> None:
            super().__init__(items)
            self.name = "nodes"

    class Pair(OrderedFrozenSet):
        def __new__(cls, *items: Any) -> Pair:
            return super().__new__(cls, items)

    nodes = Nodes([2, 1])
    nodes.add(3)
    assert list(nodes) == [2, 1, 3]
    assert repr(nodes) == "Nodes({2, 1, 3})"
    assert type(nodes | {4}) is OrderedSet
    assert type(nodes.copy()) is Nodes
    assert list(Pair(2, 1)) == [2, 1]
    assert not isinstance(OrderedSet(), Nodes)


def test_a_set_may_have_a_metaclass_and_arguments_of_its_own() -> None:
    class Meta(type): ...

    class Nodes(OrderedSet, metaclass=Meta):
        def __init__(self, owner: str, *, items: Any = ()) -> None:
            self.owner = owner
            self.update(items)

    nodes = Nodes("a", items=[3, 1])
    assert (nodes.owner, list(nodes)) == ("a", [3, 1])
    match OrderedSet([1]):
        case {}:
            raise AssertionError
        case matched:
            assert matched == {1}


def test_a_set_finds_a_frozen_set_by_an_equal_set() -> None:
    ours = OrderedSet([frozenset([1]), OrderedFrozenSet([2]), 3])
    assert OrderedSet([1]) in ours
    ours.remove(OrderedSet([1]))
    ours.discard({2})
    assert list(ours) == [3]
    ours.clear()
    assert not ours
    assert list(ours) == []


def test_a_set_that_grows_in_a_loop_over_it_is_an_error() -> None:
    ours = OrderedSet([1])
    loop = iter(ours)
    next(loop)
    ours.add(2)
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        next(loop)


def test_a_files_own_class_of_sets_works_without_our_constructor() -> None:
    class Made(OrderedSet):
        def __new__(cls, *items: int) -> Made:
            made = super().__new__(cls)
            made.update(items)
            return made

        def __init__(self, *items: int) -> None:
            self.given = items

    made = Made(3, 1, 2)
    made.add(0)
    assert (list(made), made.given, set(made) == {0, 1, 2, 3}) == ([3, 1, 2, 0], (3, 1, 2), True)
    with pytest.raises(AttributeError, match="has no attribute 'other'"):
        getattr(made, "other")  # noqa: B009


def test_a_set_that_was_made_without_its_constructor_is_empty() -> None:
    made = OrderedSet.__new__(OrderedSet)
    made.update([2, 1])
    assert list(made) == [2, 1]
    with pytest.raises(AttributeError, match="has no attribute 'other'"):
        getattr(made, "other")  # noqa: B009


def test_a_set_that_is_filled_again_loses_what_it_had() -> None:
    kept = OrderedSet([1, 2])
    kept.__init__([3])  # type: ignore[misc]
    assert (list(kept), set(kept) == {3}) == ([3], True)
