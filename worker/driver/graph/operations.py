"""Applies the operators of a graph to a student's nodes."""

from __future__ import annotations

from types import CoroutineType, GeneratorType
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import RefusedError
from worker.driver.base.members import find_member, is_own_function
from worker.driver.base.messages import describe, kind_of, position_of, text_of, traceback_of
from worker.driver.base.names import OPERATION_NAMES
from worker.driver.base.protocol import ERROR, UNSUPPORTED
from worker.driver.base.signatures import is_unwritten, signature_of
from worker.driver.file.placeholders import decorated, find_base, refuse
from worker.driver.graph.engine import OPERATORS, Engine
from worker.driver.graph.functions import find_called
from worker.driver.graph.identity import is_node
from worker.driver.graph.written import refuse_unwritten
from worker.driver.node.numbers import Node

METHODS = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "**": "pow"}
PLAIN_OPERANDS = (type(None), bool, int, float)
HINTS = {
    type(None): ": is a return missing?",
    GeneratorType: ": its body doesn't run, because it has `yield`.",
    CoroutineType: ": its body doesn't run, because it is `async`.",
}


def apply_binary(symbol: str, left: Node, right: Node, engine: Engine) -> Node:
    """The node that `left symbol right` makes."""
    try:
        return engine.operators[symbol](left, right)
    except TypeError as error:
        if not _is_pythons_own(error):
            raise
    except AttributeError as error:
        if not _is_about_number(error, left, right):
            raise
        raise _refuse_number(error, symbol, left, right) from None
    return _apply_method(symbol, left, right, engine)


def _apply_method(symbol: str, left: Node, right: Node, engine: Engine) -> Node:
    """The result of a method or function that replaces a missing operator: x.power(2)."""
    plain = symbol.removesuffix("=")
    operator = f"__{METHODS[plain]}__"
    names = OPERATION_NAMES[plain] if not hasattr(type(left), operator) else ()
    method = next((m for n in names if is_own_function(m := find_member(type(left), n))), None)
    if method is None:
        for name in names:  # a function of the file, unless it only computes with numbers
            made = _call_function(engine.namespace.get(name), left, right)
            if made is not FAILED and is_node(made, engine):
                return made
        for operand in (left, right):  # a base class that is missing may have the operator
            if (base := find_base(type(operand))) is not None:
                refuse(base)
        refuse_unwritten(*_find_called(symbol, (left, right), engine))
        raise RefusedError(UNSUPPORTED, _lacking(symbol, left, right))
    try:
        return method(left, right)
    except AttributeError as error:
        if not _is_about_number(error, left, right):
            raise
        raise _refuse_number(error, symbol, left, right) from None


def _call_function(function: Any, left: Node, right: Node) -> Any:
    """What a function of the file gives for two nodes, such as power(a, b). FAILED if nothing."""
    signature = signature_of(function, bound=2) if is_own_function(function) else None
    if signature is None or signature.required or is_unwritten(function):
        return FAILED
    return attempt(function, left, right)


def _refuse_number(error: Exception, symbol: str, left: Node, right: Node) -> RefusedError:
    lack = f"{describe(error)}{position_of(error)}"
    message = f"{kind_of(left)} {symbol} {kind_of(right)} is not supported: {lack}"
    return RefusedError(UNSUPPORTED, message)


def require_node(operation: str, node: Node, operands: tuple[Node, Node], engine: Engine) -> None:
    """Raises RefusedError if an operation gave a plain number or nothing.

    If its function isn't written yet, or if a file that wasn't handed in decorates it, says so.
    """
    if is_node(node, engine):
        return
    function, shown = _find_called(operation, operands, engine)
    refuse_unwritten(function, shown)
    if (decorator := decorated.get(id(getattr(function, "__code__", None)))) is not None:
        refuse(decorator)
    hint = HINTS.get(type(node), ".")
    raise RefusedError(ERROR, f"{operation} gave {kind_of(node)} instead of a new node{hint}")


def _find_called(operation: str, operands: tuple[Node, Node], engine: Engine) -> tuple[Any, str]:
    """The function that an operation called, as it was written, and its name."""
    if operation not in OPERATORS:
        return find_called(operation, operands[0], engine), f"{operation}()"
    if (own := engine.operators[operation]) is not OPERATORS[operation]:
        return own, f"{getattr(own, '__name__', operation)}()"
    owner, reflected = _find_owner(operands)
    method = METHODS[operation.removesuffix("=")]
    names = ("r",) if reflected else ("i", "")
    for prefix in names if operation.endswith("=") or reflected else ("",):
        name = f"__{prefix}{method}__"
        if (function := find_member(type(owner), name)) is not None:
            return function, f"{kind_of(owner)}.{name}"
    return None, operation


def _find_owner(operands: tuple[Node, Node]) -> tuple[Node, bool]:
    """The operand whose method Python calls, and whether it is the right one."""
    left, right = operands
    is_reflected = type(left) in PLAIN_OPERANDS
    return (right, True) if is_reflected else (left, False)


def _lacking(symbol: str, left: Node, right: Node) -> str:
    """The method that is missing for `left symbol right`."""
    method = METHODS[symbol.removesuffix("=")]
    owner, reflected = _find_owner((left, right))
    name = f"__r{method}__" if reflected else f"__{method}__"
    other = left if owner is right else right
    lack = f"doesn't accept {kind_of(other)}" if hasattr(type(owner), name) else "is missing"
    kinds = f"{kind_of(left)} {symbol} {kind_of(right)}"
    return f"{kinds} is not supported: {kind_of(owner)}.{name} {lack}."


def _is_pythons_own(error: TypeError) -> bool:
    """Whether Python found no method for the operator, and the student's code didn't fail."""
    return traceback_of(error).tb_next is None and text_of(error).startswith("unsupported")


def _is_about_number(error: AttributeError, left: Node, right: Node) -> bool:
    """Whether the student's code used a plain number as if it were a node."""
    numbers = {kind_of(operand) for operand in (left, right) if type(operand) in (int, float)}
    return any(text_of(error).startswith(f"'{kind}' object has no") for kind in numbers)
