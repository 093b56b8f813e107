"""Which node of a small graph shows where an engine's numbers begin to be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.formulas import FORMULA
from worker.grading.diagnosis.catalogue.slopes import SLOPES
from worker.report.model import Diagnosis, GraphNode, is_close
from worker.suites.rules import REUSE, SHARED

# Mistakes of one operation, wherever it stands.
LOCAL = frozenset(one.key for one in (*SLOPES, FORMULA)) | {
    "no-backward",
    "no-operands",
    "no-upstream",
    "returns-operand",
}
# Mistakes in how a share is added. They also show where each node has one use.
IN_EVERY_SHARE = frozenset({"odd-update", "optimizer-inside", "whole-numbers"})


def is_about_operation(diagnosis: Diagnosis) -> bool:
    """Whether a mistake is in one operation, so that the first wrong number shows it."""
    return diagnosis.misconception in LOCAL


def is_about_uses(diagnosis: Diagnosis) -> bool:
    """Whether a mistake needs a node with several uses."""
    key = diagnosis.misconception
    return BY_KEY[key].rule in (REUSE, SHARED) and key not in IN_EVERY_SHARE


def find_first_wrong(nodes: Sequence[GraphNode]) -> str | None:
    """Returns the node with the first wrong value, or the first wrong gradient if all are right.

    Gradients are in the order of backward. There is no such node if the engine keeps no gradients
    of results, because then they say nothing.
    """
    read = [node for node in nodes if node.actual.data is not None]  # not those that were replaced
    for node in read:
        if not _agrees(node.actual.data, node.expected.data):
            return node.name
    kept = [node for node in read if node.operation != "leaf"]
    if not all(node.actual.grad for node in kept if node.expected.grad):
        return None
    wrong = [node for node in read if not _agrees(node.actual.grad, node.expected.grad)]
    return wrong[-1].name if wrong else None  # its users come after it, and are right


def find_shared(nodes: Sequence[GraphNode]) -> str | None:
    """Returns the node with several uses; a result rather than a leaf."""
    uses = Counter(operand for node in nodes for operand in node.operands)
    shared = [node for node in nodes if uses[node.name] > 1]
    results = [node for node in shared if node.operation != "leaf"]
    return next((node.name for node in (*results, *shared)), None)


def _agrees(actual: float | None, expected: float | None) -> bool:
    if actual is None or expected is None:
        return actual is expected
    return is_close(actual, expected)
