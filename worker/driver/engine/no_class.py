"""Why a file has no class that could be the engine, as far as its text and its names tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from worker.driver.base.members import is_own_class
from worker.driver.base.messages import problem, split_lines
from worker.driver.base.names import CLASS_NAMES
from worker.driver.base.protocol import LOAD_ERROR, Answer
from worker.driver.base.protocol import NO_CLASS as NO_CLASS_PROBLEM
from worker.driver.file.missing_modules import StandIn, StandInModule, account, path_of
from worker.driver.file.training_loops import bound_names, is_guard, walk
from worker.driver.file.usage_hints import ARITHMETIC, does_arithmetic, parse
from worker.driver.graph.engine import Namespace

NO_CLASS = "No class that could be a Value: a class with __add__ or __mul__ is needed."
IMPORTED = "{} is imported from {}, which is not here: put the class into this file."
ALL_IMPORTED = "All is imported from {}, which is not here: put the class into this file."
REBOUND = "The class {} is lost: its name means something else at the end of the file."
HIDDEN = "The class {} stands {}: put it at the top level of the file."
NEEDS = "The class {} itself needs {}, which is not here: write it without."
PATCHED = "{} is put into its class by {}, which is not here: write it in the class."
GUARDED = "under `if __name__ == '__main__':`, which does not run"
Told = tuple[str, int | None]  # a sentence, and the line that it is about


def tell_no_class(namespace: Namespace, text: str, classes: Iterable[str]) -> Answer:
    """The problem with a file that has no such class, and these others."""
    found = f" The classes found: {', '.join(classes)}." if classes else ""
    statements = parse(text) or []
    reasons = (
        *_find_imported(namespace, statements),
        *_find_rebound(namespace, statements),
        *_find_hidden(statements),
        *_find_patched(namespace, statements),
        (f"{NO_CLASS}{found}", None),
    )
    message, line = reasons[0]
    return problem(NO_CLASS_PROBLEM, message, split_lines(text), line)


def tell_needed(name: str, namespace: Namespace, text: str) -> Answer | None:
    """The problem with a class that a decorator or a base which is not here was to make."""
    for kind in parse(text) or ():
        if isinstance(kind, ast.ClassDef) and kind.name == name:
            module = _find_module([*kind.decorator_list, *kind.bases], namespace)
            if module is not None:
                told = NEEDS.format(name, module)
                return problem(LOAD_ERROR, told, split_lines(text), kind.lineno)
    return None


def _find_module(expressions: Iterable[ast.expr], namespace: Namespace) -> str | None:
    """The module that is not here, of the first name in these that stands in."""
    for expression in expressions:
        for node in walk(expression):
            thing = namespace.get(node.id) if isinstance(node, ast.Name) else None
            if type(thing) is StandIn:
                return path_of(thing).partition(".")[0]
            if type(thing) is StandInModule:
                return thing.__name__.partition(".")[0]
    return None


def _find_imported(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Told]:
    for name in CLASS_NAMES:
        thing = namespace.get(name)
        if type(thing) is StandIn:
            path = path_of(thing)
            module = path.rpartition(".")[0]
            line = account.line_of(path) or account.line_of(module.partition(".")[0])
            yield IMPORTED.format(name, module), line
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            module = statement.module or "."
            if module.partition(".")[0] in account.lines:
                yield ALL_IMPORTED.format(module), statement.lineno


def _find_rebound(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Told]:
    """Classes of the top level whose names have been given to something else since."""
    for place, statement in enumerate(statements):
        if does_arithmetic(statement) and not is_own_class(namespace.get(statement.name)):
            later = (s for s in statements[place + 1 :] if statement.name in _bound(s))
            yield REBOUND.format(statement.name), next((s.lineno for s in later), None)


def _bound(statement: ast.stmt) -> set[str]:
    name = getattr(statement, "name", None)  # of a function or a class
    return bound_names(statement) if name is None else {name}


def _find_hidden(statements: list[ast.stmt]) -> Iterator[Told]:
    """Classes that are no names of the file's top level."""
    for outer in statements:
        for inner in walk(outer):
            if inner is not outer and does_arithmetic(inner) and (place := _place(outer)):
                yield HIDDEN.format(inner.name, place), inner.lineno


def _find_patched(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Told]:
    """Operators outside of any class, where what was to put them into one is not here."""
    for function in statements:
        if isinstance(function, ast.FunctionDef) and function.name in ARITHMETIC:
            module = _find_module(function.decorator_list, namespace)
            if module is not None:
                yield PATCHED.format(function.name, module), function.lineno


def _place(outer: ast.stmt) -> str | None:
    """Where the classes within a statement are; None where they may well be the file's own."""
    if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"inside the function {outer.name}(), where it is not found"
    if isinstance(outer, ast.ClassDef):
        return f"inside the class {outer.name}, where it is not found"
    return GUARDED if is_guard(outer) else None
