"""A suite's numbers are computed once for its text and the code, and never trusted when stale."""

from __future__ import annotations

import errno
import os
import pickle
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from worker.suites import cache, catalogue
from worker.suites.cases import Suite

RULES = catalogue.load("rules")


class Counting:
    """Computes the suite, and counts how often."""

    def __init__(self, suite: Suite = RULES) -> None:
        self.suite, self.times = suite, 0

    def __call__(self) -> Suite:
        self.times += 1
        return self.suite


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cache, "FOLDER", tmp_path / "kept")
    return tmp_path / "kept"


def test_a_suite_is_computed_once_for_all_processes() -> None:
    compute = Counting()
    assert cache.fetch("rules", "text", compute) == RULES
    again = cache.fetch("rules", "text", compute)
    assert again == RULES
    assert compute.times == 1
    bodies = [case.question.body for case in RULES.cases]
    assert [vars(case.question)["body"] for case in again.cases] == bodies


def test_a_changed_text_or_changed_code_is_computed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compute = Counting()
    cache.fetch("rules", "text", compute)
    cache.fetch("rules", "changed", compute)
    monkeypatch.setattr(cache, "hash_code", lambda: b"changed")
    cache.fetch("rules", "changed", compute)
    assert compute.times == 3


@pytest.mark.parametrize("damage", ["cut", "other", "empty"])
def test_a_damaged_file_is_computed_and_written_again(folder: Path, damage: str) -> None:
    compute = Counting()
    cache.fetch("rules", "text", compute)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    broken = {"cut": whole[:100], "other": whole[:32] + pickle.dumps("no suite"), "empty": b""}
    file.write_bytes(broken[damage])
    assert cache.fetch("rules", "text", compute) == RULES
    assert cache.fetch("rules", "text", compute) == RULES
    assert compute.times == 2
    assert file.read_bytes() == whole


def test_without_a_writable_folder_suites_are_computed(folder: Path) -> None:
    folder.write_text("in the way")
    compute = Counting()
    assert cache.fetch("rules", "text", compute) == RULES
    assert compute.times == 1


def test_no_partial_file_is_left_on_a_full_disk(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    assert cache.fetch("rules", "text", Counting()) == RULES
    assert list(folder.iterdir()) == []


def test_an_image_is_built_with_the_numbers_of_all_suites(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "names", lambda: ("worked-example", "rules", "state"))
    catalogue._load.cache_clear()
    runpy.run_module("worker.suites", run_name="__main__")
    kept = {file.name.partition(".")[0] for file in folder.iterdir()}
    assert kept == set(catalogue.names())


def loaded_by(module: str) -> set[Path]:
    """The files of the worker that Python itself loads when it imports a module."""
    program = (
        f"import sys, {module}\n"
        "for name, loaded in list(sys.modules.items()):\n"
        "    if name.partition('.')[0] == 'worker': print(loaded.__file__)"
    )
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, cwd=cache.ROOT, check=True, capture_output=True, text=True)
    return {Path(line) for line in said.stdout.splitlines()}


def test_the_key_covers_all_code_that_the_reader_loads() -> None:
    loaded = loaded_by(cache.READER)
    assert len(loaded) > 10
    assert loaded <= set(map(Path, cache.find_sources(str(cache.ROOT), cache.READER)))


def test_a_change_in_any_of_that_code_changes_the_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(cache.ROOT / "worker", tmp_path / "worker")
    monkeypatch.setattr(cache, "ROOT", tmp_path)
    before = cache.hash_sources.__wrapped__(cache.READER)
    for file in map(Path, cache.find_sources(str(tmp_path), cache.READER)):
        text = file.read_bytes()
        file.write_bytes(text + b"# changed\n")
        assert cache.hash_sources.__wrapped__(cache.READER) != before, file
        file.write_bytes(text)
    assert cache.hash_sources.__wrapped__(cache.READER) == before


def test_other_code_does_not_change_the_key() -> None:
    names = {Path(file).name for file in cache.find_sources(str(cache.ROOT), cache.READER)}
    assert "judge.py" not in names
    assert "tasks.py" not in names


@pytest.mark.parametrize(
    "line",
    [
        "from worker.a import name",
        "from worker import a",
        "from worker.a import (\n    one,\n    two,\n)",
        "def late():\n    from worker.a import name",
    ],
)
def test_every_way_to_import_is_followed(tmp_path: Path, line: str) -> None:
    (tmp_path / "worker").mkdir()
    for name, text in {"__init__": "", "a": "name = 1", "start": line, "other": ""}.items():
        (tmp_path / "worker" / f"{name}.py").write_text(text)
    found = {Path(file).stem for file in cache.find_sources(str(tmp_path), "worker.start")}
    assert found == {"__init__", "a", "start"}
