"""What programs of a report must know about an engine, so that they run after its file."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from keyword import iskeyword
from types import CodeType, FunctionType
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import (
    find_member,
    is_own_callable,
    is_own_class,
    members_of,
)
from worker.driver.base.protocol import MOST_NAME
from worker.driver.base.signatures import is_unwritten
from worker.driver.graph.engine import Engine
from worker.driver.graph.function_arguments import list_others
from worker.driver.graph.function_namespaces import find_in_namespaces, use_class
from worker.driver.graph.functions import AFFIXED, OTHER_NAMES, UNARY

MOST_TAKEN = 50  # names of the file that a program doesn't use for its own variables
LONGEST_TAKEN = len("gradients")  # variables of programs are short
LONGEST_CLASS = 2  # characters; the same for names of classes
_MOST_WRAPPED = 3  # functions within functions
OTHERWISE = ""  # it is called in a way that a program can't write


def spell_functions(engine: Engine) -> dict[str, str]:
    """The call of each function that isn't written `x.tanh()`, with {} for the node.

    The text is OTHERWISE if a program can't write the call. Functions that the engine doesn't have
    are left out, and so are operators that the class has. Where operations are functions or
    methods, operators are written as these.

    Typical results: {"tanh": "tanh({})"}, {"log": "{}.ln()"}, {"log": "{}.log(base=2.718281828)"}.
    """
    spelled = dict(engine.written_operators)
    for name in OTHER_NAMES:
        usual = f"{{}}.{name}()"
        if name in UNARY:
            has_others = bool(engine.written_operators) or name != "neg"
            if not has_others or _has_operator(engine, UNARY[name][1]):
                continue
            usual = ""  # programs write the operator
        call = next(_find_calls(name, engine), usual)
        if call != usual:
            spelled[name] = call if _can_be_written(call) else OTHERWISE
    return spelled


def _can_be_written(call: str) -> bool:
    """Whether the names in a call are short, and names at all; a file may have any texts there."""
    if len(call) > MOST_NAME or not call.isascii():
        return False
    method = call.removeprefix("{}.")
    path = call.partition("({}")[0] if method == call else method.partition("(")[0]
    names = path.replace("()", "").split(".")
    return all(name.isidentifier() and not iskeyword(name) for name in names)


def _has_operator(engine: Engine, operator: str) -> bool:
    return engine.kind is not None and find_member(engine.kind, operator) is not None


def _find_calls(name: str, engine: Engine) -> Iterator[str]:
    """The calls in the order in which `functions` looks for them."""
    usual = (name, *OTHER_NAMES[name])
    for other in (*usual, f"__{name}__"):
        yield from _find_named(name, other, engine)
    for other in usual:
        for written, _ in find_in_namespaces(other, engine):
            yield f"{written}({{}})" if written else OTHERWISE
    for other in usual:
        for affix in AFFIXED:
            yield from _find_named(name, affix.format(other), engine)


def _find_named(name: str, other: str, engine: Engine) -> Iterator[str]:
    member = None if engine.kind is None else find_member(engine.kind, other)
    if is_own_class(member):
        yield f"{engine.class_name}.{other}{use_class(member)[0]}({{}})"
    elif member is not None and type(member) is not staticmethod and not is_unwritten(member):
        yield f"{{}}.{other}({_write_others(name, member)})"
    value = engine.namespace.get(other)
    if is_own_class(value):
        yield f"{other}{use_class(value)[0]}({{}})"
    elif is_own_callable(value) and not is_unwritten(value):
        others = _write_others(name, value)
        yield f"{other}({{}}, {others})" if others else f"{other}({{}})"
    for owner, kind in list(engine.namespace.items()):
        if is_own_class(kind) and type(find_member(kind, other)) is staticmethod:
            yield f"{owner}.{other}({{}})"


def _write_others(name: str, function: Any) -> str:
    """The other arguments that a call gets, by name: "base=2.718281828459045"."""
    return ", ".join(f"{key}={value!r}" for key, value in list_others(name, function).items())


def find_taken(namespace: dict[str, Any]) -> list[str]:
    """The short names of the file that its functions read, so that a program mustn't set them."""
    read: set[str] = set()
    for value in list(namespace.values()):
        members = list(members_of(value).values()) if is_own_class(value) else [value]
        for member in members:
            for function in _find_functions(member, _MOST_WRAPPED):
                read.update(_names_read(function.__code__))
    taken = sorted(name for name in read & namespace.keys() if _could_be_set(name, namespace))
    return taken[:MOST_TAKEN]


def _find_functions(member: Any, depth: int) -> Iterator[FunctionType]:
    """The functions of a method or a property, and those that a decorator's function calls."""
    inner: list[Any] = []
    if type(member) is FunctionType:
        yield member
        inner = [attempt(getattr, cell, "cell_contents") for cell in member.__closure__ or ()]
    elif type(member) is property:
        inner = [member.fget, member.fset, member.fdel]
    elif type(member) in (staticmethod, classmethod):
        inner = [member.__func__]
    elif type(member) in (cached_property, partial):
        inner = [member.func]
    for function in inner if depth else ():
        yield from _find_functions(function, depth - 1)


def _could_be_set(name: str, namespace: dict[str, Any]) -> bool:
    """Whether a program may have a variable of that name. Few are in capitals, such as L."""
    longest = LONGEST_CLASS if is_own_class(namespace[name]) else LONGEST_TAKEN
    return len(name) <= longest and name.isascii()


def _names_read(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if type(constant) is CodeType:
            yield from _names_read(constant)
