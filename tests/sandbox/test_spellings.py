"""Each way to spell an engine is taken in, and the account says what was found and left out."""

from __future__ import annotations

import re

import pytest

from tests.students import engine, names
from worker import suites
from worker.grade import grade
from worker.sandbox import Sandbox
from worker.scoring import Selection

EXAMPLE = suites.load("worked-example")


def lines(name: str, key: str) -> tuple[str, ...]:
    """What follows a key in the comments at an engine's head, a line each time."""
    return tuple(re.findall(rf"^# {key}: (.*)$", engine(name), re.MULTILINE))


@pytest.mark.parametrize("name", names("spellings"))
def test_an_engine_is_taken_in_however_it_is_spelled(sandbox: Sandbox, name: str) -> None:
    report = grade(engine(name), [Selection(suite=EXAMPLE, weight=10)], sandbox, seed=1)
    assert report.problem is None
    told = {c.id: c.message for c in report.suites[0].cases if c.verdict != "passed"}
    assert told.keys() <= ({"inner"} if "in_order" in name else set()), told
    found = report.interface
    assert found is not None
    account = [found.class_name or "-", found.data, found.grad, found.backward]
    assert (" | ".join(account),) == lines(name, "account")
    assert found.notes == lines(name, "note")
