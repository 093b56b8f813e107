"""Explains why a file has no class that could be the engine, from its text and its names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from worker.driver.base.members import is_own_class
from worker.driver.base.messages import PUT_IT_HERE, problem, split_lines
from worker.driver.base.modules import PACKAGE, file_of, is_neighbour, plain_name
from worker.driver.base.names import CLASS_NAMES
from worker.driver.base.protocol import MISSING_MODULE, Answer
from worker.driver.base.protocol import NO_CLASS as NO_CLASS_PROBLEM
from worker.driver.file.missing_modules import missing
from worker.driver.file.placeholders import (
    Placeholder,
    PlaceholderModule,
    module_of,
    path_of,
)
from worker.driver.file.training_loops import bound_names, is_guard, walk
from worker.driver.file.usage_hints import ARITHMETIC, does_arithmetic, parse
from worker.driver.graph.engine import Namespace

NO_CLASS = "We found no class with + and *. Define `class Value` with `__add__` and `__mul__`."
IMPORTED = "{} is imported from {}, which {}. Put the class into this file."
EVERYTHING = "Everything"
REBOUND = "The class {} is lost: its name is used for something else later in the file."
HIDDEN = "The class {} is {}. Move it to the top level of the file."
NEEDS = "The class {} itself needs {}, which {}. {}"
PATCHED = "{} is put into its class by {}, which {}. Write it in the class."
UNAVAILABLE, NOT_HANDED_IN = "isn't available here", "wasn't handed in"
GUARDED = "under `if __name__ == '__main__':`, which doesn't run"
Reason = tuple[str, str, int | None]  # a kind of problem, a sentence, and the line that it is about


def explain_no_class(namespace: Namespace, text: str, classes: Iterable[str]) -> Answer:
    """The problem with a file that has only these classes, without arithmetic."""
    listed = f" The classes found: {', '.join(classes)}." if classes else ""
    statements = parse(text) or []
    usual = [s for s in statements if isinstance(s, ast.ClassDef) and s.name in CLASS_NAMES]
    reasons = (
        *_find_derived(namespace, usual),
        *_find_imported(namespace, statements),
        *_find_rebound(namespace, statements),
        *_find_hidden(statements),
        *_find_patched(namespace, statements),
        *_find_derived(namespace, statements),
        (NO_CLASS_PROBLEM, f"{NO_CLASS}{listed}", None),
    )
    kind, message, line = reasons[0]
    return problem(kind, message, split_lines(text), line)


def explain_missing_part(name: str, namespace: Namespace, text: str) -> Answer | None:
    """The problem with a class that has a decorator or a base from a missing module."""
    for kind in parse(text) or ():
        if isinstance(kind, ast.ClassDef) and kind.name == name:
            module = _find_module([*kind.decorator_list, *kind.bases], namespace)
            if module is not None:
                message = NEEDS.format(name, *_describe(module), _advise(module))
                return problem(MISSING_MODULE, message, split_lines(text), kind.lineno)
    return None


def _find_module(expressions: Iterable[ast.expr], namespace: Namespace) -> str | None:
    """The missing module that the first placeholder in these expressions stands for."""
    for expression in expressions:
        for node in walk(expression):
            value = namespace.get(node.id) if isinstance(node, ast.Name) else None
            if type(value) is Placeholder:
                return module_of(value)
            if type(value) is PlaceholderModule:
                return value.__name__
    return None


def _describe(module: str) -> tuple[str, str]:
    """How a module is called, and what is wrong with it."""
    if is_neighbour(module):
        return file_of(module), NOT_HANDED_IN
    return module.partition(".")[0], UNAVAILABLE


def _advise(module: str) -> str:
    return PUT_IT_HERE if is_neighbour(module) else "Write it without."


def _find_imported(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Reason]:
    for name in CLASS_NAMES:
        value = namespace.get(name)
        if type(value) is Placeholder:
            module, path = module_of(value), path_of(value)
            line = missing.line_of(path) or missing.line_of(path.partition(".")[0])
            shown, lack = _describe(module) if is_neighbour(module) else (module, UNAVAILABLE)
            yield MISSING_MODULE, IMPORTED.format(name, shown, lack), line
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
            module = f"{PACKAGE}." * bool(statement.level) + (statement.module or ".")
            if plain_name(module).partition(".")[0] in missing.lines:
                shown, lack = _describe(module) if is_neighbour(module) else (module, UNAVAILABLE)
                yield MISSING_MODULE, IMPORTED.format(EVERYTHING, shown, lack), statement.lineno


def _find_rebound(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Reason]:
    """Classes at the top level whose names are given to something else later."""
    for index, statement in enumerate(statements):
        if does_arithmetic(statement) and not is_own_class(namespace.get(statement.name)):
            later = (s for s in statements[index + 1 :] if statement.name in _bound(s))
            yield (
                NO_CLASS_PROBLEM,
                REBOUND.format(statement.name),
                next((s.lineno for s in later), None),
            )


def _bound(statement: ast.stmt) -> set[str]:
    name = getattr(statement, "name", None)  # of a function or a class
    return bound_names(statement) if name is None else {name}


def _find_hidden(statements: list[ast.stmt]) -> Iterator[Reason]:
    """Classes that have no name at the top level of the file."""
    for outer in statements:
        for inner in walk(outer):
            if inner is not outer and does_arithmetic(inner) and (position := _position(outer)):
                yield NO_CLASS_PROBLEM, HIDDEN.format(inner.name, position), inner.lineno


def _find_patched(namespace: Namespace, statements: list[ast.stmt]) -> Iterator[Reason]:
    """Operators outside a class, with a decorator from a missing module to put them into one."""
    for function in statements:
        if isinstance(function, ast.FunctionDef) and function.name in ARITHMETIC:
            module = _find_module(function.decorator_list, namespace)
            if module is not None:
                yield (
                    MISSING_MODULE,
                    PATCHED.format(function.name, *_describe(module)),
                    function.lineno,
                )


def _find_derived(namespace: Namespace, statements: Iterable[ast.stmt]) -> Iterator[Reason]:
    """Classes whose operators may come from a base or a decorator in a missing module."""
    for kind in statements:
        if isinstance(kind, ast.ClassDef):
            module = _find_module([*kind.decorator_list, *kind.bases], namespace)
            if module is not None and (kind.name in CLASS_NAMES or is_neighbour(module)):
                yield (
                    MISSING_MODULE,
                    NEEDS.format(kind.name, *_describe(module), _advise(module)),
                    kind.lineno,
                )


def _position(outer: ast.stmt) -> str | None:
    """Where the classes within a statement are, or None if they can be used from the file."""
    if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"inside the function {outer.name}(), where it can't be found"
    if isinstance(outer, ast.ClassDef):
        return f"inside the class {outer.name}, where it can't be found"
    return GUARDED if is_guard(outer) else None
