"""Slips of the pen: what a statement or an expression may read instead."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

ARITHMETIC: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)
COMPARISONS: tuple[type[ast.cmpop], ...] = (
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.Eq,
    ast.NotEq,
)
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.In: ast.NotIn, ast.NotIn: ast.In}
LIBRARY = ("exp", "log", "sin", "cos", "sqrt", "sigmoid", "relu", "tanh")


def slip_statement(statement: ast.stmt, scope: list[str]) -> Iterator[list[ast.stmt]]:
    """What may stand in a statement's place, other than itself with another expression."""
    match statement:
        case ast.Return():
            yield [ast.Return(ast.Constant(None))]
            for name in scope:
                yield [ast.Return(_name(name))]
            return
        case ast.AugAssign(target=target, op=op, value=value):
            stored = copy.deepcopy(target)
            yield [ast.Assign([stored], value, lineno=statement.lineno)]
            for other in ARITHMETIC:
                if not isinstance(op, other):
                    yield [ast.AugAssign(target, other(), value)]
            yield [statement, statement]
        case ast.If(test=test, body=body, orelse=orelse):
            yield [ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)]
            yield [ast.If(ast.Constant(True), body, orelse)]
            yield [ast.If(ast.Constant(False), body, orelse)]
            if orelse:
                yield [ast.If(test, orelse, body)]
        case ast.For(body=body):
            once = copy.copy(statement)
            once.body = [*body, ast.Break()]
            yield [once]
    yield []


def slip_expression(expression: ast.expr, scope: list[str]) -> Iterator[ast.expr]:
    """The expression with one slip, in it or in a part of it."""
    yield from _slip_whole(expression, scope)
    for field, value in ast.iter_fields(expression):
        if isinstance(value, ast.expr):
            for slip in slip_expression(value, scope):
                yield _with(expression, field, slip)
        elif isinstance(value, list):
            for index, part in enumerate(value):
                if isinstance(part, ast.expr):
                    for slip in slip_expression(part, scope):
                        yield _with(expression, field, [*value[:index], slip, *value[index + 1 :]])


def _slip_whole(expression: ast.expr, scope: list[str]) -> Iterator[ast.expr]:
    match expression:
        case ast.Name(ctx=ast.Load()) if expression.id in scope:
            yield from (_name(name) for name in scope if name != expression.id)
        case ast.Constant(value=int() | float() as number):
            others = dict.fromkeys((number + 1, number - 1, 2 * number, -number, 0))
            yield from (ast.Constant(other) for other in others if other != number)
        case ast.Attribute(value=owner, ctx=ast.Load()):
            yield from _slip_attribute(expression, owner)
        case ast.BinOp(left=left, op=op, right=right):
            yield from (
                ast.BinOp(left, other(), right) for other in ARITHMETIC if not isinstance(op, other)
            )
            yield ast.BinOp(right, op, left)
            yield left
            yield right
            yield _minus(expression)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            kinds = [OPPOSITES[type(op)]] if type(op) in OPPOSITES else COMPARISONS
            for kind in kinds:
                if not isinstance(op, kind):
                    yield ast.Compare(left, [kind()], [right])
            yield ast.Compare(right, [op], [left])
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield body
            yield orelse
            yield ast.IfExp(test, orelse, body)
        case ast.Call(func=function, args=args):
            yield from _slip_call(expression, function, args)
        case ast.Tuple(elts=elts, ctx=ast.Load()):
            yield from _slip_tuple(elts)


def _slip_attribute(attribute: ast.Attribute, owner: ast.expr) -> Iterator[ast.expr]:
    swaps = {"data": "grad", "grad": "data"}
    if attribute.attr in swaps:
        yield ast.Attribute(owner, swaps[attribute.attr], ast.Load())
        yield _minus(attribute)
        yield ast.Constant(0.0)
        yield ast.Constant(1.0)


def _slip_call(call: ast.Call, function: ast.expr, args: list[ast.expr]) -> Iterator[ast.expr]:
    match function:
        case ast.Attribute(value=ast.Name(id="floats"), attr=name) if name in LIBRARY:
            for other in LIBRARY:
                if other not in (name, "tanh"):
                    yield ast.Call(ast.Attribute(function.value, other, ast.Load()), args, [])
        case ast.Name(id="Value" | "isinstance" | "zip" | "float"):
            return
    yield _minus(call)
    yield from args
    if len(args) == 2:
        yield ast.Call(function, args[::-1], call.keywords)


def _slip_tuple(elts: list[ast.expr]) -> Iterator[ast.expr]:
    for index in range(len(elts)):
        yield ast.Tuple(elts[:index] + elts[index + 1 :], ast.Load())
        yield ast.Tuple([*elts, elts[index]], ast.Load())
        if isinstance(elts[index], ast.Constant):
            yield ast.Tuple([*elts[:index], _minus(elts[index]), *elts[index + 1 :]], ast.Load())
    if len(elts) > 1:
        yield ast.Tuple(elts[::-1], ast.Load())
        yield ast.Tuple([elts[0]] * len(elts), ast.Load())
        yield ast.Tuple([elts[-1]] * len(elts), ast.Load())


def _minus(expression: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), expression)


def _name(name: str) -> ast.expr:
    return ast.Name(name, ast.Load())


def _with(expression: ast.expr, field: str, value: object) -> ast.expr:
    changed = copy.copy(expression)
    setattr(changed, field, value)
    return changed
