"""Runs `chainrule` commands on a new database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.settings import Settings
from service.store.schema import upgrade


class Run:
    """A command's output; `status` is the exit code that it must have, `typed` its input."""

    def __call__(self, *command: str, status: int = 0, typed: str = "") -> str:
        result = CliRunner().invoke(cli, command, input=typed, catch_exceptions=False)
        assert result.exit_code == status, result.output
        return result.output


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the current schema."""
    folder = tmp_path_factory.mktemp("blank")
    upgrade(Settings.from_env(_environ(folder)))
    return folder / "chainrule.db"


@pytest.fixture
def run(tmp_path: Path, blank: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands on an empty database."""
    for name, value in _environ(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CHAINRULE_DATABASE_URL", raising=False)
    shutil.copy(blank, tmp_path)
    return Run()


def _environ(folder: Path) -> dict[str, str]:
    return {"CHAINRULE_DATA_DIR": str(folder), "CHAINRULE_SECRET_KEY": "s" * 48}
