"""The suites that come with Chainrule: text files of graph programs, beside this one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from worker.suites.cases import Case, Expectation, Suite, SuiteError
from worker.suites.reader import read_suite

__all__ = ["Case", "Expectation", "Suite", "SuiteError", "load", "names", "read_suite"]

FOLDER = Path(__file__).parent
IN_ORDER = ("worked-example", "rules")  # from what a student meets first


def names() -> tuple[str, ...]:
    """The names of all suites, in the order in which they are told."""
    return IN_ORDER


@cache
def load(name: str) -> Suite:
    """A suite with its expected numbers, which are computed once in a process.

    Raises SuiteError where there is no such suite or its file is at fault.
    """
    file = f"{name}.suite"
    if name not in names():
        raise SuiteError(file, f"there is no such suite; there are {', '.join(names())}")
    suite = read_suite((FOLDER / file).read_text(encoding="utf-8"), file)
    if suite.name != name:
        raise SuiteError(file, f"the file is of the suite {suite.name}")
    return suite
