"""Correct engines of students, in this process, and engines that fake their gradients."""

from __future__ import annotations

from runpy import run_path
from typing import Any

from tests.students import HERE
from tests.support.engines.runner import Engine, Numbers, observe, run, runs_on
from worker.reference import floats

# Those that are spelled Value, data, grad and backward(), and whose numbers come about differently.
SPELLED_AS_USUAL = (
    "adjoint_system",
    "closures",
    "coroutines",
    "few_primitives",
    "path_by_path",
    "powers_of_e",
    "repeated_products",
    "weak_users",
)


def _read(name: str) -> Engine:
    """The engine of a student's file, called by the file's name where a test fails."""
    engine: type = run_path(str(HERE / "right" / f"{name}.py"))["Value"]
    engine.__name__ = engine.__qualname__ = name
    return engine


class _Rounded:
    """An attribute that keeps its numbers in single precision."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = f"_rounded_{name}"

    def __get__(self, node: Any, _: type) -> Any:
        return getattr(node, self._name)

    def __set__(self, node: Any, number: Any) -> None:
        is_number = isinstance(number, int | float)
        setattr(node, self._name, floats.SINGLE.nearest(number) if is_number else number)


def _read_single(name: str) -> Engine:
    engine: Any = _read(name)
    for attribute in ("data", "grad"):
        rounded = _Rounded()
        rounded.__set_name__(engine, attribute)
        setattr(engine, attribute, rounded)
    kept: Engine = engine
    return kept


CORRECT: tuple[Engine, ...] = tuple(map(_read, SPELLED_AS_USUAL))
SINGLE: tuple[Engine, ...] = tuple(map(_read_single, SPELLED_AS_USUAL))

__all__ = ["CORRECT", "SINGLE", "Engine", "Numbers", "observe", "run", "runs_on"]
