"""Another layout of memory puts sets of nodes into another order: luck of addresses shows."""

from __future__ import annotations

from tests.worker.sandbox.programs import HONEST, TRUE_NUMBERS, WORKED_EXAMPLE, reads
from worker.graph import parse
from worker.sandbox import Limits, Observation, Sandbox

NODES = 12
ORDERED_BY_ADDRESS = """
class Value:
    leaves = set()

    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        Value.leaves.add(self)

    def __mul__(self, other):
        return Value(self.data * other.data)

    def backward(self):
        for place, leaf in enumerate(Value.leaves):
            leaf.grad = float(place)
        Value.leaves.clear()
"""
PROGRAM = "\n".join([*(f"x{n} = Value({n})" for n in range(NODES)), "L = x0 * x1", "L.backward()"])


def order(sandbox: Sandbox, layout: int) -> tuple[float | None, ...]:
    """The places of the nodes in a set of them."""
    graph = parse(PROGRAM)
    asked = reads(graph, [f"x{n}" for n in range(NODES)])[NODES:]
    with sandbox.session(ORDERED_BY_ADDRESS, Limits(), layout=layout) as session:
        session.load()
        answer = session.run(graph, asked)
    assert isinstance(answer, Observation)
    return answer.numbers


def test_two_layouts_put_a_set_of_nodes_into_different_orders(sandbox: Sandbox) -> None:
    different = [order(sandbox, 1) != order(sandbox, 2) for _ in range(20)]
    assert sum(different) >= 19


def test_each_layout_is_different(sandbox: Sandbox) -> None:
    assert len({order(sandbox, layout) for layout in range(20)}) >= 19


def test_a_layout_costs_little_memory_and_changes_no_number(sandbox: Sandbox) -> None:
    small = Limits(memory_bytes=16 * 2**20)
    for layout in range(5):
        with sandbox.session(HONEST, small, layout=layout) as session:
            session.load()
            answer = session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE))
        assert answer == Observation(TRUE_NUMBERS)
