"""The suites that come with Chainrule: text files of graph programs, beside this one."""

from __future__ import annotations

import functools
from pathlib import Path

from worker.suites import cache
from worker.suites.cases import Outline, Suite, SuiteError
from worker.suites.format.reader import read_outline, read_suite

FOLDER = Path(__file__).parent / "shipped"
IN_ORDER = (  # from what a student meets first
    "worked-example",
    "rules",
    "operators",
    "functions",
    "reuse",
    "order",
    "state",
    "composite",
    "random",
    "gradient-check",
    "training",
    "robustness",
    "conventions",
)
MOST_DRAWN = 64  # drawn suites kept: an assignment's submissions share a seed


def names() -> tuple[str, ...]:
    """The names of all suites, in the order in which they are told."""
    return IN_ORDER


def load(name: str, seed: int = 0) -> Suite:
    """A suite with its expected numbers, which are computed once for a version of it.

    The seed tells in a suite whose graphs are drawn. Raises SuiteError where there is no such suite
    or its file is at fault.
    """
    suite = _load(name)
    return _draw(name, seed) if suite.drawn and seed else suite


@functools.cache
def outline(name: str) -> Outline:
    """What a suite is called and worth, and how many cases it has; computes no numbers."""
    text, file = _read_text(name)
    return read_outline(text, file)


@functools.cache
def _load(name: str) -> Suite:
    text, _ = _read_text(name)
    return cache.fetch(name, text, lambda: _read(name, 0))


@functools.lru_cache(maxsize=MOST_DRAWN)
def _draw(name: str, seed: int) -> Suite:
    return _read(name, seed)


def _read(name: str, seed: int) -> Suite:
    """Without a second look by central differences, which the tests take at every suite here."""
    text, file = _read_text(name)
    suite = read_suite(text, file, seed=seed, verify=False)
    if suite.name != name:
        raise SuiteError(file, f"the file is of the suite {suite.name}")
    return suite


def _read_text(name: str) -> tuple[str, str]:
    """A suite's file, and what it is called."""
    file = f"{name}.suite"
    if name not in names():
        raise SuiteError(file, f"there is no such suite; there are {', '.join(names())}")
    return (FOLDER / file).read_text(encoding="utf-8"), file
