"""Objects that replace those of a module that isn't installed, or of a file that wasn't handed in.

A placeholder has every attribute, can be called, inherited from, and used in annotations,
decorators and `isinstance`. It raises an error as soon as the code needs a number from it, or needs
what a class inherits from it. Only a setting such as DEBUG is false, and compares like 0.
"""

from __future__ import annotations

import operator
import re
import sys
from collections.abc import Callable, Sequence
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from worker.driver.base.errors import MissingFileError, MissingModuleError
from worker.driver.base.members import bases_of
from worker.driver.base.messages import FILE, traceback_of
from worker.driver.base.modules import file_of, is_neighbour, plain_name

NOT_HANDED_IN = "{} wasn't handed in: {!r} comes from it"
_get_frame = sys._getframe
_NUMBERS = (int, float, complex)
_NO = ("is_available", "isEnabledFor")  # functions that answer False
# Settings that only say what is printed or drawn, such as DEBUG: they are off, or at level 0.
_SWITCH = re.compile(r"(?:^|_)(?:debug|debugging|verbose|verbosity|logging)(?:$|_)", re.IGNORECASE)
_DECORATED = (FunctionType, type, staticmethod, classmethod, property)
_CLASS_PARTS = (str, tuple, dict)  # the arguments with which a class statement calls a metaclass

# The functions and classes that a placeholder decorates, by the ids of their code or class.
decorated: dict[int, Placeholder] = {}


class Placeholder:
    """Any object of a missing module."""

    def __init__(self, path: str, module: str = "") -> None:
        object.__setattr__(self, "_path", path)
        object.__setattr__(self, "_module", module or path.partition(".")[0])
        object.__setattr__(self, "_is_named", True)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{path_of(self)} isn't available here, and neither is its {name}")
        part = Placeholder(f"{path_of(self)}.{name}", module_of(self))
        object.__setattr__(self, name, part)  # the same one each time, as a member of an enum is
        return part

    def __setattr__(self, name: str, value: object) -> None:
        """Does nothing: settings of a missing module have no effect."""

    __setitem__ = __setattr__

    def __getitem__(self, _: object) -> Placeholder:
        return _make_unnamed(self)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """What it decorates, a class if it is a metaclass, otherwise another placeholder.

        The one for a lambda of the file still calls it.
        """
        if _decorates(self, arguments):
            target = arguments[0]
            function = getattr(target, "__func__", target)
            decorated[id(getattr(function, "__code__", function))] = self
            return target
        if len(arguments) == 1 and isinstance(arguments[0], FunctionType):
            return _AroundLambda(self, arguments[0])
        if _makes_class(arguments):
            return type(*arguments)
        if path_of(self).endswith(_NO):
            return False
        return _make_unnamed(self) if arguments or named else Placeholder(*_origin(self))

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        name = path_of(self).rpartition(".")[2]
        return (type(name, (PlaceholderBase,), {"_placeholder": self}),)

    def __instancecheck__(self, _: object) -> bool:
        return False

    __subclasscheck__ = __instancecheck__

    def __or__(self, other: object) -> Any:
        return PlaceholderUnion(self, other) if not isinstance(other, _NUMBERS) else refuse(self)

    __ror__ = __or__

    def __enter__(self) -> Placeholder:
        return self

    def __exit__(self, *_: object) -> None:
        """Does nothing."""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _NUMBERS):
            return other == 0 if _is_switch(self) else refuse(self)
        return self is other

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __bool__(self) -> bool:
        return False if _is_switch(self) else refuse(self)

    def __repr__(self) -> str:
        return f"<placeholder for {path_of(self)}>"


class _AroundLambda(Placeholder):
    """What a neighbouring file makes of a lambda: a decorator, or a function that calls it."""

    def __init__(self, maker: Placeholder, function: FunctionType) -> None:
        super().__init__(*_origin(maker))
        object.__setattr__(self, "_function", function)
        decorated[id(function.__code__)] = self

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Decorates a function, otherwise calls the lambda."""
        if _decorates(self, arguments):
            return super().__call__(*arguments)
        return self._function(*arguments, **named)


class PlaceholderBase:
    """Replaces a base class from a missing module."""

    _placeholder: Placeholder

    def __new__(cls, *arguments: Any, **named: Any) -> Any:
        """An object, or a class if it is the base of a metaclass."""
        if _makes_class(arguments):
            return type(*arguments)
        make: Any = super().__new__  # of another base, such as float
        return make(cls) if make is object.__new__ else make(cls, *arguments, **named)

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        """The real class may have this, and the code needs it."""
        refuse(self._placeholder)

    def __init__(self, *_: Any, **__: Any) -> None:
        """Accepts any arguments, since the real class may."""

    def __init_subclass__(cls, **_: Any) -> None:
        """Accepts any arguments, since the real class may."""


class PlaceholderUnion(Placeholder):
    """A union with a type from a missing module, as in `isinstance(x, float | np.ndarray)`."""

    def __init__(self, *members: Any) -> None:
        missing = next(m for m in members if type(m) in (Placeholder, PlaceholderUnion))
        super().__init__(path_of(missing), module_of(missing))
        kinds = [type(None) if member is None else member for member in members]
        object.__setattr__(self, "_members", kinds)

    def __instancecheck__(self, value: object) -> bool:
        members: Sequence[Any] = object.__getattribute__(self, "_members")
        return any(isinstance(value, member) for member in members)


class PlaceholderModule(ModuleType):
    """A missing module. Each of its attributes is a placeholder.

    `from module import *` binds those of `find_unknown()` that the importing file doesn't have yet:
    the names that it uses and never defines.
    """

    def __init__(self, name: str, find_unknown: Callable[[], Sequence[str]]) -> None:
        super().__init__(name)
        ModuleType.__setattr__(self, "_find_unknown", find_unknown)

    def __getattr__(self, name: str) -> Any:
        own_name: str = ModuleType.__getattribute__(self, "__name__")
        if name == "__all__" and (frame := _get_frame(1)).f_code.co_filename == FILE:
            find_unknown = ModuleType.__getattribute__(self, "_find_unknown")
            return [unknown for unknown in find_unknown() if unknown not in frame.f_globals]
        if not plain_name(own_name) or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)  # of the package, Python then imports a submodule
        part = Placeholder(f"{own_name}.{name}", own_name)
        ModuleType.__setattr__(self, name, part)
        return part


def path_of(placeholder: Placeholder) -> str:
    """The full name of what is missing, as "torch.nn.Module"."""
    path: str = object.__getattribute__(placeholder, "_path")
    return plain_name(path)


def module_of(placeholder: Placeholder) -> str:
    """The full name of the missing module, as it was imported."""
    module: str = object.__getattribute__(placeholder, "_module")
    return module


def to_error(placeholder: Placeholder) -> MissingModuleError:
    """The error that names what is needed, and the file or module that it should be in."""
    path, module = path_of(placeholder), module_of(placeholder)
    if is_neighbour(module):
        inner = path.removeprefix(plain_name(module)).removeprefix(".")
        message = NOT_HANDED_IN.format(file_of(module), inner.partition(".")[0])
        error = MissingFileError(message, name=plain_name(module).partition(".")[0])
        error.placeholder = placeholder
        return error
    root = module.partition(".")[0]
    message = f"{path} is needed, but {root} isn't available here"
    return MissingModuleError(message, name=root)


def refuse(placeholder: Placeholder, *_: object) -> NoReturn:
    """The code needs a number from the placeholder, or what only the real object has."""
    raise to_error(placeholder)


def find_base(kind: Any) -> Placeholder | None:
    """The placeholder that a class derives from, or None."""
    if not isinstance(kind, type):
        return None
    made = (base for base in bases_of(kind) if PlaceholderBase in base.__bases__)
    return next((vars(base)["_placeholder"] for base in made), None)


def find_cause(error: BaseException) -> Placeholder | None:
    """The placeholder because of which the code may have failed.

    It is the base of the object that lacks an attribute, or it comes from a neighbouring file and
    decorates a function that was running.
    """
    if issubclass(type(error), AttributeError):
        lacking: Any = getattr(error, "obj", None)
        owner = getattr(lacking, "__self_class__", None) if type(lacking) is super else lacking
        for kind in (owner, type(lacking)):
            if (base := find_base(kind)) is not None:
                return base
    traceback = traceback_of(error)
    while traceback is not None:
        found = decorated.get(id(traceback.tb_frame.f_code))
        if found is not None and is_neighbour(module_of(found)):
            return found
        traceback = traceback.tb_next
    return None


def _decorates(placeholder: Placeholder, arguments: tuple[Any, ...]) -> bool:
    """Whether it is called with what it decorates.

    `@gradient(lambda a, b: (b, a))` of a neighbouring file only makes a decorator.
    """
    if len(arguments) != 1 or not isinstance(arguments[0], _DECORATED):
        return False
    name = getattr(arguments[0], "__name__", "")
    return name != "<lambda>" or not is_neighbour(module_of(placeholder))


def _makes_class(arguments: tuple[Any, ...]) -> bool:
    return tuple(type(argument) for argument in arguments) == _CLASS_PARTS


_NEEDS_A_NUMBER = """
    add radd iadd sub rsub isub mul rmul imul truediv rtruediv itruediv floordiv rfloordiv mod rmod
    pow rpow ipow matmul rmatmul divmod rdivmod and rand xor rxor lshift rlshift rshift rrshift neg
    pos abs invert float int complex index round trunc floor ceil len iter next contains
"""
for _name in _NEEDS_A_NUMBER.split():
    setattr(Placeholder, f"__{_name}__", refuse)


def _origin(placeholder: Placeholder) -> tuple[str, str]:
    return path_of(placeholder), module_of(placeholder)


def _make_unnamed(placeholder: Placeholder) -> Placeholder:
    """A part or a result: its name says nothing about what it is."""
    made = Placeholder(*_origin(placeholder))
    object.__setattr__(made, "_is_named", False)
    return made


def _is_switch(placeholder: Placeholder) -> bool:
    return (
        placeholder._is_named
        and _SWITCH.search(path_of(placeholder).rpartition(".")[2]) is not None
    )


def _compare_as(compare: Callable[[Any, Any], Any]) -> Callable[[Placeholder, object], Any]:
    def compared(placeholder: Placeholder, other: object) -> Any:
        if _is_switch(placeholder) and isinstance(other, _NUMBERS):
            return compare(0, other)
        return refuse(placeholder)

    return compared


for _name in ("lt", "le", "gt", "ge"):
    setattr(Placeholder, f"__{_name}__", _compare_as(getattr(operator, _name)))
