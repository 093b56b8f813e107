"""Placeholders for modules that aren't installed, so that an unneeded import costs nothing.

A placeholder has every attribute, can be called, inherited from, and used in annotations,
decorators and `isinstance`. It raises an error as soon as the code needs a number from it.
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
_NO = ("is_available", "isEnabledFor")  # functions that answer False
_CATCHES_IMPORTS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class MissingModules:
    """The modules that have a placeholder, each with the line of the file that imports it first."""

    def __init__(self) -> None:
        self.lines: dict[str, int | None] = {}

    def add(self, module: str, line: int | None) -> None:
        """Adds a module that is missing; `module` may be one of its parts."""
        self.lines.setdefault(module.partition(".")[0], line)

    def add_part(self, path: str, line: int) -> None:
        """Adds a name that the file imports and that is missing, if only in its module."""
        self.lines.setdefault(path.strip("."), line)

    def line_of(self, module: str | None) -> int | None:
        """The line of the file that imports it, or a part of it."""
        name = module or ""
        of_parts = {path.partition(".")[0]: line for path, line in reversed(self.lines.items())}
        return self.lines.get(name, of_parts.get(name))

    def describe(self) -> Iterator[str]:
        """A sentence for each module."""
        for module in self.lines:
            yield f"{module} isn't available here; a placeholder was used instead."


missing = MissingModules()  # of the one file that this process loads


class Placeholder:
    """Any object of a missing module."""

    def __init__(self, path: str) -> None:
        object.__setattr__(self, "_path", path)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"{path_of(self)} isn't available here, and neither is its {name}")
        return Placeholder(f"{path_of(self)}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        """Does nothing: settings of a missing module have no effect."""

    __setitem__ = __setattr__

    def __getitem__(self, _: object) -> Placeholder:
        return Placeholder(path_of(self))

    def __call__(self, *arguments: Any, **_: Any) -> Any:
        """As a decorator it returns what it decorates, otherwise another placeholder."""
        if len(arguments) == 1 and type(arguments[0]) in (FunctionType, type):
            return arguments[0]
        if path_of(self).endswith(_NO):
            return False
        return Placeholder(path_of(self))

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (PlaceholderBase,)

    def __instancecheck__(self, _: object) -> bool:
        return False

    __subclasscheck__ = __instancecheck__

    def __or__(self, other: object) -> Any:
        return PlaceholderUnion(self, other) if not isinstance(other, _NUMBERS) else _refuse(self)

    __ror__ = __or__

    def __enter__(self) -> Placeholder:
        return self

    def __exit__(self, *_: object) -> None:
        """Does nothing."""

    def __eq__(self, other: object) -> bool:
        return _refuse(self) if isinstance(other, _NUMBERS) else self is other

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __repr__(self) -> str:
        return f"<placeholder for {path_of(self)}>"


class PlaceholderBase:
    """Replaces a base class from a missing module."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Accepts any arguments, since the real class may."""

    def __init_subclass__(cls, **_: Any) -> None:
        """Accepts any arguments, since the real class may."""


class PlaceholderUnion(Placeholder):
    """A union with a type from a missing module, as in `isinstance(x, float | np.ndarray)`."""

    def __init__(self, *members: Any) -> None:
        super().__init__(
            next(path_of(m) for m in members if type(m) in (Placeholder, PlaceholderUnion))
        )
        kinds = [type(None) if member is None else member for member in members]
        object.__setattr__(self, "_members", kinds)

    def __instancecheck__(self, value: object) -> bool:
        members: Sequence[Any] = object.__getattribute__(self, "_members")
        return any(isinstance(value, member) for member in members)


class PlaceholderModule(ModuleType):
    """A missing module. Each of its attributes is a placeholder."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Placeholder(f"{ModuleType.__getattribute__(self, '__name__')}.{name}")


def path_of(placeholder: Placeholder) -> str:
    """The full name of what is missing, as "torch.nn.Module"."""
    path: str = object.__getattribute__(placeholder, "_path")
    return path


def _refuse(placeholder: Placeholder, *_: object) -> NoReturn:
    """The code needs a number from the placeholder."""
    path = path_of(placeholder)
    root = path.partition(".")[0]
    raise MissingModuleError(f"{path} is needed, but {root} isn't available here", name=root)


_NEEDS_A_NUMBER = """
    add radd iadd sub rsub isub mul rmul imul truediv rtruediv itruediv floordiv rfloordiv mod rmod
    pow rpow ipow matmul rmatmul divmod rdivmod and rand xor rxor lshift rlshift rshift rrshift neg
    pos abs invert float int complex index round trunc floor ceil lt le gt ge bool len iter next
    contains
"""
for _name in _NEEDS_A_NUMBER.split():
    setattr(Placeholder, f"__{_name}__", _refuse)


class Finder:
    """Finds a placeholder for a module that the student's file imports and nothing else finds."""

    def __init__(self, statements: Callable[[], list[ast.stmt]]) -> None:
        self._statements = statements
        self._guarded: set[int] | None = None

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> Any:
        """A spec for a placeholder. None if the import isn't the file's, or the file handles it."""
        line = _importing_line()
        if line is None:
            return None
        if self._guarded is None:
            self._guarded = set(_guarded_lines(self._statements()))
        if line in self._guarded:
            return None
        missing.add(name, line)
        return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type] # it is a loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The placeholder."""
        return PlaceholderModule(spec.name)

    def exec_module(self, _: ModuleType) -> None:
        """Does nothing: there is no code to run."""


def bind_imported(statement: ast.Import | ast.ImportFrom, namespace: dict[str, Any]) -> None:
    """Binds placeholders for the names that an import statement failed to bind."""
    module = getattr(statement, "module", None) or ""
    for alias in statement.names:
        path = f"{module}.{alias.name}" if module else alias.name
        value = getattr(sys.modules.get(module), alias.name, None) if module else None
        if alias.name != "*":
            name = alias.asname or alias.name.partition(".")[0]
            namespace[name] = Placeholder(path) if value is None else value
        if value is None:
            missing.add_part(path, statement.lineno)


def _importing_line() -> int | None:
    """The line of the student's file that imports, or None if another module imports."""
    frame = _get_frame(2)
    while frame.f_code.co_filename.startswith("<frozen importlib") and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_lineno if frame.f_code.co_filename == FILE else None


def _guarded_lines(statements: list[ast.stmt]) -> Iterator[int]:
    """The lines in a `try` that handles a missing module itself."""
    for statement in statements:
        for node in walk(statement):
            if isinstance(node, ast.Try) and any(_catches_imports(h) for h in node.handlers):
                yield from range(node.lineno, node.handlers[0].lineno)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & _CATCHES_IMPORTS)
