"""Help texts, and messages on a machine where a command can't work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import cli
from tests.cli.conftest import Run


def groups() -> list[str]:
    """The names of commands that have subcommands."""
    return [name for name, command in cli.commands.items() if isinstance(command, click.Group)]


@pytest.mark.parametrize("name", ["", *groups()])
def test_every_command_is_listed_with_a_whole_sentence(name: str) -> None:
    printed = CliRunner().invoke(cli, [*name.split(), "--help"], terminal_width=80).output
    listed = printed.partition("Commands:\n")[2].splitlines()
    assert listed
    assert [line for line in listed if not line.endswith(".") or line.endswith("...")] == []


def test_the_message_for_something_unknown_does_not_mention_usage(run: Run) -> None:
    for command in ("token list a@example.edu", "assignment add none a --title A", "check none.py"):
        printed = run(*command.split(), status=2)
        assert printed.startswith("Error: ")
        assert printed.count("\n") == 1


def chainrule(folder: Path, *command: str) -> str:
    """The stderr of a command that must fail."""
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *command],
        env={**os.environ, "CHAINRULE_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_a_data_folder_that_cannot_be_created_has_a_message() -> None:
    printed = chainrule(Path("/proc/none"), "up")
    assert printed.startswith("chainrule: /proc/none can't be used: ")
    assert "CHAINRULE_DATA_DIR" in printed
    assert "Traceback" not in printed


def test_a_damaged_database_has_a_message(tmp_path: Path) -> None:
    (tmp_path / "chainrule.db").write_bytes(b"no database" * 1000)
    for command in ("up", "user list", "db upgrade"):
        printed = chainrule(tmp_path, *command.split())
        assert printed.startswith("chainrule: The database can't be read (file is not a database).")
        assert printed.count("\n") == 1
