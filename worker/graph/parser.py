"""From a program to a graph: a small subset of Python, read with `ast` and never executed.

program    = statement*
statement  = name "=" expression | name ("+=" | "-=" | "*=" | "/=" | "**=") expression
           | "for _ in range(" number "):" statement* | name ".backward()"
           | "assert" name "." ("data" | "grad") "==" number
expression = name | number | "Value(" number ")" | "-" expression
           | "Value(" name ".data" "-" number "*" name ".grad" ")"
           | expression ("+" | "-" | "*" | "/" | "**") expression
           | function "(" expression ")" | expression "." function "()"
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from types import MappingProxyType

from worker.graph.steps import (
    FUNCTIONS,
    Apply,
    Assertion,
    Backward,
    Constant,
    Graph,
    Leaf,
    Number,
    Operand,
    Step,
    Update,
)
from worker.graph.text import ProgramError, cut, fault, quote, read, write
from worker.report.model import Quantity

MAX_STEPS = 300_000  # of the graph, and statements run on the way: loops are unrolled
MAX_DEPTH = 60  # of loops and expressions together
MAX_INT = 2**53  # beyond it a float no longer holds every whole number

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
NO_CONSTANTS: Mapping[str, Number] = MappingProxyType({})


def parse(program: str, *, constants: Mapping[str, Number] = NO_CONSTANTS) -> Graph:
    """The graph that a program spells. `constants` gives numbers to names inside `Value(...)`,
    and to names of operands, powers and counts that the program does not set.

    Raises ProgramError, and nothing else, on any text that is not such a program.
    """
    tree = read(program)
    reader = _Reader(constants)
    reader.run_all(tree.body, depth=0)
    if not reader.count:
        raise ProgramError(1, "the program makes no Value")
    for name in sorted(constants.keys() - reader.used):
        raise ProgramError(1, f"the point gives a number for {name}, which the program never asks")
    return Graph(
        steps=tuple(reader.steps),
        names=reader.names,
        program=write(tree, reader.filled),
        assertions=tuple(reader.assertions),
    )


class _Reader:
    """Walks the statements as Python would run them, and notes the steps."""

    def __init__(self, constants: Mapping[str, Number]) -> None:
        self.constants = constants
        self.used: set[str] = set()
        self.plain: set[str] = set()  # names that stood for a number where a Value can stand too
        self.filled: dict[ast.expr, Number] = {}
        self.steps: list[Step] = []
        self.names: dict[str, int] = {}
        self.assertions: list[Assertion] = []
        self.count = 0
        self.statements = 0

    def run_all(self, body: list[ast.stmt], depth: int) -> None:
        for statement in body:
            self.run(statement, depth)

    def run(self, statement: ast.stmt, depth: int) -> None:
        self.statements += 1
        if max(self.statements, len(self.steps)) > MAX_STEPS:
            raise fault(statement, f"the program takes more than {MAX_STEPS:,} steps")
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._set(name, self._node(value, name, depth), statement)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                target = self._find(name, statement)
                operation = self._operator(op, statement) + "="
                operand = self._operand(value, depth)
                self.names[name] = self._apply(operation, target, operand)
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="backward"),
                    args=[],
                    keywords=[],
                )
            ):
                self.steps.append(Backward(self._find(name, statement)))
            case ast.For(target=ast.Name(id="_"), body=body, orelse=[]):
                self._repeat(statement.iter, body, depth + 1)
            case ast.Assert(test=test, msg=None):
                self.assertions.append(self._assertion(test, statement))
            case _:
                raise fault(
                    statement, f"{quote(statement)} is not a statement of a graph's program"
                )

    def _repeat(self, count: ast.expr, body: list[ast.stmt], depth: int) -> None:
        match count:
            case ast.Call(func=ast.Name(id="range"), args=[argument], keywords=[]):
                times = self._number(argument)
            case _:
                raise fault(count, "a loop runs over range(N) with a whole number N")
        if not isinstance(times, int) or times < 0:
            raise fault(
                count, "a loop runs over range(N) with a whole number N that is not negative"
            )
        if depth > MAX_DEPTH:
            raise fault(count, f"loops are nested deeper than {MAX_DEPTH} levels")
        if times == 0:
            self._rehearse(body, depth)
        for _ in range(times):
            self.run_all(body, depth)

    def _rehearse(self, body: list[ast.stmt], depth: int) -> None:
        """Check statements that never run."""
        before = dict(self.names), len(self.steps), len(self.assertions), self.count
        self.run_all(body, depth)
        self.names, steps, assertions, self.count = before
        del self.steps[steps:], self.assertions[assertions:]

    def _assertion(self, test: ast.expr, statement: ast.stmt) -> Assertion:
        match test:
            case ast.Compare(
                left=ast.Attribute(value=ast.Name(id=name), attr="data" | "grad" as quantity),
                ops=[ast.Eq()],
                comparators=[number],
            ):
                return Assertion(
                    name=name,
                    node=self._find(name, statement),
                    quantity=Quantity(quantity),
                    number=self._number(number),
                    line=statement.lineno,
                )
        raise fault(
            statement, "an assertion compares the data or grad of a name with a number, by =="
        )

    def _node(self, value: ast.expr, name: str, depth: int) -> int:
        operand = self._operand(value, depth)
        if isinstance(operand, Constant):
            raise fault(
                value, f"{cut(name)} is set to a plain number; write Value({operand.number})"
            )
        return operand

    def _operand(self, expression: ast.expr, depth: int) -> Operand:
        if depth > MAX_DEPTH:
            raise fault(
                expression, f"nested deeper than {MAX_DEPTH} levels; give a part of it a name"
            )
        depth += 1
        match expression:
            case ast.Name(id=name) if name in self.names:
                return self.names[name]
            case ast.Name(id=name):
                self.plain.add(name)
                return Constant(self._number(expression))
            case ast.Constant():
                return Constant(self._number(expression))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                operand = self._operand(inner, depth)
                if isinstance(operand, Constant):
                    return Constant(-operand.number)
                return self._apply("neg", operand)
            case ast.BinOp(left=left, op=op, right=right):
                operation = self._operator(op, expression)
                operands = self._operand(left, depth), self._operand(right, depth)
                if all(isinstance(operand, Constant) for operand in operands):
                    raise fault(
                        expression, f"{quote(expression)} has no Value in it; write its result"
                    )
                return self._apply(operation, *operands)
            case ast.Call(func=ast.Name(id="Value"), args=[argument], keywords=[]):
                return self._make(self._leaf(argument))
            case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]):
                return self._call(function, argument, depth)
            case ast.Call(func=ast.Attribute(value=value, attr=function), args=[], keywords=[]):
                return self._call(function, value, depth)
        raise fault(expression, f"{quote(expression)} is not an expression of a graph's program")

    def _leaf(self, argument: ast.expr) -> Leaf | Update:
        """Of a number, or of one node's numbers a step of gradient descent on."""
        match argument:
            case ast.BinOp(
                left=ast.Attribute(value=ast.Name(id=name), attr="data"),
                op=ast.Sub(),
                right=ast.BinOp(
                    left=rate,
                    op=ast.Mult(),
                    right=ast.Attribute(value=ast.Name(id=same), attr="grad"),
                ),
            ) if name == same:
                return Update(self._find(name, argument), self._number(rate))
        return Leaf(self._number(argument))

    def _call(self, function: str, argument: ast.expr, depth: int) -> int:
        if function not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise fault(argument, f"there is no function {cut(function)}; there are {known}")
        operand = self._operand(argument, depth)
        if isinstance(operand, Constant):
            raise fault(
                argument, f"{function} is called on a plain number; write Value(...) around it"
            )
        return self._apply(function, operand)

    def _number(self, expression: ast.expr) -> Number:
        match expression:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() | ast.Name() as inner):
                return -self._number(inner)
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self._checked(number, expression)
            case ast.Name(id=name) if name in self.constants:
                self.used.add(name)
                self.filled[expression] = self._checked(self.constants[name], expression)
                return self.filled[expression]
            case ast.Name(id=name) if name in self.names:
                raise fault(expression, f"{cut(name)} is a Value where a number is due")
            case ast.Name(id=name):
                raise fault(expression, f"{cut(name)} is used before it is set")
        raise fault(expression, f"{quote(expression)} is not a number")

    def _checked(self, number: Number, expression: ast.expr) -> Number:
        if isinstance(number, int) and abs(number) > MAX_INT:
            raise fault(expression, "whole numbers beyond 2**53 are not exact as floats")
        if not math.isfinite(number):
            raise fault(expression, "the number is not finite")
        return number

    def _operator(self, op: ast.operator, node: ast.stmt | ast.expr) -> str:
        if type(op) not in OPERATORS:
            raise fault(node, f"{quote(node)} uses an operator other than + - * / **")
        return OPERATORS[type(op)]

    def _set(self, name: str, node: int, statement: ast.stmt) -> None:
        if name in FUNCTIONS or name in ("Value", "range", "_"):
            raise fault(statement, f"{name} has a meaning of its own and cannot be set")
        if name in self.plain:
            raise fault(statement, f"{cut(name)} stands for a number and cannot be set to a Value")
        self.names[name] = node

    def _find(self, name: str, statement: ast.stmt | ast.expr) -> int:
        if name not in self.names:
            raise fault(statement, f"{cut(name)} is used before it is set")
        return self.names[name]

    def _apply(self, operation: str, *operands: Operand) -> int:
        return self._make(Apply(operation, operands))

    def _make(self, step: Leaf | Apply | Update) -> int:
        self.steps.append(step)
        self.count += 1
        return self.count - 1
