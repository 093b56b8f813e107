"""Reads a child's answers. Only exact types, the right id and the right count are accepted."""

from __future__ import annotations

import ast
import math
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from worker.driver.base.protocol import (
    MOST_CALLS,
    MOST_NAME,
    MOST_NOTE,
    MOST_NOTES,
    MOST_TEXT,
    MOST_WORK,
    PACKED,
    PROBLEMS,
    VERDICTS,
    WORK_PER_SECOND,
    packed,
)
from worker.graph import FUNCTIONS
from worker.report.model import Interface, Problem, ProblemKind, Verdict
from worker.sandbox.host.frames import decode
from worker.sandbox.host.outcome import PLAIN, Failure, Loaded, Observation

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_ARGUMENT = (
    r"(?:[A-Za-z_]\w*=)?"
    r"(?:\{\}|float\(\{\}\)|[01](?:\.0)?|'\w*'|\(\)|\[\]|(?:set|dict|[A-Z]\w*)\(\)|[A-Za-z_]\w*)"
)
_ARGUMENTS = f"{_ARGUMENT}(?:, {_ARGUMENT})*"
# The arguments of a class, or the whole call where a function makes nodes: node({}).
LEAF = re.compile(rf"{_ARGUMENTS}|[A-Za-z_]\w*\({_ARGUMENTS}\)", re.ASCII)
_OTHER = r"[A-Za-z_]\w*=(?:\d{1,3}(?:\.\d{1,17})?|False|'')"
_PATH = r"[A-Za-z_]\w*(?:\(\))?(?:\.[A-Za-z_]\w*(?:\(\))?)*"  # F, Functions().tanh
_FUNCTION = rf"{_PATH}\(\{{\}}(?:, {_OTHER})*\)"
_METHOD = rf"\{{\}}\.[A-Za-z_]\w*\((?:{_OTHER}(?:, {_OTHER})*)?\)"
CALL = re.compile(f"{_FUNCTION}|{_METHOD}", re.ASCII)  # F.log({}, base=2.718), {}.ln()
OPERATOR_CALL = re.compile(r"[A-Za-z_]\w*\(\{\}, \{\}\)|\{\}\.[A-Za-z_]\w*\(\{\}\)", re.ASCII)
OPERATORS = frozenset(["+", "-", "*", "/", "**"])
CALLED = OPERATORS | {*FUNCTIONS, "neg"}  # what programs may call in another way
MOST_POSITION = 10_000_000
NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


@dataclass(frozen=True, slots=True)
class Malformed:
    """An answer that can't be read. Nothing more from this child can be trusted."""

    reason: str


class _InvalidError(Exception):
    """The answer is invalid. Caught in this module."""


def read_loaded(body: bytes, number: int) -> Loaded | Problem | Failure | Malformed:
    """Reads the answer to request `number`, a source."""
    try:
        kinds = {"interface", "problem", "failure"}
        message, may_vary = _read_message(body, number, kinds, "work")
        if "failure" in message:
            return _read_failure(message["failure"])
        if "problem" in message:
            return _read_problem(message["problem"])
        interface = _read_interface(message["interface"])
        work = message.get("work")
        if type(work) is not int or not 0 <= work <= MOST_WORK:
            raise _InvalidError("it doesn't say how much work there was")
        return Loaded(
            interface=interface,
            python=platform.python_version(),
            counted_seconds=work / WORK_PER_SECOND,
            may_vary=may_vary,
        )
    except _InvalidError as error:
        return Malformed(str(error))


def read_observation(
    body: bytes, number: int, count: int, *, has_calls: bool = False
) -> Observation | Failure | Malformed:
    """Reads the answer to request `number`, a graph of which `count` numbers were asked for."""
    try:
        if body[:1] == PACKED and not has_calls:
            return _unpack(body, number, count)
        message, may_vary = _read_message(
            body, number, {"numbers", "failure"}, "calls" if has_calls else None
        )
        if "failure" in message:
            return replace(_read_failure(message["failure"]), may_vary=may_vary)
        calls = message.get("calls") if has_calls else None
        if calls is not None and (type(calls) is not int or not 0 <= calls <= MOST_CALLS):
            raise _InvalidError("it does not say how many calls there were")
        numbers = _read_numbers(message["numbers"], count)
        return Observation(numbers, calls=calls, may_vary=may_vary)
    except _InvalidError as error:
        return Malformed(str(error))


def _unpack(body: bytes, number: int, count: int) -> Observation:
    """Reads an answer of nothing but floats."""
    form = packed(count)
    if len(body) != form.size:
        raise _InvalidError(f"{count} numbers were asked for")
    _, identity, may_vary, *numbers = form.unpack(body)
    if identity != number:
        raise _InvalidError("it belongs to another question")
    return Observation(tuple(numbers), may_vary=may_vary)


def read_differing(
    body: bytes, number: int, counts: Mapping[int, int]
) -> dict[int, Observation] | Malformed | None:
    """Reads the answer to request `number`, which repeats questions: which results differ.

    `counts` has how many numbers each of the questions asked for. None if the child can't say.
    """
    try:
        message, _ = _read_message(body, number, {"differ"})
        differing = message["differ"]
        if differing is None:
            return None
        if type(differing) is not list:
            raise _InvalidError("it doesn't say which numbers differ")
        return dict(_read_differing(item, counts) for item in differing)
    except _InvalidError as error:
        return Malformed(str(error))


def _read_differing(item: object, counts: Mapping[int, int]) -> tuple[int, Observation]:
    if type(item) is not list or len(item) != 2 or type(item[0]) is not int:
        raise _InvalidError("it doesn't say which numbers differ")
    number, numbers = item
    if number not in counts:
        raise _InvalidError("it belongs to another question")
    return number, Observation(_read_numbers(numbers, counts[number]), may_vary=True)


def _read_message(
    body: bytes, number: int, kinds: set[str], also: str | None = None
) -> tuple[dict[str, Any], bool]:
    """Returns the object without its id, and whether its numbers may vary.

    It must have one of `kinds`, and may have `also`.
    """
    message = decode(body)
    if message is None:
        raise _InvalidError("it is not JSON")
    identity = message.pop("id", None)
    if type(identity) is not int or identity != number:
        raise _InvalidError("it belongs to another question")
    may_vary = message.pop("may_vary", False)
    if type(may_vary) is not bool:
        raise _InvalidError("it doesn't say whether its numbers may vary")
    if len(message.keys() - {also}) != 1 or not (kinds | {also}).issuperset(message):
        raise _InvalidError("it has the wrong form")
    return message, may_vary


def _read_numbers(numbers: object, count: int) -> tuple[float | None, ...]:
    if type(numbers) is not list or len(numbers) != count:
        raise _InvalidError(f"{count} numbers were asked for")
    if PLAIN.issuperset(map(type, numbers)):
        return tuple(numbers)
    return tuple(map(_read_number, numbers))


def _read_number(value: object) -> float | None:
    if value is None or type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise _InvalidError("a number is too large") from None
    if type(value) is str and value in NON_FINITE:
        return NON_FINITE[value]
    raise _InvalidError("something in it is not a number")


def _read_failure(value: object) -> Failure:
    members = _members(value, {"verdict", "message"})
    verdict = members["verdict"]
    if type(verdict) is not str or verdict not in VERDICTS:
        raise _InvalidError("it names a verdict that a program cannot give")
    return Failure(verdict=Verdict(verdict), message=_text(members["message"]))


def _read_interface(value: object) -> Interface:
    names = {"class", "data", "grad", "backward", "seed", "unseeded", "warning", "notes"}
    members = _members(value, names | {"leaf", "adapt", "functions", "taken"})
    class_name, backward, notes = members["class"], members["backward"], members["notes"]
    seed = members["seed"]
    if type(members["unseeded"]) is not bool:
        raise _InvalidError("it doesn't say whether backward sets the output's gradient")
    if type(notes) is not list or len(notes) > MOST_NOTES:
        raise _InvalidError("its notes are not a few sentences")
    return Interface(
        class_name=None if class_name is None else _text(class_name, MOST_NAME),
        data=_text(members["data"], MOST_NAME),
        grad=_text(members["grad"], MOST_NAME),
        backward=None if backward is None else _text(backward, MOST_NAME),
        seed=None if seed is None else _text(seed, MOST_NAME),
        unseeded=members["unseeded"],
        warning=_text(members["warning"]),
        notes=tuple(_text(note, MOST_NOTE) for note in notes),
        leaf=_read_leaf(members["leaf"]),
        adapt=_text(members["adapt"], MOST_NAME),
        functions=_read_functions(members["functions"]),
        taken=_read_taken(members["taken"]),
    )


def _read_functions(value: object) -> dict[str, str]:
    """Reads the calls of functions: a name or a method, {} for the node, and plain literals.

    Operators that are functions or methods have two nodes.
    """
    if type(value) is not dict or not value.keys() <= CALLED:
        raise _InvalidError("it names functions that no program has")
    calls = {name: _text(call, MOST_NAME) for name, call in value.items()}
    for name, call in calls.items():
        form = OPERATOR_CALL if name in OPERATORS else CALL
        if call and not (form.fullmatch(call) and _is_call(call.replace("{}", "x"))):
            raise _InvalidError("it has calls that no program can make")
    return calls


def _read_taken(value: object) -> tuple[str, ...]:
    """Reads names that a program mustn't set."""
    if type(value) is not list or len(value) > MOST_NAME:
        raise _InvalidError("its names are not a few")
    names = tuple(_text(name, MOST_NAME) for name in value)
    if not all(name.isidentifier() and name.isascii() for name in names):
        raise _InvalidError("it has names that are none")
    return names


def _read_leaf(value: object) -> str | None:
    """Reads the arguments of a leaf: plain literals, and {} for the number. None if it is alone.

    Where a function makes nodes, it is the whole call.
    """
    text = "{}" if value is None else _text(value, MOST_NAME)
    is_leaf = LEAF.fullmatch(text) and text.count("{}") == 1
    if not (is_leaf and _is_call(f"Value({text.replace('{}', '1')})")):
        raise _InvalidError("it has arguments that are not literals")
    return None if text == "{}" else text


def _is_call(text: str) -> bool:
    """Whether Python reads a text as a call: no keyword is a name, and no argument is there twice.

    A program of a report is parsed again later, so a forged text must not fail there.
    """
    try:
        call = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    functions = ast.Name | ast.Attribute | ast.Call  # Log()(x)
    if not isinstance(call, ast.Call) or not isinstance(call.func, functions):
        return False
    names = [keyword.arg for keyword in call.keywords]
    return len(names) == len(set(names))


def _read_problem(value: object) -> Problem:
    members = _members(value, {"kind", "message", "line", "column", "source_line"})
    kind, source_line = members["kind"], members["source_line"]
    if type(kind) is not str or kind not in PROBLEMS:
        raise _InvalidError("it names an unknown problem")
    return Problem(
        kind=ProblemKind(kind),
        message=_text(members["message"]),
        line=_position(members["line"]),
        column=_position(members["column"]),
        source_line=None if source_line is None else _line(source_line),
    )


def _members(value: object, names: set[str]) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != names:
        raise _InvalidError("it has the wrong form")
    return value


def _position(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 < value < MOST_POSITION:
        raise _InvalidError("it names a position that is not in the file")
    return value


def _text(value: object, most: int = MOST_TEXT) -> str:
    if type(value) is not str or len(value) > most:
        raise _InvalidError("a text in it is too long or not a text")
    return mask_addresses(clean(value))


def _line(value: object) -> str:
    """Reads a line of the student's source as it is."""
    if type(value) is not str or len(value) > MOST_TEXT:
        raise _InvalidError("a line of source is too long or not a text")
    return clean(value)


def mask_addresses(text: str) -> str:
    """Replaces addresses as `<Value object at 0x7f…>` has them, which differ each time."""
    return ADDRESS.sub(" at 0x…", text) if " at 0x" in text else text


def clean(text: str) -> str:
    """Replaces lone surrogates and NULs, which databases and pages can't store."""
    return text.encode(errors="replace").decode().replace("\0", "\N{SYMBOL FOR NULL}")
