"""Failing graphs are made smaller for as long as they fail in the same way."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.factories import make_diagnosis
from worker.grading.candidates import Due, list_due
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.simulate import simulate
from worker.grading.parts import Part, list_smaller, take_first
from worker.grading.reduction import BATCH, Reduction
from worker.grading.small_graphs import name_nodes
from worker.graph import Apply, Graph, Leaf, Question, parse
from worker.reference.engine import evaluate
from worker.report.model import Quantity, Verdict
from worker.sandbox.host.outcome import Failure, Observation

LARGE = """\
x = Value(2.37)
y = Value(-1.19)
z = Value(0.41)
u = x * y
u += z
v = (u * 2 + x).tanh()
w = v - u / y
L = (w * x + u) * (z ** 2 - w)
L.backward()
"""
ASSIGNS = Model(accumulation="assign")  # the second share of a gradient replaces the first


def part_of(program: str) -> Part:
    part = take_first(parse(program))
    assert part is not None
    return part


def numbers_of(part: Part) -> dict[int, int | float]:
    return {node: step.number for node, step in enumerate(part.steps) if isinstance(step, Leaf)}


class Asked:
    """Answers as an engine that a model describes, and counts the questions of each batch."""

    def __init__(self, model: Model, ends_after: int = 1_000) -> None:
        self._model, self._left = model, ends_after
        self.batches: list[int] = []

    def __call__(self, questions: Sequence[Question]) -> Sequence[Observation | Failure]:
        self.batches.append(len(questions))
        answers = []
        for question in questions[: self._left]:
            numbers = simulate(self._model, Prepared(question.graph, question.reads))
            assert isinstance(numbers, tuple)
            answers.append(Observation(numbers))
        self._left -= len(answers)
        return answers


def due_of(part: Part) -> Due:
    return frozenset(list_due(part.graph, frozenset(range(len(part.steps)))))


def reduction_of(part: Part, asked: Asked, findings: Findings | None = None) -> Reduction:
    return Reduction(
        send=asked,
        start=part,
        verdict=Verdict.WRONG_GRADIENT,
        due=due_of(part),
        findings=findings or Findings(),
    )


def operations(graph: Graph) -> list[str]:
    return [step.operation for step in graph.nodes if isinstance(step, Apply)]


def test_every_smaller_part_has_fewer_operations_and_is_a_program_of_its_own() -> None:
    whole = part_of(LARGE)
    smaller = list_smaller(whole)
    assert len(smaller) > 20
    assert [part.operations for part in smaller] == sorted(part.operations for part in smaller)
    for part in smaller:
        assert 0 < part.operations < whole.operations
        assert name_nodes(part.graph, numbers_of(part)).steps == part.graph.steps


def test_a_part_has_another_output_a_leaf_for_a_result_or_an_operation_fewer() -> None:
    found = list_smaller(part_of("x = Value(3)\ny = Value(5)\nu = x * y\nL = u + x\nL.backward()"))
    programs = {name_nodes(part.graph, numbers_of(part)).program for part in found}
    assert programs == {
        "x = Value(3)\ny = Value(5)\nL = x * y\nL.backward()",
        "x = Value(3)\ny = Value(15)\nL = y + x\nL.backward()",
        "x = Value(3)\nL = x + x\nL.backward()",
        "x = Value(3)\ny = Value(5)\nL = y + x\nL.backward()",
    }


def test_a_part_knows_the_nodes_that_it_came_from() -> None:
    (part,) = [
        part
        for part in list_smaller(part_of("x = Value(3)\nu = x.exp()\nL = u * 2\nL.backward()"))
        if part.steps[-1] == Apply("exp", (0,))
    ]
    assert part.origins == (0, 1)


def test_only_what_comes_before_the_first_backward_is_taken() -> None:
    twice = "x = Value(3)\nL = x * x\nL.backward()\nM = L + x\nM.backward()"
    assert part_of(twice).operations == 1
    assert take_first(parse("x = Value(3)\nL = x * x")) is None
    descent = "x = Value(3)\nL = x * x\nL.backward()\nx = Value(x.data - 0.1 * x.grad)"
    assert part_of(descent).operations == 1
    assert take_first(parse(f"{descent}\nM = x * x\nM.backward()")) is not None


def test_the_smallest_graph_with_the_mistake_is_left_in_round_numbers() -> None:
    whole, asked = part_of(LARGE), Asked(ASSIGNS)
    reduction = reduction_of(whole, asked)
    part = reduction.find_smallest(130)
    assert part is not None
    assert part.operations == 1
    assert max(asked.batches) <= BATCH
    assert reduction.asked == sum(asked.batches) <= 130
    shown = reduction.choose_numbers(part)
    assert shown is not None
    candidate, checks = shown
    assert [step.number for step in candidate.graph.nodes if isinstance(step, Leaf)] == [3]
    assert [check.passed for check in checks if check.quantity is Quantity.GRAD].count(False) == 1


def test_a_part_that_no_longer_needs_the_rule_of_the_diagnosis_is_not_taken() -> None:
    findings = Findings(diagnoses=(make_diagnosis(rule="tanh"),))
    part = reduction_of(part_of(LARGE), Asked(ASSIGNS), findings).find_smallest(130)
    assert part is not None
    assert "tanh" in operations(part.graph)


def test_a_part_whose_numbers_the_diagnosis_does_not_predict_is_not_taken() -> None:
    findings = Findings(model=Model())
    assert reduction_of(part_of(LARGE), Asked(ASSIGNS), findings).find_smallest(130) is None


def test_no_part_is_asked_where_several_slopes_are_right() -> None:
    program = "x = Value(3)\ny = Value(5)\nu = x + y\nv = u - x\nL = v.relu()\nL.backward()"
    whole, asked = part_of(program), Asked(Model())
    at_0 = [part for part in list_smaller(whole) if evaluate(part.graph).data[-1] == 0]
    assert at_0
    assert reduction_of(whole, asked).find_smallest(130) is None
    assert sum(asked.batches) == len(list_smaller(whole)) - len(at_0)
    kink = part_of("x = Value(3)\nu = x - x\nL = u.relu()\nL.backward()")
    assert reduction_of(whole, asked).choose_numbers(kink) is None
    assert asked.batches[-1] == 0


def test_a_right_engine_has_no_smaller_part() -> None:
    asked = Asked(Model())
    assert reduction_of(part_of(LARGE), asked).find_smallest(60) is None
    assert sum(asked.batches) <= 60


@pytest.mark.parametrize("answers", [0, BATCH, BATCH + 6])
def test_what_was_found_before_the_session_ended_is_kept(answers: int) -> None:
    asked = Asked(ASSIGNS, ends_after=answers)
    part = reduction_of(part_of(LARGE), asked).find_smallest(130)
    assert (part is None) is (answers == 0)
    assert len(asked.batches) <= 1 + answers
