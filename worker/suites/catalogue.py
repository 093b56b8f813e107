"""The suites that come with Chainrule: every file `shipped/NAME.suite`.

To add a suite, add its file. Its `# order:` heading says where lists show it.
"""

from __future__ import annotations

import functools
from pathlib import Path

from worker.suites import cache
from worker.suites.cases import Outline, Suite, SuiteError
from worker.suites.format.reader import read_outline, read_position, read_suite

FOLDER = Path(__file__).parent / "shipped"
MAX_RANDOM_SUITES = 64  # kept in memory; all submissions to an assignment may share one seed


@functools.cache
def names() -> tuple[str, ...]:
    """The names of all suites, in the order in which lists show them."""
    positions = {}
    for file in sorted(FOLDER.glob("*.suite")):
        name, positions[file.stem] = read_position(read_text(file.stem), file.name)
        if name != file.stem:
            raise SuiteError(file.name, f"the file is named {file.stem}, its suite {name}")
    return tuple(sorted(positions, key=lambda name: positions[name]))


def load(name: str, seed: int = 0) -> Suite:
    """A suite with its expected numbers. They are computed once per version and then cached.

    The seed matters only for a suite of random graphs. Raises SuiteError for an unknown name and
    for a file with an error in it.
    """
    suite = _load(name)
    return _load_random(name, seed) if suite.random and seed else suite


@functools.cache
def outline(name: str) -> Outline:
    """A suite's title, points and number of cases, without computing any numbers."""
    require_known(name)
    return read_outline(read_text(name), f"{name}.suite")


@functools.cache
def _load(name: str) -> Suite:
    require_known(name)
    return cache.fetch(name, read_text(name), lambda: _load_random(name, 0))


@functools.lru_cache(maxsize=MAX_RANDOM_SUITES)
def _load_random(name: str, seed: int) -> Suite:
    # The tests confirm the numbers by central differences; a worker needn't.
    return read_suite(read_text(name), f"{name}.suite", seed=seed, verify=False)


@functools.cache
def read_text(name: str) -> str:
    """The text of a shipped suite's file."""
    return (FOLDER / f"{name}.suite").read_text(encoding="utf-8")


def require_known(name: str) -> None:
    """Raises SuiteError for a name that no shipped suite has."""
    if name not in names():
        raise SuiteError(
            f"{name}.suite", f"there is no such suite; the suites are {', '.join(names())}"
        )
