"""A suite's outline needs none of its numbers."""

from __future__ import annotations

import pytest

from worker.suites import catalogue
from worker.suites.cases import SuiteError
from worker.suites.format.reader import read_outline


@pytest.mark.parametrize("name", catalogue.names())
def test_an_outline_agrees_with_its_suite(name: str) -> None:
    result, suite = catalogue.outline(name), catalogue.load(name)
    assert (result.name, result.title, result.about) == (suite.name, suite.title, suite.about)
    assert (result.version, result.weight) == (suite.version, suite.weight)
    assert result.cases == len(suite.cases)


def test_an_outline_computes_no_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the reference engine was asked")

    monkeypatch.setattr("worker.suites.format.programs.consult", refuse)
    catalogue.outline.cache_clear()
    assert all(catalogue.outline(name).cases > 0 for name in catalogue.names())


def test_an_unknown_suite_has_no_outline() -> None:
    with pytest.raises(SuiteError, match="there is no such suite"):
        catalogue.outline("../secret")


def test_a_suite_without_a_weight_has_no_outline() -> None:
    with pytest.raises(SuiteError, match="weight"):
        read_outline(
            "# suite: a\n# title: A\n# about: B\n# version: 1\n# case: c\nx = 1", "a.suite"
        )
