"""Turns a program, in a small part of Python, into a graph. The program is never executed.

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

MAX_STEPS = 300_000  # steps of a graph, and statements run; loops are unrolled
MAX_DEPTH = 60  # nesting of loops and expressions together
MAX_INT = 2**53  # larger whole numbers may not be exact as floats

OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
}
NO_CONSTANTS: Mapping[str, Number] = MappingProxyType({})


def parse(program: str, *, constants: Mapping[str, Number] = NO_CONSTANTS) -> Graph:
    """Returns the graph of a program.

    `constants` gives numbers to names inside `Value(...)`, and to operands, powers and counts that
    the program doesn't set. Any text that is not such a program raises ProgramError.

    >>> parse("x = Value(a)\\nL = x * x\\nL.backward()", constants={"a": 3}).steps[0]
    Leaf(number=3)
    """
    tree = read(program)
    reader = _Reader(constants)
    reader.run_all(tree.body, depth=0)
    if not reader.count:
        raise ProgramError(1, "the program makes no Value")
    for name in sorted(constants.keys() - reader.used):
        raise ProgramError(1, f"the point gives a number for {name}, which the program never uses")
    return Graph(
        steps=tuple(reader.steps),
        names=reader.names,
        program=write(tree, reader.filled),
        assertions=tuple(reader.assertions),
    )


class _Reader:
    """Follows the statements as Python would run them, and collects the steps."""

    def __init__(self, constants: Mapping[str, Number]) -> None:
        self.constants = constants
        self.used: set[str] = set()
        self.plain: set[str] = set()  # names that stand for a number where a Value could stand
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
                operand = self.read_operand(value, depth)
                if isinstance(operand, Constant):
                    number = operand.number
                    reason = f"{cut(name)} is set to a plain number; write Value({number})"
                    raise fault(value, reason)
                self.set_name(name, operand, statement)
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value):
                target = self.find(name, statement)
                operation = self.read_operator(op, statement) + "="
                operand = self.read_operand(value, depth)
                self.names[name] = self.add(Apply(operation, (target, operand)))
            case ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="backward"),
                    args=[],
                    keywords=[],
                )
            ):
                self.steps.append(Backward(self.find(name, statement)))
            case ast.For(target=ast.Name(id="_"), body=body, orelse=[]):
                self.run_loop(statement.iter, body, depth + 1)
            case ast.Assert(test=test, msg=None):
                self.assertions.append(self.read_assertion(test, statement))
            case _:
                raise fault(
                    statement, f"{quote(statement)} is not a statement of a graph's program"
                )

    def run_loop(self, count: ast.expr, body: list[ast.stmt], depth: int) -> None:
        match count:
            case ast.Call(func=ast.Name(id="range"), args=[argument], keywords=[]):
                times = self.read_number(argument)
            case _:
                raise fault(count, "a loop runs over range(N) with a whole number N")
        if not isinstance(times, int) or times < 0:
            raise fault(
                count, "a loop runs over range(N) with a whole number N that is not negative"
            )
        if depth > MAX_DEPTH:
            raise fault(count, f"loops are nested deeper than {MAX_DEPTH} levels")
        for _ in range(times):
            self.run_all(body, depth)
        if times == 0:  # check the statements all the same, and undo what they did
            before = dict(self.names), len(self.steps), len(self.assertions), self.count
            self.run_all(body, depth)
            self.names, steps, assertions, self.count = before
            del self.steps[steps:], self.assertions[assertions:]

    def read_assertion(self, test: ast.expr, statement: ast.stmt) -> Assertion:
        match test:
            case ast.Compare(
                left=ast.Attribute(value=ast.Name(id=name), attr="data" | "grad" as quantity),
                ops=[ast.Eq()],
                comparators=[number],
            ):
                return Assertion(
                    name=name,
                    node=self.find(name, statement),
                    quantity=Quantity(quantity),
                    number=self.read_number(number),
                    line=statement.lineno,
                )
        raise fault(
            statement, "an assertion compares the data or grad of a name with a number, by =="
        )

    def read_operand(self, expression: ast.expr, depth: int) -> Operand:
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
                return Constant(self.read_number(expression))
            case ast.Constant():
                return Constant(self.read_number(expression))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                operand = self.read_operand(inner, depth)
                if isinstance(operand, Constant):
                    return Constant(-operand.number)
                return self.add(Apply("neg", (operand,)))
            case ast.BinOp(left=left, op=op, right=right):
                operation = self.read_operator(op, expression)
                operands = self.read_operand(left, depth), self.read_operand(right, depth)
                if all(isinstance(operand, Constant) for operand in operands):
                    raise fault(
                        expression, f"{quote(expression)} has no Value in it; write its result"
                    )
                return self.add(Apply(operation, operands))
            case ast.Call(func=ast.Name(id="Value"), args=[argument], keywords=[]):
                return self.add(self.read_leaf(argument))
            case ast.Call(func=ast.Name(id=function), args=[argument], keywords=[]):
                return self.read_call(function, argument, depth)
            case ast.Call(func=ast.Attribute(value=value, attr=function), args=[], keywords=[]):
                return self.read_call(function, value, depth)
        raise fault(expression, f"{quote(expression)} is not an expression of a graph's program")

    def read_leaf(self, argument: ast.expr) -> Leaf | Update:
        """Reads what stands in `Value(...)`: a number, or a step of gradient descent."""
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
                return Update(self.find(name, argument), self.read_number(rate))
        return Leaf(self.read_number(argument))

    def read_call(self, function: str, argument: ast.expr, depth: int) -> int:
        if function not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise fault(argument, f"there is no function {cut(function)}; there are {known}")
        operand = self.read_operand(argument, depth)
        if isinstance(operand, Constant):
            raise fault(
                argument, f"{function} is called on a plain number; write Value(...) around it"
            )
        return self.add(Apply(function, (operand,)))

    def read_number(self, expression: ast.expr) -> Number:
        match expression:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant() | ast.Name() as inner):
                return -self.read_number(inner)
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self.check_number(number, expression)
            case ast.Name(id=name) if name in self.constants:
                self.used.add(name)
                self.filled[expression] = self.check_number(self.constants[name], expression)
                return self.filled[expression]
            case ast.Name(id=name) if name in self.names:
                raise fault(expression, f"{cut(name)} is a Value where a number is needed")
            case ast.Name(id=name):
                raise fault(expression, f"{cut(name)} is used before it is set")
        raise fault(expression, f"{quote(expression)} is not a number")

    def check_number(self, number: Number, expression: ast.expr) -> Number:
        if isinstance(number, int) and abs(number) > MAX_INT:
            raise fault(expression, "whole numbers beyond 2**53 are not exact as floats")
        if not math.isfinite(number):
            raise fault(expression, "the number is not finite")
        return number

    def read_operator(self, op: ast.operator, node: ast.stmt | ast.expr) -> str:
        if type(op) not in OPERATORS:
            raise fault(node, f"{quote(node)} uses an operator other than + - * / **")
        return OPERATORS[type(op)]

    def set_name(self, name: str, node: int, statement: ast.stmt) -> None:
        if name in FUNCTIONS or name in ("Value", "range", "_"):
            raise fault(statement, f"{name} has a fixed meaning and cannot be set")
        if name in self.plain:
            raise fault(statement, f"{cut(name)} stands for a number and cannot be set to a Value")
        self.names[name] = node

    def find(self, name: str, statement: ast.stmt | ast.expr) -> int:
        if name not in self.names:
            raise fault(statement, f"{cut(name)} is used before it is set")
        return self.names[name]

    def add(self, step: Leaf | Apply | Update) -> int:
        self.steps.append(step)
        self.count += 1
        return self.count - 1
