"""The simulated engine: right ones agree with the reference, wrong ones do what they say."""

from __future__ import annotations

import math

import pytest

from tests.strength.grading import selections
from tests.worker.grading.diagnosis.simulated import all_changes
from worker.grading.diagnosis import changes
from worker.grading.diagnosis.catalogue import changes_everywhere
from worker.grading.diagnosis.forms import RECIPES, RULES, reach
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.simulate import ERROR, simulate, usual_models
from worker.graph import Graph, parse
from worker.reference.engine import evaluate
from worker.report.model import Quantity
from worker.suites.cases import Kind

STYLES = [(form, recipe) for form, recipes in RECIPES.items() for recipe in recipes]
ORDERS = ("left", "right", "set", "set right", "first-in", "last-in", "tape")


def expected(graph: Graph, reads: tuple[tuple[int, Quantity], ...]) -> list[float]:
    """What the reference engine gives."""
    result = evaluate(graph)
    parts = {Quantity.DATA: result.data, Quantity.GRAD: result.grad}
    return [parts[part][node] for node, part in reads]


def assert_right(model: Model, graph: Graph, reads: tuple[tuple[int, Quantity], ...]) -> None:
    numbers = simulate(model, Prepared(graph, reads))
    assert numbers == pytest.approx(expected(graph, reads), rel=1e-9, abs=1e-9)


def read(model: Model, program: str, *wanted: str) -> list[float | None] | str | None:
    """The gradients of the named nodes of a program."""
    graph = parse(program)
    numbers = simulate(
        model, Prepared(graph, [(graph.names[name], Quantity.GRAD) for name in wanted])
    )
    return list(numbers) if isinstance(numbers, tuple) else numbers


@pytest.mark.parametrize("position", range(3))
def test_the_usual_right_engines_agree_with_the_reference(position: int) -> None:
    for probe in probes():
        assert_right(usual_models()[position], probe.graph, probe.reads)


@pytest.mark.parametrize(("form", "recipe"), STYLES)
def test_every_way_to_write_a_form_is_right(form: str, recipe: str) -> None:
    model = Model().with_recipe(form, recipe)
    for probe in probes():
        if form in probe.forms:
            numbers = simulate(model, probe.prepared)
            if numbers is not None:  # two recipes that call each other
                assert_right(model, probe.graph, probe.reads)


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_is_right(order: str) -> None:
    for probe in probes():
        assert_right(Model(order=order), probe.graph, probe.reads)


def test_the_right_engine_agrees_with_the_reference_on_shipped_cases() -> None:
    for item in selections():
        for case in item.suite.cases:
            if case.kind is Kind.NUMBERS and len(case.graph.steps) < 100:
                numbers = simulate(Model(), Prepared(case.graph, case.reads))
                finite = [n for n in expected(case.graph, case.reads) if math.isfinite(n)]
                if len(finite) == len(case.reads):
                    assert numbers == pytest.approx(finite, rel=1e-9, abs=1e-9), case.id


def test_a_graph_feels_only_what_its_forms_are_made_of() -> None:
    assert reach("+VV") == {"+VV"}
    assert {"-NV", "neg", "+NV", "*VN"} <= reach("-NV")
    model = Model(order="right").with_recipe("tanh", "exp").with_rules(("exp", "slope0", "a"))
    assert model.reduced(frozenset({"+VV"})) == Model(order="right")


def test_recipes_that_call_each_other_say_nothing() -> None:
    model = Model().with_recipe("neg", "zero").with_recipe("-NV", "opposite")
    assert read(model, "x = Value(2.0)\nL = -x\nL.backward()", "x") is None


def test_what_python_cannot_compute_is_an_error() -> None:
    assert read(Model(), "x = Value(-2.0)\nL = x.log()\nL.backward()", "x") == ERROR
    assert read(Model(), "x = Value(1e200)\nL = x * x * x\nL.backward()", "x") == ERROR


def test_a_number_in_place_of_a_node_is_an_error_but_may_be_used_inside() -> None:
    model = Model().with_rules(("neg", "result", "number")).with_recipe("-VV", "opposite")
    assert read(model, "x = Value(2.0)\nL = -x\nL.backward()", "x") == ERROR
    program = "x = Value(2.0)\ny = Value(1.0)\nL = x - y\nL.backward()"
    assert read(model, program, "x", "y") == [1.0, 0.0]


def test_numbers_without_any_node_are_computed() -> None:
    model = Model().with_recipe("/VN", "power")
    assert read(model, "x = Value(3.0)\nL = x / 4\nL.backward()", "x") == [0.25]


def test_a_step_of_descent_makes_a_leaf() -> None:
    program = "w = Value(2.0)\nL = w * w\nL.backward()\nw = Value(w.data - 0.5 * w.grad)\nM = w * 3"
    graph = parse(program + "\nM.backward()")
    reads = [(graph.names["w"], Quantity.DATA), (graph.names["w"], Quantity.GRAD)]
    assert simulate(Model(), Prepared(graph, reads)) == (0.0, 3.0)


def test_a_traversal_that_visits_too_often_says_nothing() -> None:
    lines = ["x0 = Value(1.01)", *(f"x{n + 1} = x{n} * x{n}" for n in range(14))]
    program = "\n".join([*lines, "x14.backward()"])
    for traversal in ("every path", "stack finished twice", "sum passed on"):
        assert read(Model(traversal=traversal), program, "x0") is None


def test_predictions_are_the_same_with_and_without_the_memo() -> None:
    models = [Model(accumulation="assign"), Model(order="set").with_rules(("tanh", "slope0", "a"))]
    for model in models:
        for probe in probes():
            assert predict(model, probe) == simulate(model, probe.prepared)
            assert predict(model, probe) == predict(model, probe)


def test_orders_of_nodes_that_are_remembered_change_nothing() -> None:
    dials = [change for change in all_changes(list(RULES)) if change.dials]
    made = [change for change in all_changes(["*VV", "*=VV", "-NV"]) if not change.dials]
    for usual in usual_models()[:2]:
        for change in (*dials, *made, *changes.ORDERS):
            model = change.apply(usual) or usual
            for probe in probes()[::9]:
                if change.dials or not probe.forms.isdisjoint(change.forms):
                    new = Prepared(probe.graph, probe.reads)
                    assert simulate(model, probe.prepared) == simulate(model, new)


def test_a_leaf_is_its_own_output_even_where_backward_is_shadowed() -> None:
    assert read(Model(traversal="shadowed"), "x = Value(2.0)\nx.backward()", "x") == [1.0]


def test_a_comparison_in_place_of_a_value_is_a_number() -> None:
    model = Model().with_rules(("relu", "value", "a > 0"))
    graph = parse("x = Value(2.0)\nL = x.relu() * 3\nL.backward()")
    assert simulate(model, Prepared(graph, [(graph.names["L"], Quantity.DATA)])) == (3.0,)


def test_equal_numbers_are_sorted_as_their_set_has_them() -> None:
    program = "a = Value(1.0)\nb = Value(3.0)\nu = a * b\nL = u * a\nL.backward()"
    usual = Model(traversal="by number", order="set")
    assert read(usual, program, "a", "b") == [6.0, 1.0]
    assert read(usual.with_dial("order", "set right"), program, "a", "b") == [3.0, 0.0]


def test_a_leaf_that_is_made_again_loses_its_gradient() -> None:
    program = "x = Value(2.0)\nL = x * 3\nL.backward()\ny = Value(2.0)"
    assert read(Model(identity="interned"), program, "x") == [0.0]
    assert read(Model(), program, "x") == [3.0]


def test_an_operation_that_is_named_on_its_operand_runs_there() -> None:
    model = Model().with_rules(("*VV", "step", "operation"))
    leaves = "x = Value(3.0)\ny = Value(2.0)\nz = Value(5.0)\n"
    program = leaves + "u = x + y\nL = u * z\nu.backward()"
    assert read(model, program, "x", "y", "z") == [2.0, 3.0, 0.0]
    assert read(model, program.replace("u.b", "L.b"), "x", "y", "z") == [0.0, 0.0, 0.0]
    # A leaf has nothing to unpack. A number beside an operator is a node, so there it has.
    assert read(model, leaves + "L = x * z\nL.backward()", "x", "z") == ERROR
    number = leaves + "u = x + 4\nL = u * z\nu.backward()"
    assert read(model, number, "x", "z") == [4.0, 0.0]


@pytest.mark.parametrize("accumulation", ["aliased", "shared"])
def test_such_a_leaf_fails_with_any_way_to_keep_gradients(accumulation: str) -> None:
    model = Model(accumulation=accumulation).with_rules(("*VV", "step", "operation"))
    assert read(model, "x = Value(3.0)\nz = Value(5.0)\nL = x * z\nL.backward()", "x") == ERROR


def test_a_noted_operation_is_simulated_with_every_mistake_of_the_whole_engine() -> None:
    for form in ("*VV", "relu", "+=VN"):
        noted = Model().with_recipe(form, "native").with_rules((form, "step", "operation"))
        models = [model for one in changes_everywhere() if (model := one.apply(noted)) is not None]
        assert len(models) > 50
        for probe in probes():
            if form in probe.forms:
                for model in models:
                    numbers = predict(model, probe)
                    assert numbers is None or numbers == ERROR or len(numbers) == len(probe.reads)
