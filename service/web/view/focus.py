"""The node of a drawn graph that a reader should look at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from worker.graph import Apply, Graph
from worker.report.model import Check, Quantity, Summary

FIRST = "first difference"  # the mark of the node where an engine's numbers begin to be wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The node to look at first, by its position in the graph.

    It's the one where an engine's numbers begin to be wrong, or one with several `uses`.
    """

    node: int
    uses: int = 0

    @property
    def mark(self) -> str:
        """The mark in the drawing."""
        return count_uses(self.uses) if self.uses else FIRST

    def describe(self, name: str) -> str:
        """A sentence with the name of the node."""
        return f"{name} is {self.mark}." if self.uses else f"The {FIRST} is at {name}."


def count_uses(uses: int) -> str:
    """How often a node is used.

    >>> count_uses(2), count_uses(3)
    ('used twice', 'used 3 times')
    """
    return "used twice" if uses == 2 else f"used {uses} times"


def find_focus(
    report: Summary, address: str, graph: Graph, checks: Sequence[Check]
) -> Focus | None:
    """Returns the node to mark in the drawing of a case, such as `rules/product`; None if unsure.

    Its first diagnosis must explain the case. The counterexample says whether the diagnosis is
    about one operation or about a shared node.
    """
    small = report.counterexample.graph if report.counterexample else None
    if small is None or not report.diagnoses or all(check.passed for check in checks):
        return None
    main, *others = report.diagnoses
    if address not in main.evidence and (others or not main.exact):
        return None
    if small.shared is not None:
        return _find_shared(graph, checks)
    return _find_first(graph, checks) if small.first is not None else None


def _find_shared(graph: Graph, checks: Sequence[Check]) -> Focus | None:
    """The only shared node, or the only one with a wrong gradient; results before leaves."""
    uses = _count_uses(graph)
    shared = [node for node, count in uses.items() if count > 1]
    wrong = {graph.names.get(check.node) for check in checks if not check.passed}
    results = [node for node in shared if isinstance(graph.nodes[node], Apply)]
    for chosen in (results or shared, [node for node in shared if node in wrong]):
        if len(chosen) == 1:
            return Focus(node=chosen[0], uses=uses[chosen[0]])
    return None


def _find_first(graph: Graph, checks: Sequence[Check]) -> Focus | None:
    """The first wrong value, or the wrong gradient whose users are all known to be right."""
    found = {(graph.names.get(check.node), check.quantity): check.passed for check in checks}
    nodes = range(len(graph.nodes))
    values = [node for node in nodes if found.get((node, Quantity.DATA)) is False]
    if values:
        return Focus(node=values[0])
    wrong = [node for node in nodes if found.get((node, Quantity.GRAD)) is False]
    if not wrong or len(graph.outputs) != 1:
        return None
    users = {
        user
        for user, step in enumerate(graph.nodes)
        if isinstance(step, Apply) and wrong[-1] in step.operands
    }
    known = {node for node in nodes if found.get((node, Quantity.GRAD))}
    return Focus(node=wrong[-1]) if users <= known | set(graph.outputs) else None


def _count_uses(graph: Graph) -> Counter[int]:
    return Counter(
        operand
        for step in graph.nodes
        if isinstance(step, Apply)
        for operand in step.operands
        if isinstance(operand, int)
    )
