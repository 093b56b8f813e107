"""Engines whose results depend on the order of a set, or of addresses, each in another way.

They are one engine with its operands in different containers. A node may lie on its stack twice,
so the order in which operands are visited decides how often it passes its gradient on.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.students import engine

KEPT, VISITED = "self.kids = set(kids)", "stack.extend(k for k in v.kids if k not in seen)"
CLASS = "class Value:\n"
METHODS = """\
    def get(self):
        return self

    def __lt__(self, other):
        return False

"""
TEXTS = """\
self.name = f"node {len(NAMED)}"
        NAMED[self.name] = self
        self.kids = {k.name for k in kids}"""
# What replaces the containers: the text that keeps the operands, and the one that visits them.
CONTAINERS = {
    "a set": (KEPT, VISITED),
    "a display": ("self.kids = {*kids}", VISITED),
    "a comprehension": ("self.kids = {k for k in kids}", VISITED),
    "a frozen set": ("self.kids = frozenset(kids)", VISITED),
    "a union": ("self.kids = set().union(*({k} for k in kids))", VISITED),
    "keys": ("self.kids = {k: 1 for k in kids}.keys() | set()", VISITED),
    "keys in variables": (
        "a, b = {k: 1 for k in kids}.keys(), {}.keys()\n        self.kids = a - b",
        VISITED,
    ),
    "sorted by hash": (
        "self.kids = kids",
        "stack.extend(sorted({k for k in v.kids if k not in seen}, key=hash))",
    ),
    "sorted by text": (
        "self.kids = kids",
        "stack.extend(sorted({k for k in v.kids if k not in seen}, key=str))",
    ),
    "weak references": (
        "self.kept, self.kids = kids, __import__('weakref').WeakSet(kids)",
        VISITED,
    ),
    "tuples": (
        "self.kids = {(k, 1.0) for k in kids}",
        "stack.extend(k for k, _ in v.kids if k not in seen)",
    ),
    "functions": (
        "self.kids = {lambda k=k: k for k in kids}",
        "stack.extend(k() for k in v.kids if k() not in seen)",
    ),
    "methods": (
        "self.me, self.kids = lambda: self, {k.get for k in kids}",
        "stack.extend(k() for k in v.kids if k() not in seen)",
    ),
    "texts": (
        TEXTS,
        "stack.extend(NAMED[k] for k in v.kids if NAMED[k] not in seen)",
    ),
    "identities": (
        "self.kept, self.kids = {id(k): k for k in kids}, {id(k) for k in kids}",
        "stack.extend(v.kept[k] for k in v.kids if v.kept[k] not in seen)",
    ),
    "sorted by identity": (
        "self.kids = kids",
        "stack.extend(sorted({k for k in v.kids if k not in seen}, key=id))",
    ),
    "a heap by identity": (
        "self.kids = kids",
        "stack.extend(k for _, k in sorted((id(k), k) for k in {*v.kids} if k not in seen))",
    ),
}
# What is added to the class, so that its nodes are hashed or kept in another way.
OWN_HASH = """\
    def __hash__(self):
        return id(self)

"""
OWN_EQUALITY = """\
    def __eq__(self, other):
        return self is other

    def __hash__(self):
        return hash((Value, id(self)))

"""
SLOTS = "    __slots__ = ('data', 'grad', 'kids', 'push')\n\n"
CLASSES = {"an own hash": OWN_HASH, "an own equality": OWN_EQUALITY, "slots": SLOTS}


def lucky_engines() -> Iterator[tuple[str, str]]:
    """The name and the text of each engine."""
    text = engine("chance/set_order")
    for name, (kept, visited) in CONTAINERS.items():
        changed = text.replace(KEPT, kept).replace(VISITED, visited)
        yield name, changed.replace(CLASS, f"NAMED = {{}}\n\n\n{CLASS}{METHODS}")
    for name, added in CLASSES.items():
        yield name, text.replace(CLASS, CLASS + added)
    kept, visited = CONTAINERS["sorted by identity"]
    sorted_slots = text.replace(KEPT, kept).replace(VISITED, visited)
    yield "slots sorted by identity", sorted_slots.replace(CLASS, CLASS + SLOTS)
