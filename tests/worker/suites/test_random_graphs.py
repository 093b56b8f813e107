"""Random graphs: drawn from a seed, fit to judge by, and unlike from seed to seed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.graph import parse
from worker.reference.engine import evaluate
from worker.reference.floats import IN_SINGLE
from worker.suites import catalogue
from worker.suites.cases import SuiteError
from worker.suites.format.programs import is_fit
from worker.suites.format.reader import read_suite
from worker.suites.random_graphs import Plan, generate_programs, parse_plan
from worker.suites.rules import CHAIN, REUSE, SEED, SHARED, find_rules
from worker.suites.validation import consult, find_disagreement, find_fault, is_sharp

HEAD = "# suite: r\n# title: R\n# version: 1\n# about: A.\n# weight: 1\n"


@pytest.mark.no_cover  # it would take most of the time
@given(seed=st.integers(0, 2**31))
@settings(max_examples=25)
def test_every_random_graph_can_test_an_engine(seed: int) -> None:
    for drawn in generate_programs(Plan(12, 3, 60), str(seed), is_fit):
        oracle = consult(parse(drawn.text))
        assert find_fault(oracle) is None
        assert find_disagreement(oracle) is None
        assert is_sharp(consult(oracle.graph, IN_SINGLE))
        assert len(oracle.reached) == len(oracle.graph.nodes)


def test_a_graph_that_is_not_fit_is_generated_again() -> None:
    refused: list[str] = []

    def is_second(program: str) -> bool:
        refused.append(program)
        return len(refused) % 2 == 0

    drawn = [one.text for one in generate_programs(Plan(3, 3, 9), "7", is_second)]
    assert drawn == refused[1::2]
    assert not set(drawn) & set(refused[::2])


@given(seed=st.integers(0, 2**31))
@settings(max_examples=10)
def test_no_two_numbers_of_a_random_graph_are_equal(seed: int) -> None:
    for drawn in generate_programs(Plan(6, 3, 60), str(seed), is_fit):
        numbers = evaluate(parse(drawn.text)).data
        assert len(set(numbers)) == len(numbers)


def test_the_same_seed_gives_the_same_graphs_and_another_seed_others() -> None:
    def programs(seed: int) -> list[str]:
        return [case.graph.program for case in catalogue.load("random", seed).cases]

    assert programs(11) == programs(11)
    assert not set(programs(11)) & set(programs(12))


def test_a_seed_gives_the_same_graphs_in_every_version_of_python() -> None:
    drawn = generate_programs(Plan(12, 3, 60), "1", is_fit)
    digest = hashlib.sha256("".join(one.text for one in drawn).encode()).hexdigest()
    # Another digest is another suite: give it a new version.
    assert (catalogue.load("random", 1).version, digest[:16]) == ("5", "95d8f6b9b3ef331a")


def test_a_random_suite_is_cached_by_seed_and_others_by_name() -> None:
    assert catalogue.load("random", 11) is catalogue.load("random", 11)
    assert catalogue.load("rules", 11) is catalogue.load("rules")


def test_sizes_grow_from_the_fewest_to_the_most() -> None:
    sizes = [len(case.graph.nodes) for case in catalogue.load("random", 5).cases]
    assert sizes == sorted(sizes)
    assert sizes[0] <= 4
    assert abs(sizes[-1] - 60) <= 1


def test_random_graphs_use_values_again_and_no_numbers_but_exponents() -> None:
    rules = [find_rules(case.graph) for case in catalogue.load("random", 5).cases]
    operations = {"addition", "subtraction", "multiplication", "division", "power", "tanh"}
    assert frozenset().union(*rules) <= operations | {SEED, CHAIN, REUSE, SHARED}
    assert sum(REUSE in rule for rule in rules) > 8


@pytest.mark.parametrize(
    "text",
    [
        "many graphs",
        "0 graphs of 3 to 9 nodes",
        "5 graphs of 2 to 9 nodes",
        "5 graphs of 9 to 3 nodes",
        "5 graphs of 3 to 900 nodes",
        "900 graphs of 3 to 9 nodes",
        "5 graphs of 3 to " + "9" * 5000 + " nodes",
    ],
)
def test_an_impossible_plan_is_rejected_with_its_line(text: str) -> None:
    assert parse_plan(text) is None
    with pytest.raises(SuiteError, match="12 graphs of 3 to 60 nodes") as refused:
        read_suite(f"{HEAD}# random: {text}\n", "r.suite")
    assert refused.value.line == 6


def test_a_random_suite_has_no_cases_of_its_own() -> None:
    case = "# case: a\n# title: A\nL = Value(3)\nL.backward()\n"
    with pytest.raises(SuiteError, match="no cases of its own"):
        read_suite(f"{HEAD}# random: 5 graphs of 3 to 9 nodes\n{case}", "r.suite")
