"""Sets that keep the order in which their elements were added.

A file gets these classes as `set` and `frozenset`. Python's own sets order nodes by address, so an
engine that walks one could compute other numbers in each process. `reverse_sets` turns the order
around, to show whether it matters.

They are dictionaries without values, so what engines do most, `in`, `add` and loops, runs in C.
"""

from __future__ import annotations

import copy
from abc import ABCMeta
from collections.abc import Iterable, Iterator, MutableSet, Set
from reprlib import recursive_repr
from typing import Any, NoReturn, Self

_Set, _FrozenSet = set, frozenset
_Dictionary: Any = dict  # the methods of sets have other types
_add, _iterate = _Dictionary.setdefault, _Dictionary.__iter__


class _Hidden:
    """A method of dictionaries that sets don't have."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, value: object, owner: type) -> NoReturn:
        raise AttributeError(f"{owner.__name__!r} object has no attribute {self._name!r}")


class _Ordered(_Dictionary, metaclass=ABCMeta):  # type: ignore[misc]
    """What both classes of sets have."""

    __slots__ = ("__weakref__",)
    fromkeys = get = items = keys = popitem = setdefault = values = _Hidden()
    __reversed__ = None

    def __getitem__(self, _: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__!r} object is not subscriptable")

    def __setitem__(self, *_: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__!r} object does not support item assignment")

    def __delitem__(self, _: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__!r} object doesn't support item deletion")

    @recursive_repr("set(...)")
    def __repr__(self) -> str:
        name, shown = type(self).__name__, ", ".join(map(repr, self))
        if not shown:
            return f"{name}()"
        return f"{{{shown}}}" if type(self) is OrderedSet else f"{name}({{{shown}}})"

    def __copy__(self) -> Self:
        return type(self)(self)

    copy = __copy__

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return type(self)(copy.deepcopy(list(self), memo))

    def __reduce_ex__(self, _: object) -> tuple[Any, ...]:
        """For pickle, which finds classes by name: an ordinary set."""
        return (_FrozenSet if isinstance(self, OrderedFrozenSet) else _Set), (list(self),)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and all(item in other for item in self)

    def __ne__(self, other: object) -> bool:
        return NotImplemented if not isinstance(other, Set) else not self == other

    def __le__(self, other: Any) -> bool:
        return self.issubset(other) if isinstance(other, Set) else NotImplemented

    def __lt__(self, other: Any) -> bool:
        return (self <= other and self != other) if isinstance(other, Set) else NotImplemented

    def __ge__(self, other: Any) -> bool:
        return self.issuperset(other) if isinstance(other, Set) else NotImplemented

    def __gt__(self, other: Any) -> bool:
        return (self >= other and self != other) if isinstance(other, Set) else NotImplemented

    def issubset(self, other: Iterable[Any]) -> bool:
        """Whether the other has each element."""
        kept = other if isinstance(other, Set) else OrderedSet(other)
        return len(self) <= len(kept) and all(item in kept for item in self)

    def issuperset(self, other: Iterable[Any]) -> bool:
        """Whether it has each element of the other."""
        return all(item in self for item in other)

    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """Whether they have no element in common."""
        return not any(item in self for item in other)

    def union(self, *others: Iterable[Any]) -> Any:
        """The elements of all."""
        return _like(self, _chain(self, *others))

    def intersection(self, *others: Iterable[Any]) -> Any:
        """The elements that all have."""
        kept = [other if isinstance(other, Set) else OrderedSet(other) for other in others]
        return _like(self, (i for i in _iterate(self) if all(i in other for other in kept)))

    def difference(self, *others: Iterable[Any]) -> Any:
        """The elements that no other has."""
        dropped = OrderedSet(_chain(*others))
        return _like(self, (item for item in _iterate(self) if item not in dropped))

    def symmetric_difference(self, other: Iterable[Any]) -> Any:
        """The elements that only one of both has."""
        kept = OrderedSet(other)
        only_here = (item for item in _iterate(self) if item not in kept)
        return _like(self, _chain(only_here, (i for i in _iterate(kept) if i not in self)))

    def __or__(self, other: Any) -> Any:
        return self.union(other) if isinstance(other, Set) else NotImplemented

    def __and__(self, other: Any) -> Any:
        return self.intersection(other) if isinstance(other, Set) else NotImplemented

    def __sub__(self, other: Any) -> Any:
        return self.difference(other) if isinstance(other, Set) else NotImplemented

    def __xor__(self, other: Any) -> Any:
        return self.symmetric_difference(other) if isinstance(other, Set) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return _like(other, other) | self if isinstance(other, Set) else NotImplemented

    def __rand__(self, other: Any) -> Any:
        return _like(other, other) & self if isinstance(other, Set) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return _like(other, other) - self if isinstance(other, Set) else NotImplemented

    def __rxor__(self, other: Any) -> Any:
        return _like(other, other) ^ self if isinstance(other, Set) else NotImplemented


class OrderedSet(_Ordered):
    """Replaces `set`."""

    __slots__ = ()
    add = _Dictionary.setdefault
    _ends = _Dictionary.__reversed__  # goes to the element that `pop` removes

    def __init__(self, items: Iterable[Any] = (), /) -> None:
        for item in items if type(items) not in _KINDS else _iterate(items):
            _add(self, item)

    def pop(self) -> Any:
        """Removes the last element and returns it."""
        for item in self._ends():
            _Dictionary.__delitem__(self, item)
            return item
        raise KeyError("pop from an empty set")

    def remove(self, item: Any) -> None:
        """Removes an element. Raises KeyError if it isn't there."""
        _Dictionary.__delitem__(self, item)

    def discard(self, item: Any) -> None:
        """Removes an element if it is there."""
        _Dictionary.pop(self, item, None)

    def update(self, *others: Iterable[Any]) -> None:
        """Adds the elements of all."""
        for other in others:
            for item in other if type(other) not in _KINDS else [*_iterate(other)]:
                _add(self, item)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keeps the elements that all have."""
        self._keep(self.intersection(*others))

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Removes the elements of the others."""
        for item in [item for other in others for item in other]:
            _Dictionary.pop(self, item, None)

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """Keeps the elements that only one of both has."""
        self._keep(self.symmetric_difference(other))

    def __ior__(self, other: Any) -> Self:
        if not isinstance(other, Set):
            return NotImplemented
        self.update(other)
        return self

    def __iand__(self, other: Any) -> Self:
        if not isinstance(other, Set):
            return NotImplemented
        self.intersection_update(other)
        return self

    def __isub__(self, other: Any) -> Self:
        if not isinstance(other, Set):
            return NotImplemented
        self.difference_update(other)
        return self

    def __ixor__(self, other: Any) -> Self:
        if not isinstance(other, Set):
            return NotImplemented
        self.symmetric_difference_update(other)
        return self

    def _keep(self, items: Iterable[Any]) -> None:
        _Dictionary.clear(self)
        OrderedSet.update(self, items)


class OrderedFrozenSet(_Ordered):
    """Replaces `frozenset`."""

    __slots__ = ()
    clear = pop = update = _Hidden()

    def __new__(cls, items: Iterable[Any] = (), /) -> Self:
        if cls is OrderedFrozenSet and type(items) is cls:
            return items
        new: Self = _Dictionary.__new__(cls)
        for item in items if type(items) not in _KINDS else _iterate(items):
            _add(new, item)
        return new

    def __init__(self, *_: Any) -> None:
        """Does nothing: a dictionary would take the elements for pairs."""

    def __hash__(self) -> int:
        return hash(_FrozenSet(_iterate(self)))

    def __ior__(self, _: Any) -> Any:
        return NotImplemented  # so `|` makes a new set


def _chain(*parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        yield from part if type(part) not in _KINDS else _iterate(part)


def _like(first: object, items: Iterable[Any]) -> Any:
    """A set of these elements, frozen if the first operand is frozen."""
    is_frozen = isinstance(first, OrderedFrozenSet)
    return OrderedFrozenSet(items) if is_frozen else OrderedSet(items)


_KINDS = (OrderedSet, OrderedFrozenSet)
for _kind, _replaced in ((OrderedSet, _Set), (OrderedFrozenSet, _FrozenSet)):
    _kind.__name__ = _kind.__qualname__ = _replaced.__name__
    _kind.__module__ = _replaced.__module__
    _kind.register(_replaced)  # isinstance() is true for those that Python's own functions make
MutableSet.register(OrderedSet)
Set.register(OrderedFrozenSet)


def reverse_sets(reverse: bool) -> None:
    """Whether all sets go from the element that was added last to the first.

    A copy has its elements in the order of the original, so that it doesn't turn them back.
    """
    _Ordered.__iter__ = _Dictionary.__reversed__ if reverse else _Dictionary.__iter__
    OrderedSet._ends = _Dictionary.__iter__ if reverse else _Dictionary.__reversed__
