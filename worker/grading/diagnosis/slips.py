"""Writes what a rule may read instead after one slip of the pen: another name, digit or sign."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator
from functools import cache

SIGNS: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
DIGITS = (0, 1, 2, 3)
WRAPPED = ("abs({})", "int({})", "(-{})")


@cache
def slip(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the texts that differ from a rule by one slip, the shortest first.

    >>> slip("n * a", ("a", "n"))[:4]
    ('a', 'n', 'a * a', 'a * n')
    """
    expression = ast.parse(text, mode="eval").body
    right = ast.unparse(expression)
    slips = {ast.unparse(one) for one in _slip(expression, names)} - {right}
    for name in names:  # read in another way everywhere
        for shape in WRAPPED:
            slips.add(re.sub(rf"\b{name}\b", shape.format(name), right))
    slips.discard(right)
    return tuple(sorted(slips, key=lambda one: (len(one), one)))


def _slip(expression: ast.expr, names: tuple[str, ...]) -> Iterator[ast.expr]:
    yield from _slip_whole(expression, names)
    for field, value in ast.iter_fields(expression):
        if field == "func":
            continue
        if isinstance(value, ast.expr):
            for one in _slip(value, names):
                yield _with(expression, field, one)
        elif field == "args":
            for index, part in enumerate(value):
                for one in _slip(part, names):
                    yield _with(expression, field, [*value[:index], one, *value[index + 1 :]])


def _slip_whole(expression: ast.expr, names: tuple[str, ...]) -> Iterator[ast.expr]:
    match expression:
        case ast.Name(id=own) if own in names:
            yield from (ast.Name(name) for name in names if name != own)
            for shape in WRAPPED:
                yield ast.parse(shape.format(own), mode="eval").body
        case ast.Constant():
            yield from (ast.Constant(digit) for digit in DIGITS)
        case ast.BinOp(left=left, op=op, right=right):
            yield from (ast.BinOp(left, sign(), right) for sign in SIGNS)
            yield from (ast.BinOp(right, op, left), left, right, _minus(expression))
        case ast.UnaryOp(operand=operand):
            yield operand
        case ast.IfExp(body=body):
            yield body
        case ast.Call(args=args):
            yield from (*args, _minus(expression))
            if len(args) > 1:
                yield _with(expression, "args", args[::-1])


def _minus(expression: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), expression)


def _with(expression: ast.expr, field: str, value: object) -> ast.expr:
    changed = copy.copy(expression)
    setattr(changed, field, value)
    return changed
