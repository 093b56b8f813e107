"""The text of a program: read into a syntax tree, filled in, quoted in messages."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Mapping

from worker.graph.steps import Number

MAX_CHARACTERS = 100_000


class ProgramError(Exception):
    """The text is not a program of a graph. `line` counts from 1."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


def fault(node: ast.stmt | ast.expr, reason: str) -> ProgramError:
    """The program is refused because of this part of it."""
    return ProgramError(node.lineno, reason)


def read(program: str) -> ast.Module:
    """The syntax tree; ProgramError where the text is no Python at all."""
    if len(program) > MAX_CHARACTERS:
        raise ProgramError(1, f"the program is longer than {MAX_CHARACTERS:,} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on the text is not for our log
            return ast.parse(program)
    except SyntaxError as error:
        raise ProgramError(error.lineno or 1, f"this is not Python: {error.msg}") from None
    except ValueError as error:  # a NUL, a lone surrogate
        raise ProgramError(1, f"this is not Python: {error}") from None
    except (RecursionError, MemoryError):
        raise ProgramError(1, "the program is nested too deeply") from None


def write(tree: ast.Module, filled: Mapping[ast.expr, Number]) -> str:
    """The program as text, with numbers in the place of the names that stood for them."""

    class Filler(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return _literal(filled[node]) if node in filled else node

    if filled:
        Filler().visit(tree)
    return ast.unparse(tree)


def _literal(number: Number) -> ast.expr:
    """A number as an expression; a negative one as a minus sign on it, so that ** binds right."""
    if math.copysign(1, number) < 0:
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(-number))
    return ast.Constant(number)


def quote(node: ast.stmt | ast.expr) -> str:
    """The first words of a statement or expression, for a message."""
    try:
        return cut(ast.unparse(node).partition("\n")[0])
    except (RecursionError, ValueError):  # nested too deeply; an int too long to print
        return "this"


def cut(text: str) -> str:
    """At most 40 characters of a text."""
    return text if len(text) <= 40 else text[:37] + "..."
