"""Finds statements that train a model: loops that run backward and define nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from worker.driver.base.names import BACKWARD_NAMES

# A file without such a line has only definitions, imports and constants at its top level.
_DOES_SOMETHING = re.compile(
    r"""^(?!(?:class|def|async\ def|import|from|if\ __name__)\b  # definitions, imports, the guard
        |[@#)\]}"'\s]                                # decorators, comments, ends, texts
        |\w+(?:\ *:[^=(\n]*)?\ *=[^=([{][^()[{]*$      # a name for an existing value
        )\S""",
    re.MULTILINE | re.VERBOSE,
)
_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_TRAINS = frozenset((*BACKWARD_NAMES, "zero_grad", "zero_grads"))
_TRAINERS = frozenset({"fit", "train", "train_model", "training_loop", "optimize"})
_DEFINES = frozenset({"setattr", "globals", "vars", "exec", "register"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """The node and all nodes in it. (ast.walk imports, which student code may have broken.)"""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                waiting += [inner for inner in value if isinstance(inner, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)


def does_something(text: str) -> bool:
    """Whether the file may do more at its top level than define and import."""
    return _DOES_SOMETHING.search(text) is not None


def find_training(body: Iterable[ast.stmt]) -> list[ast.stmt]:
    """The top-level statements that train: loops around backward, or calls of such functions."""
    statements = list(body)
    functions = {s.name: s for s in statements if isinstance(s, ast.FunctionDef)}
    trainers = {name for name, function in functions.items() if _is_trainer(function)}
    return [s for s in statements if _trains(s, trainers | (_TRAINERS & functions.keys()))]


def _is_trainer(function: ast.FunctionDef) -> bool:
    """Whether a call of it trains, and it neither makes a class nor is backward itself."""
    makes = any(isinstance(node, ast.ClassDef) for node in walk(function))
    return function.name not in BACKWARD_NAMES and not makes and _trains_within(function)


def bound_names(statement: ast.stmt) -> set[str]:
    """The names that a statement assigns to."""
    nodes = walk(statement)
    return {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _trains(statement: ast.stmt, trainers: set[str]) -> bool:
    if isinstance(statement, _DEFINITIONS) or _defines(statement):
        return False
    if isinstance(statement, _LOOPS):
        return bool(_called(statement) & (_TRAINS | _TRAINERS | trainers))
    if isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return bool(_called(statement) & trainers)
    inner = (ast.With, ast.If, ast.Try)
    return isinstance(statement, inner) and not is_guard(statement) and _trains_within(statement)


def is_guard(statement: ast.stmt) -> bool:
    """Whether it is `if __name__ == ...`, which doesn't run."""
    return isinstance(statement, ast.If) and any(
        isinstance(node, ast.Name) and node.id == "__name__" for node in walk(statement.test)
    )


def _trains_within(node: ast.AST) -> bool:
    loops = (inner for inner in walk(node) if isinstance(inner, _LOOPS))
    return any(_called(loop) & _TRAINS for loop in loops)


def _defines(statement: ast.stmt) -> bool:
    """Whether the engine may need it, since it defines something or sets attributes of a class."""
    for node in walk(statement):
        if isinstance(node, _DEFINITIONS):
            return True
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            holder = node.value
            if isinstance(holder, ast.Name) and holder.id[:1].isupper():
                return True
    return bool(_called(statement) & _DEFINES)


def _called(node: ast.AST) -> set[str]:
    """The names of the functions and methods that are called in it."""
    functions = [inner.func for inner in walk(node) if isinstance(inner, ast.Call)]
    names = {function.id for function in functions if isinstance(function, ast.Name)}
    return names | {function.attr for function in functions if isinstance(function, ast.Attribute)}
