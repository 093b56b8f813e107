"""A short storm over each form of the service. `make storm` has long ones."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.storm.storm import SHORT, run
from tests.storm.strikes import ANY, plan


@pytest.mark.heavy
@pytest.mark.sandbox
@pytest.mark.parametrize("form", ["embedded", "production"])
def test_whatever_is_killed_every_accepted_submission_is_graded_exactly_once(
    form: str, tmp_path: Path
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")  # pytest shows it when the test fails

    result = run(form, SHORT, seed, tmp_path / form)

    assert result.complaints == []
    assert result.accepted >= SHORT.files + SHORT.flood
    assert sum(result.kills.values()) == SHORT.strikes
    assert result.doubled


def test_a_seed_gives_the_same_strikes_again() -> None:
    kinds = ("slot", "web", "redis")
    strikes = plan(random.Random(5), kinds, 42)
    assert strikes == plan(random.Random(5), kinds, 42)
    assert strikes != plan(random.Random(6), kinds, 42)
    assert all(sum(strike.kind == kind for strike in strikes) == 14 for kind in kinds)
    assert sum(strike.moment != ANY for strike in strikes) == 14
