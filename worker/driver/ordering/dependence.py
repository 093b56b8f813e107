"""Whether numbers may depend on the order of sets and identities, or on chance.

Most engines only ask whether a node is in a set. Their graphs needn't run in a second order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import CodeType

from worker.driver.ordering.displays import parts_of

# Names of what differs from process to process, and of ways to it. Imports name their modules.
_CHANCES = frozenset(
    {
        *("random", "secrets", "uuid", "urandom", "getrandom", "statistics"),
        *("time", "timeit", "datetime", "os", "sys", "gc", "inspect", "ctypes", "tracemalloc"),
        *("tempfile", "subprocess", "threading", "_thread", "asyncio", "multiprocessing"),
        *("concurrent", "importlib", "__import__", "builtins", "__builtins__"),
        *("eval", "exec", "compile"),
    }
)
_ASKING = (ast.In, ast.NotIn, ast.Eq, ast.NotEq)
_METHODS_OF_KEYS = {"add", "discard", "remove", "get", "pop", "setdefault"}


class Dependence:
    """Whether the one file that this process loads has used an order so far.

    `on_sets`: it has walked a set of two or more. `on_others`: it has used identities as numbers.
    Once it has, it stays so: what a set decided may be kept for later graphs. `places`: the code
    that has walked such a set lately.
    """

    __slots__ = ("on_others", "on_sets", "places")

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begins with another file."""
        self.on_sets = self.on_others = False
        self.places: set[CodeType] = set()

    def take_places(self) -> set[CodeType]:
        """The places since the last time that this was asked."""
        places, self.places = self.places, set()
        return places

    @property
    def is_possible(self) -> bool:
        """Whether any order may have mattered."""
        return self.on_sets or self.on_others


dependence = Dependence()


def names_chance(code: CodeType) -> bool:
    """Whether the code names a source of chance."""
    names = (name for part in parts_of(code) for name in part.co_names)
    return any(not _CHANCES.isdisjoint(name.split(".")) for name in names)


def uses_identities(statements: Iterable[ast.stmt]) -> bool:
    """Whether the text uses `id`, `hash` or `__hash__` for anything but finding an object again.

    `seen.add(id(node))` and `id(node) in seen` only find it; `sorted(nodes, key=id)` doesn't.
    """
    nodes = [node for statement in statements for node in ast.walk(statement)]
    keys = {id(_named_by_id(key)) for node in nodes for key in _find_keys(node)}
    return any(
        (isinstance(node, ast.Name) and node.id in ("id", "hash") and id(node) not in keys)
        or (isinstance(node, ast.Attribute) and node.attr == "__hash__")
        for node in nodes
    )


def _find_keys(node: ast.AST) -> Iterator[ast.expr | None]:
    """The expressions in a node of a program that are keys or are only compared."""
    match node:
        case ast.Compare(left, operators, others):
            if all(isinstance(one, _ASKING) for one in operators):
                yield from (left, *others)
        case ast.Subscript(_, key) | ast.DictComp(key) | ast.SetComp(key):
            yield key
        case ast.Dict(keys) | ast.Set(keys):
            yield from keys
        case ast.Call(ast.Attribute(_, name), [key, *_]) if name in _METHODS_OF_KEYS:
            yield key
        case ast.FunctionDef(name="__hash__"):
            yield from (one.value for one in ast.walk(node) if isinstance(one, ast.Return))


def _named_by_id(key: ast.expr | None) -> ast.expr | None:
    """The name `id` in the expression `id(x)`; None for anything else."""
    match key:
        case ast.Call(ast.Name("id") as name, [_], []):
            return name
    return None
