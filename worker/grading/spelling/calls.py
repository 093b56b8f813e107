"""How programs call the operations of an engine and make leaves, and how they name variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from worker.grading.spelling.parts import CLASS

LABEL = "'x1'"  # each leaf has another one
MOST_LINES = 5000  # that are kept for each style; each random graph brings new ones
SYMBOLS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
}  # fmt: skip

_leaf = re.compile(r"\bValue\(")
_assignment = re.compile(r"^([ ]*)([\w\[\]]+) \S{0,2}= ", re.MULTILINE)


def write_leaves(program: str, leaf: str) -> str:
    """Returns the program with this call for each leaf, and with another label for each.

    >>> write_leaves("x = Value(3)\\ny = Value(x.data - 1)", "Value({}, name='x1')")
    "x = Value(3, name='x1')\\ny = Value(x.data - 1, name='x2')"
    """
    first, *pieces = _leaf.split(program)
    written = [first]
    for number, piece in enumerate(pieces, 1):
        depth = end = 0
        while depth >= 0 and end < len(piece):
            depth += (piece[end] == "(") - (piece[end] == ")")
            end += 1
        call = leaf.replace(LABEL, f"'x{number}'").replace("{}", piece[: end - 1])
        written.append(f"{call}{piece[end:]}")
    return "".join(written)


def rename(program: str, taken: Sequence[str]) -> str:
    """Returns the program with underscores after each variable that has a taken name.

    >>> rename("w = Value(3)\nL = w * 2\nassert L.data == 6", ["w", "data"])
    'w_ = Value(3)\nL = w_ * 2\nassert L.data == 6'
    """
    names = [name for name in taken if name in program]
    if names:
        assigned = {name for _, name in _assignment.findall(program)}
        names = [name for name in names if name in assigned]
    for name in names:
        other = f"{name}_"
        while other in taken or re.search(rf"\b{other}\b", program):
            other += "_"
        program = re.sub(rf"(?<![\w.'\"]){name}\b(?!\()", other, program)
    return program


class Rewriter(ast.NodeTransformer):
    """Writes calls of functions in another way.

    Only graphs have calls to replace: an assertion's `abs` is Python's own. Operators are replaced
    where they are functions or methods.
    """

    def __init__(self, functions: Mapping[str, str]) -> None:
        self._functions = functions
        names = [name for name in functions if name.isidentifier()]
        parts = [rf"\b{name}\(" for name in names]
        if "neg" in names or len(names) < len(functions):
            parts.append("[-+*/]")
        self._calls = re.compile("|".join(parts) or "(?!)")
        self._lines: dict[str, tuple[str, tuple[str, ...]]] = {}  # many programs share lines
        self._unwritten: dict[str, None] = {}
        self.unwritten: dict[str, None] = {}  # functions of the last program that can't be written

    def write(self, program: str) -> str:
        """Returns the program with the calls as they are written here."""
        self.unwritten = {}
        if not self._calls.search(program):
            return program
        if len(self._lines) >= MOST_LINES:
            self._lines.clear()
        return "\n".join(map(self._write_line, program.split("\n")))

    def _write_line(self, line: str) -> str:
        if line not in self._lines:
            self._unwritten, written = {}, line
            if (assignment := _assignment.match(line)) and self._calls.search(line):
                statement = ast.parse(line.strip())  # on one line, by itself
                written = assignment[1] + ast.unparse(self.visit(statement))
            self._lines[line] = written, tuple(self._unwritten)
        written, unwritten = self._lines[line]
        self.unwritten |= dict.fromkeys(unwritten)
        return written

    def visit_BinOp(self, operation: ast.BinOp) -> ast.expr:
        self.generic_visit(operation)
        return self._apply(operation.op, operation.left, operation.right) or operation

    def visit_AugAssign(self, statement: ast.AugAssign) -> ast.stmt:
        self.generic_visit(statement)
        target = statement.target
        made = self._apply(statement.op, target, statement.value)
        return statement if made is None else ast.Assign([target], made, lineno=1)

    def visit_UnaryOp(self, operation: ast.UnaryOp) -> ast.expr:
        self.generic_visit(operation)
        is_number = isinstance(operation.operand, ast.Constant)
        written = None if is_number else self._functions.get("neg")
        return self._write(written, operation.operand) if written else operation

    def _apply(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> ast.expr | None:
        """The call that replaces an operator; None if it stays."""
        symbol = SYMBOLS.get(type(operator), "")
        written = self._functions.get(symbol)
        if written == "":
            self._unwritten[symbol] = None
        return self._write(written, left, right) if written else None

    def _write(self, written: str, *nodes: ast.expr) -> ast.expr:
        """The call that is written so, with these for each {}."""
        pieces = written.split("{}")
        texts = [f"({ast.unparse(node)})" for node in nodes]
        text = "".join(map("".join, zip(pieces, texts, strict=False))) + pieces[-1]
        return ast.parse(text, mode="eval").body

    def visit_Call(self, call: ast.Call) -> ast.expr:
        if isinstance(call.func, ast.Name) and call.func.id == CLASS[:-1]:
            return call  # its argument is a number, not a node
        self.generic_visit(call)
        if isinstance(call.func, ast.Attribute):
            node, name = call.func.value, call.func.attr
        else:
            assert isinstance(call.func, ast.Name)  # graphs call nothing else
            (node,), name = call.args, call.func.id
        written = self._functions.get(name)
        if not written:
            if written is not None:
                self._unwritten[name] = None
            return call
        return self._write(written, node)
