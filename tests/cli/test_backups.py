"""`chainrule db backup`, `db restore` and `key`: one file moves a whole installation."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import cli
from service.embedded.data_folder import EmbeddedError, prepare, sole_user
from service.operations.errors import OperationError
from service.settings import Settings
from service.submissions.receipts import Receipts
from tests.cli.conftest import Run

Use = Callable[[str], Path]  # names a data folder, which commands then use


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Use:
    """Uses a data folder with a generated key."""
    for name in ("SECRET_KEY", "DATABASE_URL", "BROKER_URL"):
        monkeypatch.delenv(f"CHAINRULE_{name}", raising=False)

    def use_folder(name: str) -> Path:
        folder = tmp_path / name
        monkeypatch.setenv("CHAINRULE_DATA_DIR", str(folder))
        return folder

    return use_folder


@pytest.fixture
def school(use: Use) -> Path:
    """A data folder with an account in its database."""
    folder = use("school")
    prepare({"CHAINRULE_DATA_DIR": str(folder)})
    Run()("db", "upgrade")
    Run()("course", "add", "ml", "--title", "ML")
    Run()("user", "add", "ada@example.edu", "--name", "Ada", "--course", "ml", "--role", "student")
    return folder


def test_a_backup_moves_an_installation_with_its_key_to_another_folder(
    school: Path, use: Use, tmp_path: Path
) -> None:
    file = tmp_path / "monday.backup"
    shown = Run()("db", "backup", str(file))
    assert "Backed up 1 account, 1 course and 0 submissions." in shown
    assert "Keep the file private" in shown
    assert "and the secret key of this installation" in shown
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    moved = use("moved")
    assert "Restored 1 account" in Run()("db", "restore", str(file))
    assert "ada@example.edu" in Run()("user", "list")
    for name in ("secret.key", "chainrule.db"):
        assert stat.S_IMODE((moved / name).stat().st_mode) == 0o600
    assert (moved / "secret.key").read_text() == (school / "secret.key").read_text()


def test_a_backup_without_the_key_says_what_receipts_need(
    school: Path, use: Use, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    assert "The secret key is not in it" in Run()("db", "backup", str(file), "--without-secret-key")
    assert "has no secret key" in Run()("key", "show-backup", str(file), status=2)
    moved = use("moved")
    shown = Run()("db", "restore", str(file))
    assert "Add the earlier key to CHAINRULE_OLD_SECRET_KEYS" in shown
    assert (moved / "secret.key").read_text() != (school / "secret.key").read_text()


@pytest.mark.usefixtures("school")
def test_an_installation_keeps_its_own_key_and_verifies_receipts_of_the_backup(
    use: Use, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    Run()("db", "backup", str(file))
    theirs = Settings.from_env().secret_key
    moved = use("moved")
    prepare({"CHAINRULE_DATA_DIR": str(moved)})
    own = (moved / "secret.key").read_text()
    Run()("db", "restore", str(file))
    assert (moved / "secret.key").read_text() == own
    assert Settings.from_env().old_secret_keys == (theirs,)


@pytest.mark.usefixtures("school")
def test_a_key_of_the_environment_is_not_in_the_backup(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CHAINRULE_SECRET_KEY", "e" * 40)
    file = tmp_path / "backup"
    assert "The secret key is not in it" in Run()("db", "backup", str(file))
    shown = Run()("key", "rotate", status=2)
    assert "put the present key first in CHAINRULE_OLD_SECRET_KEYS" in shown


@pytest.mark.usefixtures("school")
def test_a_backup_can_be_piped(use: Use) -> None:
    command = [sys.executable, "-m", "service.cli", "db"]
    written = subprocess.run([*command, "backup", "-"], capture_output=True, check=True)
    assert b"Keep the file private" in written.stderr
    use("moved")
    piped = subprocess.run(
        [*command, "restore", "-"], input=written.stdout, capture_output=True, check=True
    )
    assert b"Restored 1 account" in piped.stdout
    assert "ada@example.edu" in Run()("user", "list")


@pytest.mark.usefixtures("school")
def test_a_restore_needs_the_service_to_be_stopped(tmp_path: Path) -> None:
    file = tmp_path / "backup"
    Run()("db", "backup", str(file))
    with sole_user(Settings.from_env()):
        for command in (["db", "restore", str(file), "--replace"], ["key", "rotate"]):
            result = CliRunner().invoke(cli, command)
            assert isinstance(result.exception, EmbeddedError)
            assert "already running" in str(result.exception)
    result = CliRunner().invoke(cli, ["db", "restore", str(file)])
    assert isinstance(result.exception, OperationError)
    assert "The database from before is kept:" in Run()("db", "restore", str(file), "--replace")


@pytest.mark.usefixtures("school")
def test_a_backup_needs_a_database_and_a_restore_a_file(use: Use, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    assert "No such file" in Run()("db", "restore", str(missing), status=2)
    result = CliRunner().invoke(cli, ["db", "backup", str(tmp_path / "no" / "backup")])
    assert "can't be written: No such file" in str(result.exception)
    prepare({"CHAINRULE_DATA_DIR": str(use("empty"))})
    assert "There is no database at" in Run()("db", "backup", str(missing), status=2)
    assert not missing.exists()


def test_a_restore_that_runs_out_of_space_leaves_the_database_as_before(
    school: Path, tmp_path: Path
) -> None:
    file = tmp_path / "backup"
    Run()("db", "backup", str(file))
    Run()("course", "change", "ml", "--title", "Changed since")
    code = (
        "import resource\n"
        "from service.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "main()\n"
    )
    command = [sys.executable, "-c", code, "db", "restore", str(file), "--replace"]
    limited = subprocess.run(command, capture_output=True, text=True, check=False)
    assert limited.returncode == 2
    assert "The database can't be used (" in limited.stderr
    assert "Changed since" in Run()("course", "list")
    assert not list(school.glob("*.restoring*"))


def test_a_rotated_key_signs_and_old_ones_verify(school: Path, tmp_path: Path) -> None:
    before = Settings.from_env()
    assert "Everybody signs in again" in Run()("key", "rotate")
    Run()("key", "rotate")
    after = Settings.from_env()
    assert after.secret_key not in after.old_secret_keys
    assert len(after.old_secret_keys) == 2
    assert after.old_secret_keys[-1] == before.secret_key
    for name in ("secret.key", "old-secret.keys"):
        assert stat.S_IMODE((school / name).stat().st_mode) == 0o600
    published = Receipts(after.secret_key, after.old_secret_keys).keys["keys"]
    assert len({key["kid"] for key in published}) == 3
    assert published[0]["kid"] == Receipts(after.secret_key).key_id
    file = tmp_path / "backup"
    Run()("db", "backup", str(file))
    all_keys = (after.secret_key, *after.old_secret_keys)
    assert Run()("key", "show-backup", str(file)) == ",".join(all_keys) + "\n"
