"""Finds what a file's callers do by hand, in its demos, doctests and comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from worker.driver.base.messages import FILE
from worker.driver.base.names import CLASS_NAMES
from worker.driver.file.training_loops import walk

ARITHMETIC = frozenset({"__add__", "__mul__"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SEEDING = re.compile(r"\.(\w+)[ \t]*=[ \t]*(?:\w+\()?1(?:\.0*)?\)?(?![\w.*/+-])")
_HOLDER = re.compile(r"(?<![\w.\])])[^\W\d]\w*\Z")


def parse(text: str) -> list[ast.stmt] | None:
    """The statements of a text, or None if Python can't parse it, as when it is nested too deep."""
    try:
        tree = compile(text, FILE, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    return tree.body if isinstance(tree, ast.Module) else None


def does_arithmetic(node: ast.AST) -> TypeGuard[ast.ClassDef]:
    """Whether it is a class that defines an operator every engine needs."""
    if not isinstance(node, ast.ClassDef):
        return False
    return any(isinstance(s, ast.FunctionDef) and s.name in ARITHMETIC for s in node.body)


def is_called_by_hand(step: str, text: str) -> bool:
    """Whether a demo or a doctest calls a node's closure, and no function of the file reads it.

    A call in a comment doesn't count.
    """
    statements = parse(text)
    if statements is None:
        return False
    nodes = [node for statement in statements for node in walk(statement)]
    functions = (node for node in nodes if isinstance(node, _FUNCTIONS))
    if any(_reads(step, node) for function in functions for node in walk(function)):
        return False
    doctest = re.compile(rf"^[ \t]*(?:>>>|\.\.\.)[^#\n]*\w\.{step}\(\)", re.MULTILINE)
    return any(_calls(step, node) for node in nodes) or any(
        doctest.search(docstring) for node in nodes if (docstring := _text_in(node))
    )


def find_seeds(text: str) -> tuple[str, ...]:
    """Attributes that the file, its docstrings or comments set to 1 from outside: `L.grad = 1`.

    Within an engine's own class only docstrings count: the code there is no caller's.
    """
    lines_by_name: dict[str, set[int]] = {}
    for match in _SEEDING.finditer(text):
        holder = _HOLDER.search(text, max(0, match.start() - 40), match.start())
        if holder is not None and holder[0] != "self":
            lines_by_name.setdefault(match[1], set()).add(text.count("\n", 0, match.start()) + 1)
    own = set(_own_lines(text)) if lines_by_name else set()
    return tuple(name for name, lines in lines_by_name.items() if lines - own)


def _own_lines(text: str) -> Iterator[int]:
    """The lines of engines' classes, without those of their docstrings."""
    for statement in parse(text) or ():
        for kind in walk(statement):
            if isinstance(kind, ast.ClassDef) and (
                kind.name in CLASS_NAMES or does_arithmetic(kind)
            ):
                texts = [node for node in walk(kind) if _text_in(node)]
                in_texts = {line for node in texts for line in _lines_of(node)}
                yield from set(_lines_of(kind)) - in_texts


def _lines_of(node: ast.AST) -> range:
    return range(getattr(node, "lineno", 1), (getattr(node, "end_lineno", None) or 0) + 1)


def _text_in(node: ast.AST) -> str | None:
    """The text of a string that is a statement, such as a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return node.value.value if isinstance(node.value.value, str) else None
    return None


def _calls(step: str, node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) and not node.args else None
    return isinstance(called, ast.Attribute) and called.attr == step


def _reads(step: str, node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == step and isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Constant) and node.value == step  # getattr(node, "_backward")
