"""Stand-ins for modules that are not here, so that an import of no use to grading costs nothing.

A stand-in has every attribute, can be called, inherited from, and used in annotations, decorators
and `isinstance`, and raises a clear error as soon as a number is wanted of it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from worker.driver.base.errors import MissingModuleError
from worker.driver.base.messages import FILE
from worker.driver.file.training_loops import walk

_get_frame = sys._getframe
_NUMBERS = (int, float, complex)
_NO = ("is_available", "isEnabledFor")  # what is asked so of something that is not here
_CATCHES_IMPORTS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Account:
    """Which modules have a stand-in, and in which line of the file each was imported first."""

    def __init__(self) -> None:
        self.lines: dict[str, int | None] = {}

    def add(self, module: str, line: int | None) -> None:
        """Notes that the module, or one of its parts, is not here."""
        self.lines.setdefault(module.partition(".")[0], line)

    def add_part(self, path: str, line: int) -> None:
        """Notes that a name which the file imports is not in its module, or the module not here."""
        self.lines.setdefault(path.strip("."), line)

    def line_of(self, module: str | None) -> int | None:
        """In which line of the file it was imported, or else a part of it."""
        name = module or ""
        of_parts = {path.partition(".")[0]: line for path, line in reversed(self.lines.items())}
        return self.lines.get(name, of_parts.get(name))

    def tell(self) -> Iterator[str]:
        """A sentence for each module."""
        for module in self.lines:
            yield f"{module} is not here: a stand-in took its place."


account = Account()  # of the one file that this process loads


class StandIn:
    """Something of a module that is not here."""

    def __init__(self, path: str) -> None:
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{path_of(self)} is not here, and so its {name} is not")
        return StandIn(f"{path_of(self)}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Sets nothing: settings of what is not here have no effect."""

    __setitem__ = __setattr__

    def __getitem__(self, _: object) -> StandIn:
        return StandIn(path_of(self))

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        """As a decorator it gives back what it decorates; else what it gives stands in too."""
        if len(arguments) == 1 and type(arguments[0]) in (FunctionType, type):
            return arguments[0]
        if path_of(self).endswith(_NO):
            return False
        return StandIn(path_of(self))

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (StandInBase,)

    def __instancecheck__(self, _: object) -> bool:
        return False

    __subclasscheck__ = __instancecheck__

    def __or__(self, other: object) -> Any:
        return StandInUnion(self, other) if not isinstance(other, _NUMBERS) else _refuse(self)

    __ror__ = __or__

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends nothing."""

    def __eq__(self, other: object) -> bool:
        return _refuse(self) if isinstance(other, _NUMBERS) else self is other

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __repr__(self) -> str:
        return f"<stand-in for {path_of(self)}>"


class StandInBase:
    """What a class inherits from in place of a class that is not here."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Takes whatever the real one may take."""

    def __init_subclass__(cls, **_: Any) -> None:
        """Takes whatever the real one may take."""


class StandInUnion(StandIn):
    """A union of types, some of which are not here, as in `isinstance(x, float | np.ndarray)`."""

    def __init__(self, *members: Any) -> None:
        super().__init__(next(path_of(m) for m in members if type(m) in (StandIn, StandInUnion)))
        kinds = [type(None) if member is None else member for member in members]
        object.__setattr__(self, "_members", kinds)

    def __instancecheck__(self, thing: object) -> bool:
        members: Sequence[Any] = object.__getattribute__(self, "_members")
        return any(isinstance(thing, member) for member in members)


class StandInModule(ModuleType):
    """A module that is not here: each of its attributes stands in."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(f"{ModuleType.__getattribute__(self, '__name__')}.{name}")


def path_of(thing: StandIn) -> str:
    path: str = object.__getattribute__(thing, "_path")
    return path


def _refuse(thing: StandIn, *_: object) -> NoReturn:
    """A number is wanted, and there is none."""
    path = path_of(thing)
    root = path.partition(".")[0]
    raise MissingModuleError(f"{path} is needed, and {root} is not here", name=root)


_WANTS_A_NUMBER = """
    add radd iadd sub rsub isub mul rmul imul truediv rtruediv itruediv floordiv rfloordiv mod rmod
    pow rpow ipow matmul rmatmul divmod rdivmod and rand xor rxor lshift rlshift rshift rrshift neg
    pos abs invert float int complex index round trunc floor ceil lt le gt ge bool len iter next
    contains
"""
for _name in _WANTS_A_NUMBER.split():
    setattr(StandIn, f"__{_name}__", _refuse)


class Finder:
    """Finds a stand-in where nothing else finds a module that the student's file imports."""

    def __init__(self, statements: Callable[[], list[ast.stmt]]) -> None:
        self._statements = statements
        self._guarded: set[int] | None = None

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """A spec for a stand-in; None where the import is not the file's own or may fail."""
        line = _importing_line()
        if line is None:
            return None
        if self._guarded is None:
            self._guarded = set(_guarded_lines(self._statements()))
        if line in self._guarded:
            return None
        account.add(name, line)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # it is a loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module that stands in."""
        return StandInModule(spec.name)

    def exec_module(self, _: ModuleType) -> None:
        """There is nothing to run."""


def bind_imported(statement: ast.Import | ast.ImportFrom, namespace: dict[str, Any]) -> None:
    """Stand-ins for what an import statement failed to bind: a name, or a neighbouring file."""
    module = getattr(statement, "module", None) or ""
    for alias in statement.names:
        path = f"{module}.{alias.name}" if module else alias.name
        held = getattr(sys.modules.get(module), alias.name, None) if module else None
        if alias.name != "*":
            name = alias.asname or alias.name.partition(".")[0]
            namespace[name] = StandIn(path) if held is None else held
        if held is None:
            account.add_part(path, statement.lineno)


def _importing_line() -> int | None:
    """The line of the student's file that imports; None where another module does."""
    frame = _get_frame(2)
    while frame.f_code.co_filename.startswith("<frozen importlib") and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_lineno if frame.f_code.co_filename == FILE else None


def _guarded_lines(statements: list[ast.stmt]) -> Iterator[int]:
    """The lines in which the file itself says what to do where a module is not here."""
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.Try) and any(_catches_imports(h) for h in node.handlers):
                yield from range(node.lineno, node.handlers[0].lineno)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & _CATCHES_IMPORTS)
