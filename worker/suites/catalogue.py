"""The suites that come with Chainrule: every file `shipped/NAME.suite`.

To add a suite, add its file. Its `# order:` heading says where lists show it.
"""

from __future__ import annotations

import functools
from pathlib import Path

from worker.suites import cache
from worker.suites.cases import Outline, Suite, SuiteError
from worker.suites.format.reader import read_outline, read_suite

FOLDER = Path(__file__).parent / "shipped"
MAX_RANDOM_SUITES = 64  # kept in memory; all submissions to an assignment may share one seed


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all suites, in the order in which lists show them."""
    outlines = [_read_outline(file) for file in sorted(FOLDER.glob("*.suite"))]
    return tuple(each.name for each in sorted(outlines, key=lambda each: each.order))


def load(name: str, seed: int = 0) -> Suite:
    """A suite with its expected numbers. They are computed once per version and then cached.

    The seed matters only for a suite of random graphs. Raises SuiteError for an unknown name and
    for a file with an error in it.
    """
    suite = _load(name)
    return _load_random(name, seed) if suite.drawn and seed else suite


def outline(name: str) -> Outline:
    """A suite's title, points and number of cases, without computing any numbers."""
    _require_known(name)
    return _read_outline(FOLDER / f"{name}.suite")


@functools.cache
def _read_outline(file: Path) -> Outline:
    found = read_outline(file.read_text(encoding="utf-8"), file.name)
    if found.name != file.stem:
        raise SuiteError(file.name, f"the file is named {file.stem}, its suite {found.name}")
    return found


@functools.cache
def _load(name: str) -> Suite:
    text, _ = _read_text(name)
    return cache.fetch(name, text, lambda: _read(name, 0))


@functools.lru_cache(maxsize=MAX_RANDOM_SUITES)
def _load_random(name: str, seed: int) -> Suite:
    return _read(name, seed)


def _read(name: str, seed: int) -> Suite:
    """Reads the file without the check by central differences, which the tests make instead."""
    text, file = _read_text(name)
    return read_suite(text, file, seed=seed, verify=False)


def _read_text(name: str) -> tuple[str, str]:
    """The text of a suite's file, and the file's name."""
    _require_known(name)
    file = FOLDER / f"{name}.suite"
    return file.read_text(encoding="utf-8"), file.name


def _require_known(name: str) -> None:
    if name not in names():
        raise SuiteError(
            f"{name}.suite", f"there is no such suite; the suites are {', '.join(names())}"
        )
