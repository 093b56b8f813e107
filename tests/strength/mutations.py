"""Mutants of the reference engine: its class with one small slip, made from the syntax tree.

A mutant is named by its method and the statement as it reads after the slip, so that its name stays
while the rest of the engine changes.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from tests.strength.slips import slip_expression, slip_statement
from worker.reference import engine

KEPT = frozenset({"__repr__"})  # computes nothing
FREE_FUNCTIONS = frozenset({"differentiate_by_exponent", "differentiate_power"})
# A Value as exponent is a question of convention, and so is the slope of 0 ** x: no case that gives
# points asks for the other statements.
MARKED_STATEMENTS = {"__pow__": slice(1), "differentiate_by_exponent": slice(2, None)}
TICK = ast.parse("_tick()").body[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """The engine with one slip: `name` says where and which; `code` defines the one function."""

    name: str
    function: str
    code: CodeType


def make_mutants() -> Iterator[Mutant]:
    """All mutants, each of them another program."""
    names: dict[str, int] = {}
    for function in _find_functions(_engine_alone()):
        body = function.body
        seen = {ast.unparse(function)}
        for place, mutated in _mutate_body(body, _names_in(function), function.name):
            function.body = mutated
            text = ast.unparse(function)
            if text not in seen:
                seen.add(text)
                name = f"{function.name}: {place}"
                names[name] = names.get(name, 0) + 1
                suffix = f" ({names[name]})" if names[name] > 1 else ""
                yield Mutant(name=name + suffix, function=function.name, code=_compile(function))
        function.body = body


def build(mutant: Mutant, tick: Callable[[], None]) -> type:
    """The mutant's class, which calls `tick` each time that a loop of it goes round."""
    namespace: dict[str, Any] = {"__name__": "student"}
    exec(_WHOLE, namespace)
    value: type = namespace["Value"]
    local: dict[str, Any] = {}
    exec(mutant.code, namespace | {"_tick": tick}, local)
    new = local[mutant.function]
    new.__globals__["Value"] = value
    if mutant.function in FREE_FUNCTIONS:
        namespace[mutant.function] = new
        return value
    old = vars(value)[mutant.function]
    for alias in [name for name, member in vars(value).items() if member is old]:
        setattr(value, alias, new)
    return value


def _engine_alone() -> ast.Module:
    """The class and the functions that it calls, without annotations that nothing evaluates."""
    module = ast.parse(inspect.getsource(engine))
    module.body = [
        node
        for node in module.body
        if isinstance(node, ast.ImportFrom | ast.Import)
        or (isinstance(node, ast.ClassDef) and node.name == "Value")
        or (isinstance(node, ast.FunctionDef) and node.name in FREE_FUNCTIONS)
    ]
    return module


_WHOLE = compile(_engine_alone(), "mutant", "exec")


def _find_functions(module: ast.Module) -> list[ast.FunctionDef]:
    found = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    for function in found:
        function.returns = None
        for argument in function.args.args:
            argument.annotation = None
    return [function for function in found if function.name not in KEPT]


def _compile(function: ast.FunctionDef) -> CodeType:
    ticking = copy.deepcopy(function)
    for node in ast.walk(ticking):
        if isinstance(node, ast.For):
            node.body.insert(0, TICK)
    module = ast.Module([ticking], [])
    return compile(ast.fix_missing_locations(module), "mutant", "exec")


def _names_in(function: ast.FunctionDef) -> list[str]:
    """What a slip of the pen may name instead: the parameters and the variables."""
    arguments = [argument.arg for argument in function.args.args]
    stored = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return list(dict.fromkeys([*arguments, *stored]))


Mutated = tuple[str, list[ast.stmt]]


def _mutate_body(body: list[ast.stmt], scope: list[str], function: str = "") -> Iterator[Mutated]:
    """The body with one slip in one of its statements, and how that statement reads then."""
    for index in range(len(body))[MARKED_STATEMENTS.get(function, slice(None))]:
        statement = body[index]
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        for place, changed in _mutate(statement, scope):
            yield place, [*body[:index], *changed, *body[index + 1 :]]


def _mutate(statement: ast.stmt, scope: list[str]) -> Iterator[Mutated]:
    for changed in slip_statement(statement, scope):
        yield _describe(statement, changed), changed
    for part, value in ast.iter_fields(statement):
        if isinstance(value, ast.expr):
            for slip in slip_expression(value, scope):
                altered = _with(statement, part, slip)
                yield _head(altered), [altered]
        elif part in ("body", "orelse"):
            for place, inner in _mutate_body(value, scope):
                yield place, [_with(statement, part, inner or [ast.Pass()])]


def _with(statement: ast.stmt, part: str, value: object) -> ast.stmt:
    altered = copy.copy(statement)
    setattr(altered, part, value)
    return altered


def _describe(statement: ast.stmt, changed: list[ast.stmt]) -> str:
    if not changed:
        return f"without `{_head(statement)}`"
    if isinstance(statement, ast.For):
        return f"{_head(statement)} ... break"
    return "; ".join(map(_head, changed))


def _head(statement: ast.stmt) -> str:
    """The statement's first line, which for a compound one is its head."""
    return ast.unparse(statement).partition("\n")[0]
