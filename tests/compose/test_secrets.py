"""Secrets come only from the `.env` that `make env` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compose.engine import Docker, run
from tests.compose.images import ROOT
from tests.compose.stack import copy_sources

SECRETS = {"CHAINRULE_SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A fresh copy of the sources."""
    copy_sources(tmp_path / "chainrule")
    return tmp_path / "chainrule"


def drawn(folder: Path) -> dict[str, str]:
    """The settings in the .env of a folder."""
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def test_without_secrets_compose_fails_with_a_message_that_says_what_to_do(
    docker: Docker, sources: Path
) -> None:
    config: list[str | Path] = [*docker.compose(), "config"]
    with pytest.raises(AssertionError, match="make env"):
        run(config, cwd=sources, env=docker.environ())

    run(["make", "env"], cwd=sources)
    run(config, cwd=sources, env=docker.environ())


@pytest.mark.parametrize("secret", sorted(SECRETS))
def test_each_secret_is_required(docker: Docker, sources: Path, secret: str) -> None:
    run(["make", "env"], cwd=sources)
    others = "".join(f"{key}={text}\n" for key, text in drawn(sources).items() if key != secret)
    (sources / ".env").write_text(others)

    with pytest.raises(AssertionError, match="make env"):
        run([*docker.compose(), "config"], cwd=sources, env=docker.environ())


def test_make_env_generates_private_secrets_once(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
        run([ROOT / "tools" / "make-env"], cwd=folder)
    one, other = (drawn(folder) for folder in folders)
    again = run([ROOT / "tools" / "make-env"], cwd=folders[0])

    assert (folders[0] / ".env").stat().st_mode & 0o777 == 0o600
    assert all(len(one[secret]) >= 48 and one[secret] != other[secret] for secret in SECRETS)
    assert len({one[secret] for secret in SECRETS}) == len(SECRETS)
    assert "kept" in again
    assert drawn(folders[0]) == one
