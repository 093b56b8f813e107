"""Every program in `hostile/` gets exactly the outcome in its header, and leaves nothing behind."""

from __future__ import annotations

import os
import sys

import pytest

from tests.worker.sandbox.corpus import FOLDER, Hostile, complaints, list_hostile
from tests.worker.sandbox.everywhere import CORPUS, NOBODY, can_run, readable, run_program
from worker.sandbox import Sandbox


@pytest.mark.parametrize("hostile", list_hostile(), ids=lambda hostile: hostile.name)
def test_a_hostile_program_gets_exactly_its_outcome_and_leaves_nothing(
    sandbox: Sandbox, hostile: Hostile
) -> None:
    assert complaints(sandbox, hostile) == []


def test_the_corpus_is_large_and_describes_each_program() -> None:
    files = sorted(FOLDER.glob("*.py"))
    assert len(files) >= 120
    assert all(file.read_text().startswith("# what: ") for file in files)


def python_for_nobody() -> str:
    """An interpreter that an ordinary user may run: root's own may be in root's home."""
    pythons = (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3")
    return next(python for python in pythons if can_run(python, NOBODY))


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests run as an ordinary user already")
def test_the_sandbox_works_for_an_ordinary_user_too() -> None:
    """Each third program of the corpus; `make corpus` runs all of them."""
    with readable() as folder:
        done = run_program(CORPUS, python_for_nobody(), NOBODY, folder, "3")
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.endswith(f"user {NOBODY}\n")
