"""Passages of a Python file: its messages, docstrings and comments."""

from __future__ import annotations

import ast
import inspect
import io
import re
import tokenize
from collections.abc import Iterator

from tools.prose.passages import PLACEHOLDER, Kind, Passage

INLINE_CODE = re.compile(r"`[^`\n]*`")
COMMAND = re.compile(r"\b(?:command|group)\(")
EXAMPLE = re.compile(r"^(?: {4,}|>>> ).*$", re.MULTILINE)
LOOKS_LIKE_PROSE = re.compile(r"(?=.*\S\s+\S).*(?:[A-Z]|\.(?:\s|$))")


def read_python(source: str) -> Iterator[Passage]:
    """Strings that read as sentences, and, for their words alone, docstrings and comments."""
    tree = ast.parse(source)
    docstrings = dict(_docstrings(tree))
    parts = _parts_of_f_strings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(_value(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in parts:
                continue
            text = node.value
        else:
            continue
        if kind := docstrings.get(id(node)):
            yield Passage(line=node.lineno, text=_without_code(text), kind=kind)
            continue
        for line in text.split("\n"):  # each line of a message is shown as one
            if LOOKS_LIKE_PROSE.match(line):
                plain = INLINE_CODE.sub(PLACEHOLDER, line)
                yield Passage(line=node.lineno, text=plain, kind=Kind.FRAGMENT)
    yield from _comments(source)


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, Kind]]:
    """The ids of docstrings. A command's docstring is its help, which users read."""
    for node in ast.walk(tree):
        kind = Kind.REMARK
        if isinstance(node, ast.FunctionDef):
            if any(COMMAND.search(ast.unparse(each)) for each in node.decorator_list):
                kind = Kind.FRAGMENT
        elif not isinstance(node, (ast.Module, ast.ClassDef, ast.AsyncFunctionDef)):
            continue
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield id(first.value), kind


def _parts_of_f_strings(tree: ast.Module) -> set[int]:
    """The ids of constants that are part of an f-string or of its format."""
    return {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values
    }


def _value(part: ast.expr) -> str:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    return PLACEHOLDER


def _without_code(text: str) -> str:
    return EXAMPLE.sub("", INLINE_CODE.sub(PLACEHOLDER, inspect.cleandoc(text)))


def _comments(source: str) -> Iterator[Passage]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            text = INLINE_CODE.sub(PLACEHOLDER, token.string.lstrip("#! "))
            yield Passage(line=token.start[0], text=text, kind=Kind.REMARK)
