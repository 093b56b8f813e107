"""What a suite is called and worth can be told without computing its numbers."""

from __future__ import annotations

import pytest

from worker import suites
from worker.suites import SuiteError, read_outline


@pytest.mark.parametrize("name", suites.names())
def test_an_outline_says_what_the_suite_itself_says(name: str) -> None:
    told, suite = suites.outline(name), suites.load(name)
    assert (told.name, told.title, told.about) == (suite.name, suite.title, suite.about)
    assert (told.version, told.weight) == (suite.version, suite.weight)
    assert told.cases == len(suite.cases)


def test_an_outline_computes_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the reference engine was asked")

    monkeypatch.setattr("worker.suites.programs.consult", refuse)
    suites.outline.cache_clear()
    assert all(suites.outline(name).cases > 0 for name in suites.names())


def test_an_unknown_suite_has_no_outline() -> None:
    with pytest.raises(SuiteError, match="there is no such suite"):
        suites.outline("../secret")


def test_a_suite_without_a_weight_has_no_outline() -> None:
    with pytest.raises(SuiteError, match="weight"):
        read_outline(
            "# suite: a\n# title: A\n# about: B\n# version: 1\n# case: c\nx = 1", "a.suite"
        )
