"""Runs `chainrule` commands on a new database."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli


class Run:
    """A command's output; `status` is the exit code that it must have, `typed` its input."""

    def __call__(self, *command: str, status: int = 0, typed: str = "") -> str:
        result = CliRunner().invoke(cli, command, input=typed, catch_exceptions=False)
        assert result.exit_code == status, result.output
        return result.output


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands on an empty database."""
    monkeypatch.setenv("CHAINRULE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CHAINRULE_SECRET_KEY", "s" * 48)
    monkeypatch.delenv("CHAINRULE_DATABASE_URL", raising=False)
    run = Run()
    run("db", "upgrade")
    return run
