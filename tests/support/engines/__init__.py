"""Correct engines of students, in this process, and engines that fake their gradients."""

from __future__ import annotations

from runpy import run_path

from tests.students import HERE
from tests.support.engines.runner import Engine, Numbers, observe, run, runs_on

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


CORRECT: tuple[Engine, ...] = tuple(map(_read, SPELLED_AS_USUAL))

__all__ = ["CORRECT", "Engine", "Numbers", "observe", "run", "runs_on"]
