"""A hundred thousand hostile answers: no exception past the reader, and no more than the cap."""

from __future__ import annotations

import platform
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.worker.sandbox.fuzzing import CAP, LENGTH, mutate, swallow
from worker.sandbox.host.frames import FrameReader
from worker.sandbox.host.pipes import CHUNK

ROOT = Path(__file__).resolve().parents[3]
MUTATED, DRAWN, HUNTED = 100_000, 2_000, 50_000


def test_a_hundred_thousand_mutated_answers_raise_nothing_and_stay_under_the_cap() -> None:
    chance = random.Random(20_260)
    for number in range(MUTATED):
        data = mutate(chance)
        piece = chance.choice((1 + len(data) // 3, 2**16))
        assert swallow(data, piece) <= CAP + LENGTH, (number, data)


@settings(max_examples=DRAWN)
@given(st.binary(max_size=3 * CAP), st.integers(1, 2 * CAP), st.booleans())
def test_bytes_from_hypothesis_raise_nothing_and_stay_under_the_cap(
    data: bytes, piece: int, announced: bool
) -> None:
    length = len(data).to_bytes(LENGTH, "big") if announced else b""
    assert swallow(length + data, piece) <= CAP + LENGTH


@pytest.mark.skipif(
    platform.machine() != "x86_64",
    reason="atheris has wheels for x86_64 alone; Hypothesis draws bytes elsewhere",
)
def test_bytes_that_atheris_finds_raise_nothing_and_stay_under_the_cap(tmp_path: Path) -> None:
    options = (str(tmp_path), f"-artifact_prefix={tmp_path}/", f"-runs={HUNTED}", "-seed=1")
    done = subprocess.run(
        [sys.executable, "-B", "-m", "tests.worker.sandbox.hunting", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"Done {HUNTED} runs" in done.stderr, done.stderr
    assert done.returncode == 0


def test_a_flood_of_a_hundred_megabytes_takes_no_more_memory_than_the_cap() -> None:
    cap, flood = 2**20, bytes(CHUNK)
    for announced in (0, cap, cap + 1, 2**32 - 1):
        reader = FrameReader(cap)
        tracemalloc.start()
        reader.feed(announced.to_bytes(LENGTH, "big"))
        for _ in range(100 * 2**20 // CHUNK):
            reader.feed(flood)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert reader.flooded
        assert peak <= cap * 5 // 4, announced  # a growing buffer is kept a little larger


def test_mutated_answers_need_little_memory() -> None:
    chance = random.Random(7)
    answers = [mutate(chance) for _ in range(5_000)]
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for data in answers:
        swallow(data, 2**16)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak <= 32 * CAP + CHUNK  # what JSON of that size can become, at the very most
