"""Mutants of the reference engine: a suite that gives points catches each that can be caught."""

from __future__ import annotations

from tests.strength.grading import selections
from tests.strength.mutants import JUDGED, passes, read_equivalent, run_mutants
from tests.strength.mutations import build, make_mutants


def test_every_mutant_is_caught_or_explained_as_equivalent() -> None:
    outcome = run_mutants(item.suite for item in selections() if item.weight)
    assert outcome.made >= 1_000
    assert set(outcome.survivors) == set(read_equivalent())


def test_a_mutant_differs_from_the_reference_by_its_slip_alone() -> None:
    mutant = next(one for one in make_mutants() if one.function == "tanh")
    value = build(mutant, lambda: None)
    cases = [case for item in selections() if item.weight for case in item.suite.cases]
    judged = [case for case in cases if case.kind in JUDGED and "tanh" not in case.graph.program]
    assert all(passes(value, case) for case in judged if len(case.graph.steps) < 50)


def test_every_equivalent_mutant_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in read_equivalent().values())


def test_mutants_survive_if_no_case_tests_their_mistake() -> None:
    example = [item.suite for item in selections() if item.suite.name == "worked-example"]
    survivors = set(run_mutants(example).survivors)
    mutant = "{}: return Value(self.data + other.data, (self, other), ({}))"
    assert mutant.format("__sub__", "1.0, -1.0") in survivors
    assert mutant.format("__mul__", "other.data, self.data") not in survivors
