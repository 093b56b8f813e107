"""The one file of ours that runs beside a student's code, inside the sandbox.

It takes the source, finds the class, then makes graphs with it and answers with plain numbers. It
is told no expected number, and nothing that it says is trusted: the other end checks every byte.
The standard library alone; what it uses, it holds before the student's first line runs.
"""

from __future__ import annotations

import builtins
import gc
import json
import operator
import os
import struct
import sys
from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any

MODULE = "student"  # not "__main__", so that a demo under the usual guard does not run
FILE = "value.py"
# Endless recursion ends in a RecursionError before the stack does; a deep graph's does not end.
RECURSION_LIMIT = 110_000
EXIT_OUT_OF_MEMORY = 77  # when there is not even memory for an answer
MOST_TEXT = 500
CLASS_NAME = "Value"
BACKWARD_NAMES = ("backward", "backwards")

HAS_NUMPY = "numpy" in sys.modules  # the zygote imports it before this file, where it is installed

ABSENT = object()  # in place of a gradient that a node has no attribute for
STANDARD = sys.stdlib_module_names

Node = Any
Answer = dict[str, Any]

_parse: Callable[[str, int], tuple[Any, int]] = vars(json.JSONDecoder())["scan_once"]
_quote: Callable[[str], str] = json.encoder.encode_basestring_ascii
_read, _write, _exit = os.read, os.write, os._exit
_class_name: Callable[[type], str] = type.__dict__["__name__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__
_pack, _unpack = struct.Struct(">I").pack, struct.Struct(">I").unpack

BINARY: dict[str, tuple[Callable[[Node, Node], Node], str]] = {
    "+": (operator.add, "add"),
    "-": (operator.sub, "sub"),
    "*": (operator.mul, "mul"),
    "/": (operator.truediv, "truediv"),
    "**": (operator.pow, "pow"),
    "+=": (operator.iadd, "add"),
    "-=": (operator.isub, "sub"),
    "*=": (operator.imul, "mul"),
    "/=": (operator.itruediv, "truediv"),
    "**=": (operator.ipow, "pow"),
}

UNARY: dict[str, tuple[Callable[[Node], Node], str]] = {
    "neg": (operator.neg, "__neg__"),
    "abs": (abs, "__abs__"),
}
PLAIN = (type(None), bool, int, float, complex, str, tuple, list, type(NotImplemented))

OUT_OF_MEMORY: Answer = {
    "failure": {"verdict": "memory_limit", "message": "The code used more memory than it may."}
}
_reserve = [bytearray(2**20)]  # let go when memory runs out, so that the answer can be made


class RefusedError(Exception):
    """What the student's code lacks or returned wrongly, found by us and not raised by it."""

    def __init__(self, verdict: str, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict
        self.message = message


def serve(requests: int, answers: int) -> None:
    """Loads the source that comes first, then answers one graph after the other, until the end."""
    streams = (sys.stdout, sys.stderr)
    sys.path[:], sys.argv[:] = [], [FILE]
    gc.set_threshold(20_000, 20, 20)
    try:
        module = ModuleType(MODULE)
        vars(module)["__builtins__"] = builtins  # ours are a copy that nobody can patch
        answer = load(receive(requests)["source"], module)
        value = vars(module)[answer["class"]] if "class" in answer else None
        send(answers, {"id": 1} | answer, streams)
        while True:  # until there are no more requests
            request = receive(requests)
            answer = observe(request, value, module)
            send(answers, {"id": request["id"]} | answer, streams)
    except MemoryError:
        _exit(EXIT_OUT_OF_MEMORY)


# Loading


def load(source: str, module: ModuleType) -> Answer:
    """Runs the file in `module` and finds its class: {"class": name}, a problem or a failure."""
    source = source.removeprefix("\ufeff")
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        code = compile(source, FILE, "exec", dont_inherit=True)
    except MemoryError:
        return OUT_OF_MEMORY
    except SyntaxError as error:
        message = f"{_class_name(type(error))}: {error.msg}"
        return _problem("syntax_error", message, lines, error.lineno, error.offset)
    except (ValueError, RecursionError, OverflowError) as error:
        return _problem("syntax_error", f"Python cannot read the file: {error}", lines)
    return _execute(code, module, lines)


def _execute(code: CodeType, module: ModuleType, lines: list[str]) -> Answer:
    sys.modules[MODULE] = module
    sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        exec(code, vars(module))
        return find_class(vars(module))
    except MemoryError:
        _reserve.clear()
    except BaseException as error:
        return _problem("load_error", _describe(error), lines, _line_of(error))
    return OUT_OF_MEMORY


def _problem(
    kind: str, message: str, lines: list[str], line: int | None = None, column: int | None = None
) -> Answer:
    line = line if line and 0 < line <= len(lines) else None
    problem = {
        "kind": kind,
        "message": message[:MOST_TEXT],
        "line": line,
        "column": column if line and column and column > 0 else None,
        "source_line": lines[line - 1][:MOST_TEXT] if line else None,
    }
    return {"problem": problem}


def find_class(namespace: dict[str, Any]) -> Answer:
    """The name of the one class that could be a Value, or the problem with it."""
    classes = {n: c for n, c in namespace.items() if isinstance(c, type) and _is_own(c)}
    candidates = {n: c for n, c in classes.items() if _does_arithmetic(c)}
    different = {id(c): n for n, c in reversed(candidates.items())}
    if CLASS_NAME in candidates:
        return {"class": CLASS_NAME}
    if len(different) == 1:
        return {"class": next(iter(different.values()))}
    if different:
        names = ", ".join(reversed(different.values()))
        return _problem("ambiguous_class", f"{AMBIGUOUS} {names}.", [])
    found = f" The classes found: {', '.join(classes)}." if classes else ""
    return _problem("no_class", f"{NO_CLASS}{found}", [])


NO_CLASS = "No class that could be a Value: a class with __add__ or __mul__ is needed."
AMBIGUOUS = "More than one class could be the Value. Name the one that is meant Value. Found:"


def _is_own(kind: type) -> bool:
    return kind.__module__ == MODULE


def _does_arithmetic(kind: type) -> bool:
    own = [vars(base) for base in kind.__mro__ if _is_own(base)]
    return any("__add__" in members or "__mul__" in members for members in own)


# Making a graph


def observe(request: dict[str, Any], value: Any, module: ModuleType) -> Answer:
    """Makes the graph with the student's class and reads the numbers asked for."""
    nodes: list[Node] = []
    try:
        for step in request["steps"]:
            take(step, nodes, value, module)
        numbers = read_numbers(nodes, request["reads"])
        nodes.clear()  # now, so that what their ends cost is counted to this case
        return {"numbers": numbers}
    except RefusedError as refused:
        return _failure(refused.verdict, refused.message)
    except MemoryError:
        nodes.clear()
        _reserve.clear()
    except NotImplementedError as error:
        return _failure("unsupported", _describe(error) + _place(error))
    except BaseException as error:
        return _failure("error", _describe(error) + _place(error))
    return OUT_OF_MEMORY


def take(step: list[Any], nodes: list[Node], value: Any, module: ModuleType) -> None:
    """Takes one step: makes the next node, or runs backward."""
    operation = step[0]
    if operation == "leaf":
        nodes.append(value(step[1]))
        return
    operands = [o[0] if isinstance(o, list) else nodes[o] for o in step[1:]]
    if operation == "backward":
        _run_backward(operands[0])
    elif operation in BINARY:
        nodes.append(_made(operation, _apply_binary(operation, *operands)))
    else:
        nodes.append(_made(operation, _apply_function(operation, operands[0], module)))


def _run_backward(node: Node) -> None:
    """The class's own method first: a node may keep a closure under the other name."""
    for holder in (type(node), node):
        for name in BACKWARD_NAMES:
            if callable(getattr(holder, name, None)):
                getattr(node, name)()
                return
    raise RefusedError("unsupported", f"{_kind(node)} has no method backward().")


def _apply_binary(symbol: str, left: Node, right: Node) -> Node:
    function, method = BINARY[symbol]
    try:
        return function(left, right)
    except TypeError as error:
        if not _is_pythons_own(error):
            raise
        raise RefusedError("unsupported", _lacking(symbol, method, left, right)) from None
    except AttributeError as error:
        if not _is_about_number(error, left, right):
            raise
        lack = f"{_describe(error)}{_place(error)}"
        message = f"{_kind(left)} {symbol} {_kind(right)} is not supported: {lack}"
        raise RefusedError("unsupported", message) from None


def _lacking(symbol: str, method: str, left: Node, right: Node) -> str:
    """Which method would have been needed for `left symbol right`."""
    owner, name = (right, f"__r{method}__") if type(left) in PLAIN else (left, f"__{method}__")
    other = left if owner is right else right
    lack = f"does not take {_kind(other)}" if hasattr(type(owner), name) else "is missing"
    return f"{_kind(left)} {symbol} {_kind(right)} is not supported: {_kind(owner)}.{name} {lack}."


def _apply_function(name: str, node: Node, module: ModuleType) -> Node:
    """An operator where Python has one; else the method; else the file's function of that name."""
    if name in UNARY and hasattr(type(node), UNARY[name][1]):
        return UNARY[name][0](node)
    method = getattr(node, name, None)
    if callable(method):
        return method()
    function = vars(module).get(name)
    if type(function) is FunctionType and function.__code__.co_filename == FILE:
        return function(node)
    wanted = UNARY[name][1] if name in UNARY else f"{name}()"
    raise RefusedError("unsupported", f"{_kind(node)} has no {wanted}.")


def _made(operation: str, node: Node) -> Node:
    """The node that an operation made, which must not be a plain number or nothing."""
    if type(node) not in PLAIN:
        return node
    hint = ": is a return missing?" if node is None else "."
    raise RefusedError("error", f"{operation} gave {_kind(node)} instead of a new node{hint}")


def _is_pythons_own(error: TypeError) -> bool:
    """Whether the operator itself found no method, rather than the student's code failing."""
    return _traceback_of(error).tb_next is None and _text_of(error).startswith("unsupported")


def _is_about_number(error: AttributeError, left: Node, right: Node) -> bool:
    """Whether the student's code took a plain number beside the node for another node."""
    numbers = {_kind(operand) for operand in (left, right) if type(operand) in (int, float)}
    return any(_text_of(error).startswith(f"'{kind}' object has no") for kind in numbers)


# Reading numbers


def read_numbers(nodes: list[Node], reads: list[Any]) -> list[float | None]:
    """The numbers asked for. An engine may keep no gradient for some nodes, but not for all."""
    numbers = [read_number(nodes[node], part, label) for node, part, label in reads]
    absent = [n is ABSENT for n, (_, part, _) in zip(numbers, reads, strict=True) if part == "grad"]
    if absent and all(absent):
        node = next(nodes[node] for node, part, _ in reads if part == "grad")
        raise RefusedError("unsupported", f"{_kind(node)} has no attribute grad.")
    return [None if number is ABSENT else number for number in numbers]


def read_number(node: Node, part: str, label: str) -> Any:
    """The node's data or grad as a float; None where it holds None, ABSENT where it has no grad."""
    try:
        held = getattr(node, part)
    except AttributeError as error:
        if _traceback_of(error).tb_next is not None:
            raise
        if part == "grad":
            return ABSENT
        raise RefusedError("unsupported", f"{_kind(node)} has no attribute {part}.") from None
    if held is None:
        return None
    kind = type(held)
    if issubclass(kind, float):
        return float.__pos__(held)
    if issubclass(kind, int):
        return _nearest_float(int.__pos__(held))
    if hasattr(kind, "__float__"):
        return float(held)
    raise RefusedError("invalid_output", f"{label} is {_kind(held)}, not a number.")


def _nearest_float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


# Telling what went wrong


def _failure(verdict: str, message: str) -> Answer:
    return {"failure": {"verdict": verdict, "message": message[:MOST_TEXT]}}


def _describe(error: BaseException) -> str:
    """The exception in a line: its type, its message, and a hint where one helps."""
    text = _text_of(error)
    described = _class_name(type(error)) + (f": {text}" if text else "")
    hints = {
        RecursionError: "does something call itself without end?",
        ModuleNotFoundError: _on_missing(text.removeprefix("No module named ").strip("'")),
        SystemExit: "the code asked to end the program.",
    }
    return next((f"{described}: {h}" for k, h in hints.items() if isinstance(error, k)), described)


def _on_missing(module: str) -> str:
    if module == "numpy":
        return NO_NUMPY
    return UNAVAILABLE if module.partition(".")[0] in STANDARD else LIBRARIES


UNAVAILABLE = "this part of the standard library is not available here."
LIBRARIES = f"only Python's standard library{' and numpy are' if HAS_NUMPY else ' is'} here."
NO_NUMPY = "numpy is not installed here. A Value holds one number: plain Python is enough for it."


def _text_of(error: BaseException) -> str:
    """The exception's message, capped: asking for it runs the student's code."""
    try:
        return str.__getitem__(str(error), slice(0, MOST_TEXT // 2))
    except BaseException:
        return "(its message cannot be shown)"


def _place(error: BaseException) -> str:
    line = _line_of(error)
    return f" (line {line})" if line else ""


def _line_of(error: BaseException) -> int | None:
    """The innermost line of the student's file that was being run."""
    line = None
    traceback = _traceback_of(error)
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == FILE:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def _kind(thing: object) -> str:
    return "None" if thing is None else _class_name(type(thing))[: MOST_TEXT // 4]


# Frames: a length of four bytes, then JSON


def receive(descriptor: int) -> Any:
    """The next request. Ends the process where there is none."""
    (length,) = _unpack(_read_exactly(descriptor, 4))
    return _parse(_read_exactly(descriptor, length).decode(), 0)[0]


def _read_exactly(descriptor: int, length: int) -> bytes:
    parts = []
    while length:
        part = _read(descriptor, length)
        if not part:
            _exit(0)
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def send(descriptor: int, answer: Answer, streams: tuple[Any, ...] = ()) -> None:
    """Writes an answer, after whatever the student has printed."""
    for stream in streams:
        try:
            stream.flush()
        except BaseException:  # the student closed it or filled it with what cannot be written
            continue
    body = _encode(answer).encode()
    frame = _pack(len(body)) + body
    while frame:
        frame = frame[_write(descriptor, frame) :]


def _encode(value: Any) -> str:
    """JSON; non-finite numbers as the strings "nan", "inf" and "-inf"."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, float):
        text = float.__repr__(value)
        return text if value - value == 0 else f'"{text}"'
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(k)}:{_encode(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join([_encode(v) for v in value]) + "]"
    return int.__repr__(value)
