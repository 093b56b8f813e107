"""Fixtures: the stack, started once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.compose import images
from tests.compose.engine import Docker, engine
from tests.compose.stack import Stack, brought_up


@pytest.fixture(scope="session")
def docker() -> Iterator[Docker]:
    """A Docker engine."""
    with engine() as found:
        yield found


@pytest.fixture(scope="session")
def stack(docker: Docker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack, healthy, with a course and an assignment."""
    folder = tmp_path_factory.mktemp("compose") / "chainrule"
    with brought_up(docker, folder, images.settings(docker)) as stack:
        yield stack
