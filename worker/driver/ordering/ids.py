"""Identities that count up as objects come, where Python's own `id` is an address.

A file that names `id` or `hash` gets `count_id` and `count_hash`, so that its nodes have the same
order each time. Other files have Python's own, which need less time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import wraps
from itertools import count
from types import MethodDescriptorType, WrapperDescriptorType
from typing import Any
from weakref import ref

from worker.driver.ordering.dependence import dependence

_FIRST, _STEP = 1 << 52, 16  # above all addresses, and exact as a float
_GOLDEN = 2_654_435_769  # 2**32 by the golden ratio: neighbours come far apart
_HEAP_TYPE = 1 << 9  # a flag of classes that Python code made
_address_of = id
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_IS_NAMED = re.compile(r"\b(?:id|hash|__hash__)\b")
_get_of_class = type.__getattribute__
_METHODS = (WrapperDescriptorType, MethodDescriptorType)
_OF_KEYS = {"__hash__", "__eq__", "__ne__", "__bool__", "__getattribute__", "__getnewargs__"}


class Identity(int):
    """The number of an object, as `id` gives it.

    It notes uses of keys that a text doesn't show, as in `max(nodes_by_id)`. `__hash__` and
    `__eq__` are those of `int`.
    """

    __slots__ = ()


def _note(of_int: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(of_int)
    def use(self: Identity, *arguments: Any, **named: Any) -> Any:
        dependence.on_others = True
        return of_int(self, *arguments, **named)

    return use


for _name, _member in vars(int).items():
    if type(_member) in _METHODS and _name not in _OF_KEYS:
        setattr(Identity, _name, _note(_member))


class Ids:
    """Whether the one file that this process loads has counted identities, and which it has."""

    def __init__(self) -> None:
        self.are_counted = False
        self.next: Iterator[int] = count(_FIRST, _STEP)
        self.numbers: dict[int, Identity] = {}  # by address, while the object lives
        self.keepers: dict[int, Any] = {}  # by address; a weak reference, or else the object itself
        self.held: list[int] = []  # the addresses of objects that a graph keeps alive

    def arrange(self, source: str, reverse: bool) -> None:
        """Counts if the source may ask for identities. With `reverse`, in another fixed order.

        Descending numbers won't work: sorting would cancel the reversed sets.
        """
        self.next = map(_scatter, count()) if reverse else count(_FIRST, _STEP)
        self.are_counted = _IS_NAMED.search(source) is not None

    def release_held(self) -> None:
        """Lets go of a graph's objects that had to be kept, since they have `__slots__`."""
        while self.held:
            address = self.held.pop()
            del self.numbers[address], self.keepers[address]

    def remember(self, value: object, address: int) -> Identity:
        """The object's new number."""
        if not _flags_of(type(value)) & _HEAP_TYPE:
            return Identity(address)
        try:
            keeper: Any = _Reference(value, self.forget)
            keeper.address = address
        except TypeError:
            keeper = value
            self.held.append(address)
        self.keepers[address] = keeper
        number = self.numbers[address] = Identity(next(self.next))
        return number

    def forget(self, reference: _Reference) -> None:
        """Forgets an object that is no more."""
        del self.numbers[reference.address], self.keepers[reference.address]


def _scatter(position: int) -> int:
    """A number for each position below 2**32, in another order."""
    return _FIRST + _STEP * (position * _GOLDEN % 2**32)


class _Reference(ref[Any]):
    __slots__ = ("address",)
    address: int


ids = Ids()


def count_id(value: object, /) -> int:
    """A number that only this object has as long as it lives.

    Objects of types that are written in C, such as lists and functions, have their address.
    """
    number = ids.numbers.get(address := _address_of(value))
    return ids.remember(value, address) if number is None else number


def count_hash(value: object, /) -> int:
    """The hash of an object; one that Python hashes by its address has its number instead."""
    by_address = _get_of_class(type(value), "__hash__") is object.__hash__
    return count_id(value) if by_address else hash(value)


def show_counted(value: object) -> str:
    """The representation that Python gives an object, with its number as its address."""
    kind = type(value)
    module, name = (_get_of_class(kind, part) for part in ("__module__", "__qualname__"))
    return f"<{module}.{name} object at {count_id(value):#x}>"


count_id.__name__ = count_id.__qualname__ = "id"
count_hash.__name__ = count_hash.__qualname__ = "hash"
show_counted.__name__ = show_counted.__qualname__ = "__repr__"


def id_of(value: object) -> int:
    """What the file's `id` gives."""
    return count_id(value) if ids.are_counted else _address_of(value)
