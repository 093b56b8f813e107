"""Predictions that are kept in a file: they save time, and change nothing."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.grading.diagnosis.simulated import answers_of
from worker.grading.diagnosis import predictions as module
from worker.grading.diagnosis import tables
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.predictions import begin_with, predict
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.search import Search
from worker.suites import cache

SLIP = Model().with_rules(("tanh", "slope0", "1 - out"))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    monkeypatch.setattr(tables, "FIRST", 1)
    monkeypatch.setattr(tables, "EARLY", "tanh-alone")
    begin_with({})
    yield tmp_path
    begin_with({})


def test_the_table_is_computed_once_for_all_processes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runpy.run_module("worker.grading.diagnosis", run_name="__main__")
    known = dict(module._memo)
    assert len(known) > len(probes())
    assert [file.suffix for file in folder.iterdir() if "diagnosis" in file.name] == [
        ".predictions"
    ]
    monkeypatch.setattr(tables, "_make_table", lambda: pytest.fail("computed again"))
    begin_with({})
    tables.warm()
    assert module._memo == known


def test_a_search_finds_the_same_and_counts_the_same_with_a_table() -> None:
    observed = answers_of(SLIP)
    begin_with({})
    cold = Search(list(probes()), observed)
    found = cold.run()
    tables.warm()
    warm = Search(list(probes()), observed)
    assert warm.run() == found
    assert warm.runs == cold.runs


def test_the_memory_is_bounded_and_keeps_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    tables.warm()
    known = dict(module._memo)
    monkeypatch.setattr(module, "MOST_REMEMBERED", len(known) + 10)
    for number in range(50):
        predict(Model().with_rules(("tanh", "slope0", str(number))), probes()[0])
        predict(
            Model().with_rules(("*VV", "slope0", str(number))),
            next(probe for probe in probes() if probe.id == "product"),
        )
        assert len(module._memo) <= len(known) + 10
    assert known.items() <= module._memo.items()
