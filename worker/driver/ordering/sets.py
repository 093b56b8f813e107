"""Sets that keep the order in which their elements were added.

A file gets these classes as `set` and `frozenset`. Python's own sets order nodes by address, so an
engine that walks one could compute other numbers in each process. `reverse_sets` turns the order
around, to show whether it matters.

They are Python's own sets with a dictionary of their own that has the elements in order. So what
only asks a set, such as `in`, comparisons and `isinstance`, is Python's own.
"""

from __future__ import annotations

import copy
import sys
from collections import OrderedDict
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView
from reprlib import recursive_repr
from typing import Any, Self

from worker.driver.ordering.dependence import dependence

_Set, _FrozenSet = set, frozenset
_add, _fill = set.add, set.__init__
_in_order = dict.fromkeys
_frame = sys._getframe
_DICTIONARIES: tuple[dict[Any, Any], ...] = {}, OrderedDict()
_VIEWS = {KeysView, ItemsView, *(type(v) for d in _DICTIONARIES for v in (d.keys(), d.items()))}
_OPERANDS: Any = (_Set, _FrozenSet, type({}.keys()), type({}.items()))


class _Ordered:
    """What both classes of sets have."""

    __slots__ = ()
    _elements: dict[Any, None]

    def __iter__(self) -> Iterator[Any]:
        elements = self._elements
        if len(elements) > 1:  # no call of ours: calls are counted
            dependence.on_sets = True
            dependence.places.add(_frame(1).f_code)
        return iter(elements)

    @recursive_repr("set(...)")
    def __repr__(self) -> str:
        name, shown = type(self).__name__, ", ".join(map(repr, self))
        if not shown:
            return f"{name}()"
        return f"{{{shown}}}" if type(self) is OrderedSet else f"{name}({{{shown}}})"

    def __copy__(self) -> Self:
        return type(self)(self)  # type: ignore[call-arg]

    copy = __copy__

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(copy.deepcopy(list(self), memo))  # type: ignore[call-arg]

    def __reduce_ex__(self, _: object) -> tuple[Any, ...]:
        """For pickle, which finds classes by name: an ordinary set."""
        return (_FrozenSet if isinstance(self, _FrozenSet) else _Set), (list(self),)

    def union(self, *others: Iterable[Any]) -> Any:
        """The elements of all."""
        return _like(self, _chain(self, *others))

    def intersection(self, *others: Iterable[Any]) -> Any:
        """The elements that all have."""
        kept = [other if isinstance(other, _OPERANDS) else _Set(other) for other in others]
        return _like(self, (i for i in self._elements if all(i in other for other in kept)))

    def difference(self, *others: Iterable[Any]) -> Any:
        """The elements that no other has."""
        dropped = _Set().union(*others)
        return _like(self, (item for item in self._elements if item not in dropped))

    def symmetric_difference(self, other: Iterable[Any]) -> Any:
        """The elements that only one of both has."""
        kept = OrderedSet(other)
        only_here = (item for item in self._elements if item not in kept)
        only_there = (item for item in kept._elements if item not in self)
        return _like(self, _chain(only_here, only_there))

    def __or__(self, other: Any) -> Any:
        return self.union(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __and__(self, other: Any) -> Any:
        return self.intersection(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return self.difference(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __xor__(self, other: Any) -> Any:
        return self.symmetric_difference(other) if isinstance(other, _OPERANDS) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return _like(other, other) | self if isinstance(other, _OPERANDS) else NotImplemented

    def __rand__(self, other: Any) -> Any:
        return _like(other, other) & self if isinstance(other, _OPERANDS) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _like(other, other) - self if isinstance(other, _OPERANDS) else NotImplemented

    def __rxor__(self, other: Any) -> Any:
        return _like(other, other) ^ self if isinstance(other, _OPERANDS) else NotImplemented


class OrderedSet(_Ordered, set[Any]):
    """Replaces `set`."""

    __slots__ = ("_elements",)

    def __init__(self, items: Iterable[Any] = (), /) -> None:
        # Engines make a set for each node, so this calls nothing that is written in Python.
        kept = items._elements if type(items) in _KINDS else items  # type: ignore[attr-defined]
        elements = self._elements = _in_order(kept)
        _fill(self, elements)

    def __getattr__(self, name: str) -> Any:
        # `set.__new__(set)` makes a set without calling `__init__`.
        if name != "_elements":
            return object.__getattribute__(self, name)
        self._elements = {}
        return self._elements

    def __init_subclass__(cls, **named: Any) -> None:
        """A file's own class may have a `__getattr__` that doesn't call ours."""
        super().__init_subclass__(**named)
        own = cls.__dict__.get("__getattr__")
        if own is None:
            return

        def __getattr__(self: OrderedSet, name: str) -> Any:  # noqa: N807
            return OrderedSet.__getattr__(self, name) if name == "_elements" else own(self, name)

        cls.__getattr__ = __getattr__  # type: ignore[method-assign]

    def add(self, item: Any) -> None:
        """Adds an element; it is the last then, unless it is there."""
        _add(self, item)
        self._elements[item] = None

    def pop(self) -> Any:
        """Removes the last element and returns it."""
        if not self._elements:
            raise KeyError("pop from an empty set")
        if len(self._elements) > 1:
            dependence.on_sets = True
            dependence.places.add(_frame(1).f_code)
        item = next(_from_end(self._elements))
        OrderedSet.remove(self, item)
        return item

    def remove(self, item: Any) -> None:
        """Removes an element. Raises KeyError if it isn't there."""
        _Set.remove(self, item)
        _drop(self._elements, item)

    def discard(self, item: Any) -> None:
        """Removes an element if it is there."""
        _Set.discard(self, item)
        _drop(self._elements, item)

    def clear(self) -> None:
        """Removes all elements."""
        _Set.clear(self)
        self._elements.clear()

    def update(self, *others: Iterable[Any]) -> None:
        """Adds the elements of all."""
        for other in others:
            elements = _in_order(_in_given_order(other))
            _Set.update(self, elements)
            self._elements |= elements

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keeps the elements that all have."""
        self._keep(self.intersection(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Removes the elements of the others."""
        self._keep(self.difference(*others))

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """Keeps the elements that only one of both has."""
        self._keep(self.symmetric_difference(other))

    def __ior__(self, other: Any) -> Self:
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        self.update(other)
        return self

    def __iand__(self, other: Any) -> Self:
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        self.intersection_update(other)
        return self

    def __isub__(self, other: Any) -> Self:
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        self.difference_update(other)
        return self

    def __ixor__(self, other: Any) -> Self:
        if not isinstance(other, _OPERANDS):
            return NotImplemented
        self.symmetric_difference_update(other)
        return self

    def _keep(self, items: Iterable[Any]) -> None:
        OrderedSet.clear(self)
        OrderedSet.update(self, items)


class OrderedFrozenSet(_Ordered, frozenset[Any]):
    """Replaces `frozenset`."""

    __slots__ = ("_elements",)

    def __new__(cls, items: Iterable[Any] = (), /) -> Self:
        if cls is OrderedFrozenSet and type(items) is cls:
            return items
        elements = _in_order(_in_given_order(items))
        new = _FrozenSet.__new__(cls, elements)
        new._elements = elements
        return new


class _FromView(OrderedSet):
    """A dictionary view's elements. Unlike those of sets, its operators take any iterable."""

    __slots__ = ()
    __or__, __and__ = _Ordered.union, _Ordered.intersection
    __sub__, __xor__ = _Ordered.difference, _Ordered.symmetric_difference

    def __ror__(self, other: Any) -> Any:
        return OrderedSet(other).union(self)

    def __rand__(self, other: Any) -> Any:
        return OrderedSet(other).intersection(self)

    def __rsub__(self, other: Any) -> Any:
        return OrderedSet(other).difference(self)

    def __rxor__(self, other: Any) -> Any:
        return OrderedSet(other).symmetric_difference(self)


def from_view(value: Any) -> Any:
    """A set of a dictionary view, whose operators make Python's own sets. Else the same value."""
    return _FromView(value) if type(value) in _VIEWS else value


def _in_given_order(items: Iterable[Any]) -> Iterable[Any]:
    """The elements as they were added, even while sets are reversed."""
    return items._elements if type(items) in _KINDS else items  # type: ignore[attr-defined]


def _chain(*parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        yield from _in_given_order(part)


def _like(first: object, items: Iterable[Any]) -> Any:
    """A set of these elements, frozen if the first operand is frozen."""
    is_frozen = isinstance(first, _FrozenSet)
    return OrderedFrozenSet(items) if is_frozen else OrderedSet(items)


def _drop(elements: dict[Any, None], item: Any) -> None:
    try:
        elements.pop(item, None)
    except TypeError:  # a set stands for a frozen one
        elements.pop(_FrozenSet(item), None)


_KINDS = (OrderedSet, OrderedFrozenSet, _FromView)
for _kind, _replaced in ((OrderedSet, _Set), (OrderedFrozenSet, _FrozenSet)):
    _kind.__name__ = _kind.__qualname__ = _replaced.__name__
    _kind.__module__ = _replaced.__module__


def _iterate_back(self: Any) -> Iterator[Any]:
    elements = self._elements
    if len(elements) > 1:
        dependence.places.add(_frame(1).f_code)
    return iter(reversed(elements))


_iterate: Callable[[Any], Iterator[Any]] = _Ordered.__iter__
_from_end: Callable[[Any], Iterator[Any]] = reversed  # begins with the element that `pop` removes


def reverse_sets(reverse: bool) -> None:
    """Whether all sets go from the element that was added last to the first.

    A copy has its elements in the order of the original, so that it doesn't turn them back.
    """
    global _from_end
    _Ordered.__iter__ = _iterate_back if reverse else _iterate  # type: ignore[method-assign]
    _from_end = iter if reverse else reversed
