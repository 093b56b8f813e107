"""A sandbox for the tests, made once, and a process that every test leaves as it was."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from tests.support.clock import clock_put_back
from tests.worker.sandbox.corpus import SECRET
from worker.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that was started by a process with a secret in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAINRULE_SECRET_KEY", SECRET)
        made = Sandbox()
    with made:
        yield made


@pytest.fixture(autouse=True)
def _process_as_before() -> Iterator[None]:
    """Restores what the driver, and programs that tests execute, set for a whole process."""
    limit = sys.getrecursionlimit()
    with clock_put_back():
        yield
    sys.setrecursionlimit(limit)
