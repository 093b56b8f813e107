"""A sandbox for the tests, made once: its sessions share nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.worker.sandbox.corpus import SECRET
from worker.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox that was started by a process with a secret in its environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAINRULE_SECRET_KEY", SECRET)
        with Sandbox() as made:
            yield made
