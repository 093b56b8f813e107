"""The driver changes the process that it runs in, so every test here puts it back."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _process_as_before() -> Iterator[None]:
    """Restores what the driver sets for a whole process."""
    limit, sleep = sys.getrecursionlimit(), time.sleep
    yield
    sys.setrecursionlimit(limit)
    time.sleep = sleep
