"""Settings and markers of all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from service.supervision import collector

# How long an example takes says more about the machine than about the code.
settings.register_profile("chainrule", deadline=None)
settings.load_profile("chainrule")

# As in a process of the service. Python's own choice takes a seventh of the time of these tests.
collector.search_seldom()

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by their folder and by the fixtures that they use."""
    for item in items:
        for folder, name in MARKED_FOLDERS.items():
            if item.path.is_relative_to(HERE / folder):
                item.add_marker(name)
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKED_FIXTURES:
                item.add_marker(MARKED_FIXTURES[fixture])


def pytest_collection_finish() -> None:
    """Don't search all modules and tests for unused objects again and again."""
    collector.leave_out_what_is_there()
