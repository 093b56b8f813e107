"""Gives the sets and hashes that a file makes without a name a fixed order.

A display `{a, b}` makes one of Python's own sets, whatever `set` means in the file. So it becomes a
call, and so do the operands that may be dictionary views, and `node.__hash__()`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dis import opmap
from types import CodeType

# Names in the file's builtins, which no file can use itself.
MAKE_SET, FROM_VIEW, HASH = HELPERS = "{}", "{}?", "#"
_MAKES_SET = opmap["BUILD_SET"]
_VIEWS = {"keys", "items"}
_OF_SETS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)


def has_displays(code: CodeType) -> bool:
    """Whether the code makes a set or a hash without a name, or might.

    A display of constants is a constant itself, a frozen set.
    """
    return any(
        _MAKES_SET in part.co_code[::2]
        or not _VIEWS.isdisjoint(part.co_names)
        or "__hash__" in part.co_names
        or any(type(constant) is frozenset for constant in part.co_consts)
        for part in parts_of(code)
    )


def has_views(code: CodeType) -> bool:
    """Whether the code may have views of dictionaries. Their operators make sets."""
    return any(not _VIEWS.isdisjoint(part.co_names) for part in parts_of(code))


def parts_of(code: CodeType) -> Iterator[CodeType]:
    """The code and all code in it."""
    yield code
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from parts_of(constant)


class Displays(ast.NodeTransformer):
    """Makes calls of the displays, and with `views` of what operators of sets take."""

    def __init__(self, views: bool) -> None:
        self._views = views

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.List(node.elts, ast.Load()), node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.ListComp(node.elt, node.generators), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if self._views and isinstance(node.op, _OF_SETS):
            node.left = _call(node.left, node.left, FROM_VIEW)
            node.right = _call(node.right, node.right, FROM_VIEW)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Attribute(ast.Name() as owner, "__hash__"), [], []):
                return _call(owner, node, HASH)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Leaves alone what is only searched, as in `x in {"+", "*"}`."""
        for index, (operator, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if not (isinstance(operator, (ast.In, ast.NotIn)) and isinstance(right, ast.Set)):
                node.comparators[index] = self.visit(right)
        node.left = self.visit(node.left)
        return node


def _call(items: ast.expr, original: ast.expr, name: str = MAKE_SET) -> ast.expr:
    ast.copy_location(items, original)
    function = ast.copy_location(ast.Name(name, ast.Load()), original)
    return ast.copy_location(ast.Call(function, [items], []), original)
