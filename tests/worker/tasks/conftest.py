"""A worker's slot, and a sandbox that fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.store.base import Base
from service.telemetry import logs
from worker import tasks
from worker.sandbox import Sandbox, SandboxError


@pytest.fixture(autouse=True)
def outside_of_requests() -> None:
    """A test client of another test leaves the id of its last request in this thread."""
    logs.forget()


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[tasks.Slot]:
    """A worker's slot on empty books."""
    settings = Settings.from_env(
        {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "s" * 48}
    )
    slot = tasks.Slot.open(settings)
    Base.metadata.create_all(slot.engine)
    yield slot
    slot.close()


@pytest.fixture
def broken() -> Iterator[Sandbox]:
    """A sandbox whose zygote cannot be had."""

    class Broken(Sandbox):
        def session(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise SandboxError("the zygote is gone")

    with Broken() as sandbox:
        yield sandbox
