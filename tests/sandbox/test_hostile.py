"""Every program in `hostile/` gets exactly the outcome in its header, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.corpus import FOLDER, Hostile, complaints, list_hostile
from worker.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@pytest.mark.parametrize("hostile", list_hostile(), ids=lambda hostile: hostile.name)
def test_a_hostile_program_gets_exactly_its_outcome_and_leaves_nothing(
    sandbox: Sandbox, hostile: Hostile
) -> None:
    assert complaints(sandbox, hostile) == []


def test_the_corpus_is_large_and_says_of_each_program_what_it_tries() -> None:
    files = sorted(FOLDER.glob("*.py"))
    assert len(files) >= 120
    assert all(file.read_text().startswith("# what: ") for file in files)


@pytest.fixture
def readable() -> Iterator[Path]:
    """A copy of the sandbox and its tests that every user can read."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy.chmod(0o755)
        shutil.copytree(ROOT / "worker", copy / "worker")
        shutil.copytree(ROOT / "tests" / "sandbox", copy / "tests" / "sandbox")
        yield copy


def python_for_nobody() -> str:
    """An interpreter that an ordinary user may run: root's own may be in root's home."""
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            subprocess.run([python, "-c", ""], check=True, user=NOBODY, group=NOBODY)
        except (OSError, subprocess.CalledProcessError):
            continue
        return python
    raise AssertionError("there is no python3 that an ordinary user may run")


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run as an ordinary user already")
def test_the_sandbox_holds_for_an_ordinary_user_too(readable: Path) -> None:
    done = subprocess.run(
        [python_for_nobody(), "-B", "-m", "tests.sandbox.corpus"],
        cwd=readable,
        env={"PYTHONPATH": str(readable)},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.endswith(f"user {NOBODY}\n")
