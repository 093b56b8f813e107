"""Reads a program's text into a syntax tree, writes it back, and quotes it in messages."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Mapping

from worker.graph.steps import Number

MAX_CHARACTERS = 100_000


class ProgramError(Exception):
    """A text is not the program of a graph. `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def fault(node: ast.stmt | ast.expr, reason: str) -> ProgramError:
    """Returns an error in a part of the program."""
    return ProgramError(node.lineno, reason)


def read(program: str) -> ast.Module:
    """Returns the syntax tree. Raises ProgramError if the text is not Python."""
    if len(program) > MAX_CHARACTERS:
        raise ProgramError(1, f"the program is longer than {MAX_CHARACTERS:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # keep Python's warnings about the text out of our log
            return ast.parse(program)
    except SyntaxError as error:
        raise ProgramError(error.lineno or 1, f"this is not Python: {error.msg}") from None
    except ValueError as error:  # a NUL, a lone surrogate
        raise ProgramError(1, f"this is not Python: {error}") from None
    except (RecursionError, MemoryError):
        raise ProgramError(1, "the program is nested too deeply") from None


def write(tree: ast.Module, filled: Mapping[ast.expr, Number]) -> str:
    """Returns the program as text, with numbers in place of the names in `filled`."""

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node not in filled:
                return node
            number = filled[node]
            if math.copysign(1, number) < 0:  # a minus sign of its own, so that ** binds right
                return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(-number))
            return ast.Constant(number)

    if filled:
        Filler().visit(tree)
    return ast.unparse(tree)


def quote(node: ast.stmt | ast.expr) -> str:
    """Returns the beginning of a statement or expression, for a message."""
    try:
        return cut(ast.unparse(node).partition("\n")[0])
    except (RecursionError, ValueError):  # nested too deeply; an int too long to print
        return "this"


def cut(text: str) -> str:
    """Returns at most 40 characters of a text."""
    return text if len(text) <= 40 else text[:37] + "..."
