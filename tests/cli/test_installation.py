"""No command works on a data folder that others may enter."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import cli
from service.cli.installation import read_settings
from service.settings import SettingsError
from tests.cli.conftest import Run


def test_a_command_closes_an_open_data_folder_and_says_so(run: Run, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "Now only yours can." in run("user", "list")
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert run("user", "list") == ""


@pytest.mark.usefixtures("run")
def test_an_open_folder_with_other_files_is_rejected(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "chainrule.db").rename(tmp_path / "thesis.tex")
    with pytest.raises(SettingsError, match="for Chainrule alone"):
        read_settings()


def test_every_command_and_every_process_reads_its_settings_like_that() -> None:
    files = Path(cli.__path__[0]).rglob("*.py")
    direct = [file.name for file in files if "Settings.from_env()" in file.read_text("utf-8")]
    assert direct == ["installation.py"]
