"""Imports of modules that aren't installed and of files that weren't handed in.

They succeed with a placeholder, so that an unneeded import costs nothing.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any

from worker.driver.base.messages import FILE
from worker.driver.base.modules import PACKAGE, file_of, is_neighbour, plain_name
from worker.driver.file.placeholders import Placeholder, PlaceholderModule, decorated
from worker.driver.file.training_loops import walk
from worker.driver.ordering.displays import HELPERS

_get_frame = sys._getframe
_IMPORT_MODULE = importlib.import_module.__code__
MOST_FILES = 5  # of a package that notes name
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_CATCHES_IMPORTS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class MissingModules:
    """The modules that have a placeholder, each with the line of the file that imports it first."""

    def __init__(self) -> None:
        self.lines: dict[str, int | None] = {}
        self._files: dict[str, list[str]] = {}  # those that weren't handed in, by their package

    def clear(self) -> None:
        """Forgets everything, for another file."""
        self.lines.clear()
        self._files.clear()
        decorated.clear()

    def add(self, module: str, line: int | None) -> None:
        """Adds a module that is missing; `module` may be one of its parts."""
        name = plain_name(module)
        root = name.partition(".")[0]
        if root and is_neighbour(module):
            files = self._files.setdefault(root, [])
            files[:] = [one for one in files if not f"{name}.".startswith(f"{one}.")]
            if not any(one.startswith(f"{name}.") for one in files):
                files.append(name)
        if root:
            self.lines.setdefault(root, line)

    def add_part(self, path: str, line: int) -> None:
        """Adds a name that the file imports and that is missing, if only in its module."""
        self.lines.setdefault(path.strip("."), line)

    def line_of(self, module: str | None) -> int | None:
        """The line of the file that imports it, or a part of it."""
        name = module or ""
        of_parts = {path.partition(".")[0]: line for path, line in reversed(self.lines.items())}
        return self.lines.get(name, of_parts.get(name))

    def describe(self) -> Iterator[str]:
        """A sentence for each module."""
        for module in self.lines:
            names, lack = [module], "isn't available here"
            if module in self._files:
                names, lack = [*map(file_of, self._files[module])], "wasn't handed in"
            for name in names[:MOST_FILES]:
                yield f"{name} {lack}; a placeholder was used instead."
            if more := len(names[MOST_FILES:]):
                yield f"{module} has {more} more files that are missing here."


missing = MissingModules()  # of the one file that this process loads


class Finder:
    """Finds a placeholder for a module that the student's file imports and nothing else finds."""

    def __init__(self, statements: Callable[[], list[ast.stmt]]) -> None:
        self._statements = statements
        self._guarded: set[int] | None = None
        self._unknown: list[str] | None = None

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """A spec for a placeholder. None if the import isn't the file's, or the file handles it."""
        line = _importing_line()
        if line is None:
            return None
        if self._guarded is None:
            self._guarded = set(_guarded_lines(self._statements()))
        if line in self._guarded:
            return None
        missing.add(name, line)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # it is a loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The placeholder."""
        return PlaceholderModule(spec.name, self._find_unknown)

    def _find_unknown(self) -> list[str]:
        if self._unknown is None:
            self._unknown = list(_unknown_names(self._statements()))
        return self._unknown

    def exec_module(self, _: ModuleType) -> None:
        """Does nothing: there is no code to run."""


def bind_imported(statement: ast.Import | ast.ImportFrom, namespace: dict[str, Any]) -> None:
    """Binds placeholders for the names that an import statement failed to bind."""
    module = getattr(statement, "module", None) or ""
    is_relative = bool(getattr(statement, "level", 0))
    for alias in statement.names:
        path = f"{module}.{alias.name}" if module else alias.name
        value = getattr(sys.modules.get(module), alias.name, None) if module else None
        if alias.name != "*":
            name = alias.asname or alias.name.partition(".")[0]
            placeholder = Placeholder(path, f"{PACKAGE}.{module}" if is_relative else module)
            namespace[name] = placeholder if value is None else value
        if value is None and is_relative:
            missing.add(f"{PACKAGE}.{module or alias.name}", statement.lineno)
        elif value is None:
            missing.add_part(path, statement.lineno)


def _unknown_names(statements: list[ast.stmt]) -> Iterator[str]:
    """The names that functions or the file itself read from its top level, and that it never sets.

    Another file may define them, if this one has `from other import *`.
    """
    body = ast.Module(body=statements, type_ignores=[])
    read = {
        node.id for node in walk(body) if isinstance(node, ast.Name) and type(node.ctx) is ast.Load
    }
    asked = set(_names_in(compile(body, FILE, "exec", dont_inherit=True)))
    known = {*HELPERS} | {name for statement in statements for name in _set_names(statement)}
    yield from sorted((read & asked) - known - vars(builtins).keys())


def _names_in(code: CodeType) -> Iterator[str]:
    """The names in some code that aren't local, attributes among them."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)


def _set_names(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top level may set there."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            yield node.name
            # A function may set a name of the top level too.
            yield from (n for g in walk(node) if isinstance(g, ast.Global) for n in g.names)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name
        waiting += ast.iter_child_nodes(node)


def _importing_line() -> int | None:
    """The line of the student's file that imports, or None if another module imports."""
    frame = _get_frame(2)
    while frame.f_back is not None and (
        frame.f_code is _IMPORT_MODULE or frame.f_code.co_filename.startswith("<frozen importlib")
    ):
        frame = frame.f_back
    return frame.f_lineno if frame.f_code.co_filename == FILE else None


def _guarded_lines(statements: list[ast.stmt]) -> Iterator[int]:
    """The lines in a `try` that handles a missing module itself."""
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.Try) and any(_catches_imports(h) for h in node.handlers):
                yield from range(node.lineno, node.handlers[0].lineno)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & _CATCHES_IMPORTS)
