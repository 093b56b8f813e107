"""What the suites that come with Chainrule promise."""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest

from tests.support.engines import CORRECT, Engine, observe
from tests.support.separate_processes import map_apart
from worker.grading.judge import judge
from worker.graph import FUNCTIONS, Apply, Backward, Constant, Graph, Leaf, parse
from worker.reference.engine import evaluate
from worker.report.model import Quantity, Verdict
from worker.sandbox.host.outcome import Failure
from worker.suites import catalogue
from worker.suites.cases import Case, Kind, Suite
from worker.suites.coincidences import find_coincidences
from worker.suites.format.forms import FORMS, Form
from worker.suites.format.reader import read_suite
from worker.suites.rules import (
    CHAIN,
    EQUAL,
    NAMES,
    NUMBER_ON_THE_LEFT,
    REUSE,
    SEED,
    SHARED,
    VALUES,
)

NAMES_IN_ORDER = catalogue.names()
MARKED = [name for name in NAMES_IN_ORDER if catalogue.outline(name).weight]
FormKey = tuple[str, tuple[bool, ...]]
NUMBER_FORMS = tuple(form.name for form in FORMS if "number" in form.name)
FORWARD = ("sums-and-products/", "values/")  # suites that never call backward()
NUMBERS_BESIDE = {
    *("values", "numbers", "in-place", "composite"),
    *("state/numbers-not-remembered", "gradient-check/numbers"),
}


def cases(*names: str) -> list[tuple[str, Case]]:
    """Cases with their full names, of these suites or of all."""
    return [
        (f"{name}/{case.id}", case)
        for name in names or catalogue.names()
        for case in catalogue.load(name).cases
    ]


def applications(graph: Graph) -> list[Apply]:
    return [step for step in graph.nodes if isinstance(step, Apply)]


def find_reused(graph: Graph) -> set[int]:
    """The nodes that are used more than once."""
    uses = Counter(one for step in applications(graph) for one in step.operands)
    return {node for node, count in uses.items() if isinstance(node, int) and count > 1}


def test_every_suite_has_its_own_position() -> None:
    outlines = [catalogue.outline(name) for name in NAMES_IN_ORDER]
    orders = [outline.order for outline in outlines]
    assert orders == sorted(set(orders))
    assert all(math.isfinite(order) for order in orders)
    assert outlines[0].name == "worked-example"
    assert set(NAMES_IN_ORDER) == {file.stem for file in catalogue.FOLDER.glob("*.suite")}


def verify(name: str) -> Suite:
    """The suite as its file has it. Raises SuiteError where the oracles disagree."""
    file = catalogue.FOLDER / f"{name}.suite"
    return read_suite(file.read_text(encoding="utf-8"), file.name, verify=True)


def test_central_differences_confirm_every_case() -> None:
    for name, suite in zip(NAMES_IN_ORDER, map_apart(verify, NAMES_IN_ORDER), strict=True):
        assert suite.name == name
        assert all(case.expectations for case in suite.cases)


@pytest.mark.parametrize("name", NAMES_IN_ORDER)
def test_a_suite_is_small(name: str) -> None:
    sizes = [len(case.graph.nodes) for _, case in cases(name) if case.kind is not Kind.GROWTH]
    assert len(sizes) <= 130
    assert sum(sizes) <= 1500


def test_most_graphs_are_small() -> None:
    sizes = sorted(len(case.graph.nodes) for _, case in cases())
    assert sizes[len(sizes) * 9 // 10] <= 15


@pytest.mark.parametrize("name", NAMES_IN_ORDER)
def test_the_titles_of_a_suite_are_unique(name: str) -> None:
    if name != "random":
        titles = Counter(case.title for case in catalogue.load(name).cases)
        assert titles.most_common(1)[0][1] == 1


def test_the_gradient_of_each_rule_is_tested_in_one_suite() -> None:
    where: dict[str, set[str]] = {}
    for name, case in cases():
        if case.establishes is not None and case.graph.outputs:
            where.setdefault(case.establishes, set()).add(name.partition("/")[0])
    assert set(where) == NAMES - {VALUES["**"]}  # a Value as exponent is a convention
    assert {rule: places for rule, places in where.items() if len(places) > 1} == {
        CHAIN: {"pass", "rules"},
    }


def test_the_value_of_each_operation_is_tested() -> None:
    tested = {case.establishes for _, case in cases("values")}
    assert tested - {None} == NAMES - {VALUES["**"], SEED, CHAIN, REUSE, EQUAL, SHARED}


def test_the_first_case_of_an_operation_has_no_other() -> None:
    seen = set()
    for name, case in cases(*MARKED):
        rule = case.establishes
        if rule in {None, SEED, CHAIN, REUSE, EQUAL, SHARED} or not case.graph.outputs:
            continue
        steps = applications(case.graph)
        if rule not in seen:
            assert len(steps) == 1, name
        seen.add(rule)


def test_the_suite_of_the_pass_uses_plus_and_times_alone_and_each_value_once() -> None:
    for name, case in cases("pass"):
        assert {step.operation for step in applications(case.graph)} <= {"+", "*"}, name
        assert not find_reused(case.graph), name
    rules = Counter(case.establishes for _, case in cases("pass"))
    assert set(rules) == {SEED, CHAIN}


def test_only_suites_of_the_forward_pass_have_programs_without_backward() -> None:
    for name, case in cases():
        assert bool(case.graph.outputs) != name.startswith(FORWARD), name


def test_plain_numbers_are_used_only_in_cases_about_them() -> None:
    """So that an engine without them keeps the points of all other suites."""
    for name, case in cases(*MARKED):
        operations = {
            step.operation
            for step in applications(case.graph)
            if any(isinstance(one, Constant) for one in step.operands)
        }
        is_asked = bool({name, name.partition("/")[0]} & NUMBERS_BESIDE)
        is_form = case.id.split("@")[0].endswith(NUMBER_FORMS)
        assert is_asked or is_form or operations <= {"**"}, name


def test_the_operands_of_every_form_are_used_again_before_and_after() -> None:
    tested = Counter(
        form.name
        for _, case in cases(*MARKED)
        for form in FORMS
        if re.search(rf"(again|after|both)-{form.name}(@|$)", case.id)
    )
    assert {form.name for form in FORMS if tested[form.name] >= 2} == {form.name for form in FORMS}


def test_every_form_is_tested_alone_in_a_chain_and_forward() -> None:
    alone, chain, forward = set[FormKey](), set[FormKey](), set[FormKey]()
    for name, case in cases(*MARKED):
        steps = applications(case.graph)
        results = {node for node, step in enumerate(case.graph.nodes) if isinstance(step, Apply)}
        used = {operand for step in steps for operand in step.operands if operand in results}
        if name.startswith(FORWARD):
            forward |= {find_form(step) for step in steps}
        elif len(steps) == 1:
            alone |= {find_form(step) for step in steps}
        else:
            chain |= {
                find_form(step)
                for node, step in enumerate(case.graph.nodes)
                if isinstance(step, Apply) and node in used and results & set(step.operands)
            }
    forms = {find_form(step) for form in FORMS for step in applications(parse(write_form(form)))}
    assert forms <= alone & chain & forward


def find_form(step: Apply) -> FormKey:
    """An operation, and which of its operands are plain numbers."""
    return step.operation, tuple(isinstance(one, Constant) for one in step.operands)


def write_form(form: Form) -> str:
    """A program with one form alone."""
    line = form.write_line("y", ("a", "b"), "3")
    return f"a = Value(0.7)\nb = Value(1.3)\n{line}"


def test_a_case_that_tests_reuse_uses_only_leaves_again() -> None:
    found = [case for _, case in cases("reuse") if case.establishes == REUSE]
    assert len(found) > 10
    for case in found:
        leaves = {n for n, step in enumerate(case.graph.nodes) if not isinstance(step, Apply)}
        assert find_reused(case.graph) <= leaves, case.id


@pytest.mark.parametrize("name", ["pass", "sums-and-products", "reuse", "order", "equal-numbers"])
def test_suites_that_establish_no_other_operation_have_sums_and_products_alone(name: str) -> None:
    for _, case in cases(name):
        operations = {step.operation for step in applications(case.graph)}
        assert operations <= {"+", "*"}, case.id


def test_whole_expressions_that_divide_mostly_have_a_power_too() -> None:
    graphs = [
        {step.operation for step in applications(case.graph)} for _, case in cases("composite")
    ]
    dividing = [operations for operations in graphs if "/" in operations]
    assert len(dividing) > 10
    assert sum("**" in operations for operations in dividing) >= 0.9 * len(dividing)


def test_cases_about_the_order_use_results_again() -> None:
    for _, case in cases("order"):
        inner = {n for n, step in enumerate(case.graph.nodes) if isinstance(step, Apply)}
        assert find_reused(case.graph) & inner, case.id


def test_leaves_are_floats_unless_whole_numbers_are_the_point() -> None:
    """Otherwise an engine that is right for floats alone would lose points everywhere.

    The cases with whole numbers find gradients that are kept as whole numbers.
    """
    whole = {
        name
        for name, case in cases()
        if any(isinstance(step, Leaf) and isinstance(step.number, int) for step in case.graph.nodes)
    }
    about = {
        "whole-leaves",
        "whole-quotient",
        "whole-tanh",
        "whole-sum-of-products",
        "whole-number-divided",
        "divided-by-a-whole-number",
    }
    assert whole == {"worked-example/leaves", "worked-example/inner"} | {
        f"numbers/{case}" for case in about
    }


def test_equal_numbers_are_in_a_case_that_says_so() -> None:
    for name, case in cases("equal-numbers"):
        assert any(find_coincidences(case.graph, evaluate(case.graph).data)), name


def test_whole_expressions_have_every_operation_several_times() -> None:
    needs = Counter(rule for _, case in cases("composite") for rule in case.needs)
    for rule in (*FUNCTIONS, *(VALUES[sign] for sign in "+-*/"), "power"):
        assert needs[rule] >= 3, rule
    on_the_left = set(NUMBER_ON_THE_LEFT.values())
    assert sum(bool(case.needs & on_the_left) for _, case in cases("composite")) >= 3
    assert needs[SHARED] >= len(cases("composite")) / 2


def test_engines_need_not_keep_gradients_of_results() -> None:
    for name, case in cases(*MARKED):
        gradients = {due.node for due in case.expectations if due.quantity is Quantity.GRAD}
        results = [node for node in gradients if isinstance(case.graph.nodes[node], Apply)]
        assert not results or case.answers, name


def test_one_backward_is_run_unless_several_are_the_point() -> None:
    for name, case in cases():
        runs = sum(isinstance(step, Backward) for step in case.graph.steps)
        several = ("state/", "training/", "conventions/")
        assert runs == (0 if name.startswith(FORWARD) else 1) or name.startswith(several), name


def test_a_gradient_that_no_output_depends_on_may_be_missing() -> None:
    case = dict(cases("rules"))["rules/unrelated-value"]
    assert {due.name for due in case.expectations if due.optional} == {"c"}


def test_the_suite_of_conventions_has_conventions_only() -> None:
    assert {case.kind for _, case in cases("conventions")} == {Kind.CONVENTION}


@pytest.mark.parametrize("engine", CORRECT)
def test_there_is_a_sentence_for_the_convention_of_every_correct_engine(
    engine: Engine,
) -> None:
    for name, case in cases("conventions", "worked-example"):
        try:
            report = judge(case, observe(engine, case))
        except (ArithmeticError, ValueError) as error:
            report = judge(case, Failure(verdict=Verdict.ERROR, message=str(error)))
        reported = {answer.sentence for answer in case.answers}
        if case.kind is Kind.NUMBERS:
            reported.add("")  # what the reference does itself needs no sentence
        assert (report.verdict, report.message in reported) == (Verdict.PASSED, True), name


def test_training_checks_the_loss_of_every_step() -> None:
    network = dict(cases("training"))["training/network"]
    losses = [due.expected for due in network.expectations]
    assert len(losses) == 20
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 1.5


def test_growth_is_measured_at_several_sizes() -> None:
    grown = Counter(case.id.partition("@")[0] for _, case in cases() if case.kind is Kind.GROWTH)
    assert grown == {"deep-chain": 3, "stacked-diamonds": 3, "wide-sum": 3}


def test_the_table_of_the_documentation_is_up_to_date() -> None:
    text = (catalogue.FOLDER.parents[2] / "docs" / "judging.md").read_text(encoding="utf-8")
    for name in catalogue.names():
        suite = catalogue.load(name)
        row = rf"\n\| {name} \| [^|]+ \| {suite.weight:g} \| {len(suite.cases)} \|\n"
        assert re.search(row, text), name
