"""A gradient is held against the same engine's forward pass, whatever that computes."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from tests.support.engines import CORRECT, Engine, run, runs_on
from tests.support.engines.altered import alter
from tests.support.engines.plain import Answer
from tests.support.oracles.graphs import TAME, draw_cases
from worker.graph import Apply, Graph, Leaf, parse
from worker.reference.differences import Estimate
from worker.reference.engine import evaluate
from worker.reference.gradient_check import PRECISION, Probe, perturb
from worker.report.model import Quantity
from worker.suites import catalogue

MARGIN = 0.1  # of an error that correct engines may use up: they need a fortieth of it
EVERY_SLOPE = (
    "x = Value({})\ny = Value({})\n"
    "a = x.tanh() + y.sigmoid() * x\nb = (a - y) / (a * a + 2)\nc = b.exp() + abs(y).sqrt()\n"
    "d = c.log() * x.sin() - y.cos() ** 3\ne = d.relu() - (-d)\nL = e + x ** y\nL.backward()"
)


def tell(engine: Engine, probe: Probe) -> dict[int, Estimate]:
    """What the forward passes of an engine say about its gradients."""
    numbers = run(engine, probe.graph).data
    return probe.estimate([numbers[node] for node, _ in probe.reads])


def tell_reference(probe: Probe) -> dict[int, Estimate]:
    data = evaluate(probe.graph).data
    return probe.estimate([data[node] for node, _ in probe.reads])


def find_wrong(engine: Engine, graph: Graph, share: float = 1.0) -> list[int]:
    """The leaves whose gradients do not go with the forward pass; `share` of the error counts."""
    grad = run(engine, graph).grad
    estimates = tell(engine, perturb(graph))
    assert estimates
    return [
        leaf
        for leaf, due in estimates.items()
        if not abs(grad[leaf] - due.derivative) <= share * due.error
    ]


@pytest.fixture(scope="module")
def probes() -> dict[str, tuple[Graph, Probe]]:
    """The graphs of every suite with points, and what is asked to check their gradients."""
    suites = map(catalogue.load, set(catalogue.names()) - {"training"})
    cases = [case for suite in suites if suite.weight for case in suite.cases]
    return {case.id: (case.graph, perturb(case.graph)) for case in cases}


@pytest.mark.no_cover  # it would take most of the time
@pytest.mark.parametrize("engine", CORRECT)
def test_a_correct_engine_passes_on_the_cases_of_every_suite(
    engine: Engine, probes: dict[str, tuple[Graph, Probe]]
) -> None:
    for case_id, (graph, probe) in probes.items():
        grad = run(engine, graph).grad
        for leaf, due in tell(engine, probe).items():
            assert abs(grad[leaf] - due.derivative) <= MARGIN * due.error, case_id


@pytest.mark.no_cover
def test_correct_engines_pass_on_random_graphs_and_nearly_every_leaf_is_checked() -> None:
    reached, result = 0, 0
    errors: list[float] = []
    for oracle in draw_cases(seed=7, count=150, outputs=1, most=TAME):
        probe = perturb(oracle.graph)
        reached += sum(isinstance(oracle.graph.nodes[node], Leaf) for node in oracle.reached)
        result += len(probe.pairs)
        for engine in CORRECT:
            if not runs_on(engine, probe.graph):
                continue
            grad = run(engine, oracle.graph).grad
            for leaf, due in tell(engine, probe).items():
                errors.append(due.error / max(1, abs(due.derivative)))
                assert abs(grad[leaf] - due.derivative) <= MARGIN * due.error, oracle.graph.program
    assert result > 0.95 * reached
    assert max(errors) <= 2 * PRECISION
    assert sorted(errors)[len(errors) // 2] < 1e-11


CONSISTENT: dict[str, tuple[str, Callable[..., Answer]]] = {
    "a difference turned round": ("-", lambda a, b: (b - a, (-1, 1))),
    "a quotient turned round": ("/", lambda a, b: (b / a, (-b / a**2, 1 / a))),
    "a sine where tanh is due": ("tanh", lambda x: (math.sin(x), (math.cos(x),))),
    "a logarithm to the base 10": (
        "log",
        lambda x: (math.log10(x), (1 / (x * math.log(10)),)),
    ),
    "a relu of slope 2": ("relu", lambda x: (max(2 * x, 0), (2 if x > 0 else 0,))),
    "a third power for every power": ("**", lambda a, _: (a**3, (3 * a**2, 0))),
}


@pytest.mark.parametrize("name", CONSISTENT)
def test_a_wrong_value_with_its_own_gradient_passes(name: str) -> None:
    operation, answer = CONSISTENT[name]
    engine, graph = alter({operation: answer}), parse(EVERY_SLOPE.format(0.7, 1.3))
    assert run(engine, graph).data != pytest.approx(evaluate(graph).data, rel=1e-3)
    assert find_wrong(engine, graph) == []


SLIPS: dict[str, tuple[str, Callable[..., Answer]]] = {
    "+1 to both operands of a difference": ("-", lambda a, b: (a - b, (1, 1))),
    "operands' own numbers for a product": ("*", lambda a, b: (a * b, (a, b))),
    "a / b for a / b ** 2": ("/", lambda a, b: (a / b, (1 / b, -a / b))),
    "n missing from the power rule": ("**", lambda a, n: (a**n, (a ** (n - 1), 0))),
    "tanh' as 1 - t": ("tanh", lambda x: (math.tanh(x), (1 - math.tanh(x),))),
    "exp' as x": ("exp", lambda x: (math.exp(x), (x,))),
    "sigmoid' missing a factor": ("sigmoid", lambda x: (1 / (1 + math.exp(-x)), (0.5,))),
    "log' as x": ("log", lambda x: (math.log(x), (x,))),
    "sin' as -cos": ("sin", lambda x: (math.sin(x), (-math.cos(x),))),
    "cos' as sin": ("cos", lambda x: (math.cos(x), (math.sin(x),))),
    "relu' as 0": ("relu", lambda x: (max(x, 0), (0,))),
    "abs' as -1": ("abs", lambda x: (abs(x), (-1,))),
    "sqrt' without the half": ("sqrt", lambda x: (math.sqrt(x), (1 / math.sqrt(x),))),
    "neg' as 1": ("neg", lambda x: (-x, (1,))),
    "exp' a millionth too large": (
        "exp",
        lambda x: (math.exp(x), (math.exp(x) * (1 + 1e-6),)),
    ),
    "tanh' by differences, step 1e-6": (
        "tanh",
        lambda x: (math.tanh(x), ((math.tanh(x + 1e-6) - math.tanh(x)) / 1e-6,)),
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_right_value_with_a_wrong_derivative_fails(name: str) -> None:
    operation, answer = SLIPS[name]
    engine = alter({operation: answer})
    assert find_wrong(engine, parse(EVERY_SLOPE.format(0.7, 1.3))) != []


def test_a_gradient_off_by_a_millionth_fails_on_random_graphs() -> None:
    seen = 0
    for oracle in draw_cases(seed=8, count=150, outputs=1, most=TAME):
        probe = perturb(oracle.graph)
        for leaf, due in tell_reference(probe).items():
            grad = oracle.evaluation.grad[leaf]
            if abs(grad) > 0.01:
                seen += 1
                assert abs(grad * (1 + 1e-6) - due.derivative) > due.error, oracle.graph.program
    assert seen > 120


@pytest.mark.parametrize(
    "program",
    [
        "x = Value(0)\nL = relu(x) + abs(x)",
        "x = Value(3)\nL = relu(x - 3)",
        "x = Value(1)\nL = abs(x * x - 1 - 1e-12) ** 0.5 * (x - 1)",
        "x = Value(0)\nL = sqrt(x)",
        "x = Value(-2)\nn = Value(2)\nL = x ** n - x ** n + (x - x)",
        "x = Value(1)\nL = relu((x - 1) ** 2 - 1e-20)",
        "x = Value(1)\nL = sin(1e9 * x)",
        "x = Value(2)\nL = Value(3) * 2",
    ],
)
def test_a_leaf_without_a_usable_difference_is_left_out(program: str) -> None:
    left_out = 1 if "n =" in program else 0
    assert left_out not in perturb(parse(program + "\nL.backward()")).pairs


@pytest.mark.parametrize("x", [1e-9, 2**-30 + 2**-80, 0.1, -0.1, 1023.9999, 1e5 + 0.1, 0])
def test_moved_numbers_lie_on_both_sides_of_the_leaf(x: float) -> None:
    probe = perturb(parse(f"x = Value({x!r})\nL = (x + 1).sin()\nL.backward()"))
    for pair in probe.pairs[0]:
        assert pair.down < x < pair.up
        assert pair.up - x == pytest.approx(x - pair.down, rel=1e-9)
    assert tell(CORRECT[0], probe)[0].derivative == pytest.approx(math.cos(x + 1), rel=1e-9)


def test_the_widest_step_stays_clear_of_a_kink_nearby() -> None:
    probe = perturb(parse("x = Value(0.3)\nL = relu(x) * 2\nL.backward()"))
    assert all(pair.down > 0 for pair in probe.pairs[0])
    assert find_wrong(CORRECT[0], parse("x = Value(0.3)\nL = relu(x) * 2\nL.backward()")) == []


def test_several_outputs_add_up() -> None:
    graph = parse("x = Value(3)\ny = x * 2\ny.backward()\nz = y * x\nz.backward()")
    probe = perturb(graph)
    assert len(probe.reads) == 2 * len(probe.noises)
    assert tell_reference(probe)[0].derivative == pytest.approx(14, rel=1e-9)


def test_the_copies_are_whole_and_share_no_node() -> None:
    graph = parse("x = Value(3)\ny = Value(2)\nL = x\nL *= y\nL = L + 1\nL.backward()")
    probe = perturb(graph)
    nodes = len(graph.nodes)
    assert not probe.graph.outputs
    assert len(probe.graph.nodes) == nodes * len(probe.noises) == nodes * 16
    for index, step in enumerate(probe.graph.nodes):
        if isinstance(step, Apply):
            nodes_used = [one for one in step.operands if isinstance(one, int)]
            assert {one // nodes for one in nodes_used} == {index // nodes}
    assert all(quantity is Quantity.DATA for _, quantity in probe.reads)
    assert probe.graph.names["L where x is 4"] == nodes - 1


@pytest.mark.parametrize("number", [None, math.nan, math.inf])
def test_a_missing_number_affects_its_own_leaf_only(number: float | None) -> None:
    probe = perturb(parse("x = Value(3)\ny = Value(2)\nL = x * y\nL.backward()"))
    numbers: list[float | None] = [evaluate(probe.graph).data[node] for node, _ in probe.reads]
    numbers[probe.pairs[1][2].copies[0]] = number
    estimates = probe.estimate(numbers)
    assert estimates[0].derivative == pytest.approx(2)
    assert math.isnan(estimates[1].derivative)
    assert math.isnan(estimates[1].error)


def test_a_forward_pass_with_few_digits_has_a_large_error() -> None:
    probe = perturb(parse("x = Value(0.7)\nL = x.tanh() * x.exp()\nL.backward()"))
    exact = evaluate(probe.graph).data
    rough = probe.estimate([float(f"{exact[node]:.7g}") for node, _ in probe.reads])[0]
    fine = probe.estimate([exact[node] for node, _ in probe.reads])[0]
    assert 1000 * fine.error < abs(rough.derivative - fine.derivative) < rough.error


def test_without_a_leaf_to_check_there_is_nothing_to_run() -> None:
    probe = perturb(parse("x = Value(0)\nL = abs(x)\nL.backward()"))
    assert probe.reads == ()
    assert probe.graph.steps == ()
    assert probe.estimate([]) == {}
