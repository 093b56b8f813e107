"""Mutants of every form of every operation: the suites that give points catch them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.strength.forms.engine import TRAVERSALS, build, write_engine
from tests.strength.forms.mistakes import Kind, make_mutants
from tests.strength.forms.random_graphs import find_difference
from tests.strength.forms.report import MOST_EXPLAINED, read_explained
from tests.strength.forms.run import find_forms, index_cases, run_mutants
from tests.strength.forms.table import FORMS
from tests.strength.grading import grade_all, selections
from tests.strength.mutants import passes
from worker.sandbox import Sandbox

CONVENTIONS = {"x ** y", "x **= y"}  # correct engines differ: a suite may leave them out
WEIGHTED = [item.suite for item in selections() if item.weight]


@pytest.mark.parametrize("traversal", TRAVERSALS)
def test_the_engine_without_a_mistake_passes_everything(traversal: str) -> None:
    value = build(traversal)
    cases = dict(pair for pairs in index_cases(WEIGHTED).values() for pair in pairs)
    assert [name for name, case in cases.items() if not passes(value, case)] == []


def test_the_engine_without_a_mistake_has_full_marks_in_the_sandbox() -> None:
    with Sandbox() as sandbox:
        report = grade_all(write_engine("left first"), sandbox)
    assert report.score == report.max_score


def test_every_form_has_mutants_of_most_kinds() -> None:
    mutants = list(make_mutants())
    assert len({mutant.name for mutant in mutants}) == len(mutants) >= 2_000
    kinds = Counter(mutant.form.name for mutant in mutants)
    assert set(kinds) == {form.name for form in FORMS}
    for form in FORMS:
        found = {mutant.kind for mutant in mutants if mutant.form is form}
        assert {Kind.ASSIGNS, Kind.DROPS, Kind.UPSTREAM, Kind.OPERANDS, Kind.SLOPE} <= found


def test_the_suites_catch_mutants_of_every_form() -> None:
    outcome = run_mutants(WEIGHTED)
    assert set(outcome.untested) <= CONVENTIONS
    unexplained = outcome.survivors.keys() - read_explained().keys()
    assert unexplained == set()


def test_few_mutants_are_explained_and_each_has_a_reason() -> None:
    explained = read_explained()
    made = {mutant.name for mutant in make_mutants()}
    assert explained.keys() <= made
    assert len(explained) <= MOST_EXPLAINED * len(made)
    assert all(len(reason) > 20 for reason in explained.values())


def test_a_form_that_no_case_has_is_untested() -> None:
    form = next(form for form in FORMS if form.name == "sin(x)")
    key = form.operation, form.shape
    others = [
        replace(
            suite, cases=tuple(case for case in suite.cases if key not in find_forms(case.graph))
        )
        for suite in WEIGHTED
    ]
    outcome = run_mutants(others, [form])
    assert outcome.untested == ["sin(x)"]
    assert outcome.mutants == []


def test_a_mutant_survives_if_its_form_is_tested_alone_and_not_reused() -> None:
    form = next(form for form in FORMS if form.name == "sin(x)")
    alone = [
        replace(suite, cases=tuple(case for case in suite.cases if len(case.graph.nodes) == 2))
        for suite in WEIGHTED
    ]
    outcome = run_mutants(alone, [form])
    assert "sin(x): to_self: self.grad = math.cos(self.data) * out.grad" in outcome.survivors
    assert "sin(x): to_self: self.grad += math.cos(self.data)" in outcome.survivors
    assert "sin(x): to_self: self.grad += -math.cos(self.data) * out.grad" in outcome.killers


@pytest.mark.no_cover
def test_random_graphs_show_a_mistake_that_is_in_the_engine() -> None:
    by_name = {mutant.name: mutant for mutant in make_mutants()}
    program = find_difference(
        by_name["relu(x): to_self: if self.data < 0: self.grad = 0.0"], "by age"
    )
    assert program is not None
    assert "relu(" in program
    harmless = by_name["relu(x): to_self: self.grad += (out.data > 0) * out.grad"]
    assert find_difference(harmless, "by age") is None
