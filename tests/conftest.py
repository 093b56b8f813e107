"""Settings and markers of all tests."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import settings

from service.supervision import collector

# How long an example takes says more about the machine than about the code.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")

# As in a process of the service. Python's own choice takes a seventh of the time of these tests.
collector.collect_seldom()

HERE = Path(__file__).parent
MARKED_FOLDERS = {
    "browser": "browser",
    "cli": "sandbox",
    "compose": "heavy",
    "integration": "heavy",
    "service/store": "heavy",
    "worker/driver": "sandbox",
    "worker/grading": "sandbox",
    "worker/reference": "heavy",
    "worker/sandbox": "sandbox",
    "worker/suites": "heavy",
}
MARKED_FIXTURES = {"sandbox": "sandbox", "postgres": "heavy"}
WAITING_FOLDERS = ("integration", "storm", "service/web/front")  # they wait more than they compute


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder and by the fixtures that they use, and put files in order."""
    for item in items:
        for folder, name in MARKED_FOLDERS.items():
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(name)
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKED_FIXTURES:
                item.add_marker(MARKED_FIXTURES[fixture])
    items[:] = _spread(items)


def _spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """Put files that wait among those that compute, so that parallel processes use all cores."""
    waiting: list[list[pytest.Item]] = []
    computing: list[list[pytest.Item]] = []
    for path, found in itertools.groupby(items, key=lambda item: item.path):
        waits = any(path.is_relative_to(HERE / folder) for folder in WAITING_FOLDERS)
        (waiting if waits else computing).append(list(found))
    # All of them in the first three quarters: a long one at the end would run alone.
    distance = max(1, len(computing) * 3 // 4 // max(1, len(waiting)))
    spread: list[pytest.Item] = []
    for number, file in enumerate(computing):
        if number % distance == 0 and waiting:
            spread += waiting.pop(0)
        spread += file
    return spread + list(itertools.chain(*waiting))


def pytest_collection_finish() -> None:
    """Never collect what exists now, which is all modules, until a test of the driver ends that."""
    collector.freeze_objects()
