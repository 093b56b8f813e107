"""A file notes whether it has used the order of its sets and identities, or names chance."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.worker.driver.in_process import undisturbed
from tests.worker.driver.test_ordering import ENGINE
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.load import load
from worker.driver.ordering.dependence import dependence
from worker.driver.ordering.namespace import arrange

ASKED = {
    "a set that is only asked": "s = {1, 2, 3}\nassert 2 in s and len(s) == 3 and s == {3, 2, 1}",
    "a set that grows": "s = set()\nfor n in range(9):\n    s.add(n)\ns |= {10}\ns.discard(3)",
    "a set of one": "for x in {1}: pass\nx, = {2}\n{3}.pop()",
    "sets made of sets": "s = set({1, 2})\nt = frozenset(s) | {4}\nu = t - {4}",
    "identities as keys": (
        "a, b = A(), A()\nd = {id(a): a}\nd[id(b)] = b\nassert id(a) in d and d.get(id(b)) is b\n"
        "assert id(a) == id(a) != id(b)\nassert d.pop(id(a)) is a"
    ),
    "a hash by identity": (
        "class B:\n    def __hash__(self): return id(self)\n"
        "    def __eq__(self, other): return self is other\n"
        "b = B()\nassert b in {b} and {b: 1}[b] == 1"
    ),
    "a word for chance": "x = 'random'  # no time",
}
USED = {
    "a set that is walked": "for x in {1, 2}: pass",
    "a frozen set that is walked": "x = list(frozenset([1, 2]))",
    "a set that is sorted": "x = sorted({1, 2}, key=lambda x: 0)",
    "an element that is taken": "x = {1, 2}.pop()",
    "a set that is shown": "x = str({1, 2})",
    "a set of weak references": (
        "import weakref\na, b = A(), A()\nx = list(weakref.WeakSet([a, b]))"
    ),
    "identities in order": "x = sorted([A(), A()], key=id)",
    "identities compared": "x = id(A()) < 1",
    "identities computed with": "x = id(A()) % 7",
    "identities shown": "x = f'{id(A()):x}'",
    "keys in order": "nodes = {id(a): a for a in [A(), A()]}\nx = max(nodes)",
    "identities as bytes": "x = id(A()).to_bytes(8, byteorder='big')",
    "identities as texts": "x = hex(id(A()))",
    "identities in a text": "x = 'v%d' % id(A())",
    "identities in a tuple": "x = (1, id(A()))",
    "logarithms of identities": "import math\nx = math.log(id(A()))",
    "a hash of identities": (
        "class B:\n    def __hash__(self): return id(self)\nx = sorted([B(), B()], key=hash)"
    ),
    "a hash by its method": "x = sorted([A(), A()], key=A.__hash__)",
    "a sum of identities": ("class B:\n    def __hash__(self): return 31 * id(self)\nx = B()"),
    "random numbers": "import random",
    "random numbers by their name": "from numpy.random import rand",
    "threads": "from concurrent.futures import ThreadPoolExecutor",
    "samples": "from statistics import NormalDist",
    "random numbers of numpy": "import numpy\ndef f(): return numpy.random.rand()",
    "the clock": "from time import perf_counter",
    "a module by its name": "def f(name): return __import__(name)",
    "frames": "import sys",
}


def may_vary(source: str) -> bool:
    with undisturbed():
        arrange(source, False)
        loaded = load(f"class A: pass\n{ENGINE}{source}\n", ModuleType(MODULE))
        assert isinstance(loaded, Engine)
        assert loaded.notes == ()
        return loaded.may_vary or dependence.is_possible


@pytest.mark.parametrize("name", ASKED)
def test_what_only_asks_depends_on_no_order(name: str) -> None:
    assert not may_vary(ASKED[name])


@pytest.mark.parametrize("name", USED)
def test_what_uses_an_order_or_chance_may_vary(name: str) -> None:
    assert may_vary(USED[name])


def test_each_file_begins_without_a_use() -> None:
    assert may_vary(USED["a set that is walked"])
    assert not may_vary("")
