"""Gives the set displays of a file a fixed order.

A display `{a, b}` makes one of Python's own sets, whatever `set` means in the file. So it becomes a
call.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dis import opmap
from types import CodeType

MAKE_SET = "{}"  # the name of the class in the file's builtins, which no file can use itself
_MAKES_SET = opmap["BUILD_SET"]
_VIEWS = ("keys", "items")
_OF_SETS = (ast.BitOr, ast.BitAnd, ast.BitXor, ast.Sub)


def has_displays(code: CodeType) -> bool:
    """Whether the code makes a set without a call, or might: dictionary views have operators.

    A display of constants is a constant itself, a frozen set.
    """
    return any(
        _MAKES_SET in part.co_code[::2]
        or not set(_VIEWS).isdisjoint(part.co_names)
        or any(type(constant) is frozenset for constant in part.co_consts)
        for part in _parts(code)
    )


def _parts(code: CodeType) -> Iterator[CodeType]:
    """The code and all code in it."""
    yield code
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from _parts(constant)


class Displays(ast.NodeTransformer):
    """Makes calls of the displays, and sets of the dictionary views that operators take."""

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.List(node.elts, ast.Load()), node)

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        self.generic_visit(node)
        return _call(ast.ListComp(node.elt, node.generators), node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, _OF_SETS) and (_is_view(node.left) or _is_view(node.right)):
            node.left, node.right = _call(node.left, node.left), _call(node.right, node.right)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Leaves alone what is only searched, as in `x in {"+", "*"}`."""
        for index, (operator, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if not (isinstance(operator, (ast.In, ast.NotIn)) and isinstance(right, ast.Set)):
                node.comparators[index] = self.visit(right)
        node.left = self.visit(node.left)
        return node


def _is_view(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _VIEWS
        and not node.args
    )


def _call(items: ast.expr, original: ast.expr) -> ast.expr:
    ast.copy_location(items, original)
    name = ast.copy_location(ast.Name(MAKE_SET, ast.Load()), original)
    return ast.copy_location(ast.Call(name, [items], []), original)
