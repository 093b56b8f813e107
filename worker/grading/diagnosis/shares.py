"""What a node of a simulated engine hands on to its operands."""

from __future__ import annotations

from collections.abc import Sequence

from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.rules import (
    PLUS,
    SHARES,
    UPDATES,
    UPSTREAMS,
    Branch,
    Rule,
    Update,
    compile_update,
)

MOST_STEPS = 3_000  # of backward through nodes; a traversal that visits again and again ends here


class UnknownError(Exception):
    """The model says nothing about this graph: backward would visit too many nodes."""


class Shares:
    """The backward steps of an engine."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.update = compile_update(UPDATES.get(model.accumulation, "m + p"))
        self.adds = model.accumulation == "add"  # so that most shares need no call
        self.is_usual = (
            model.identity == "object"
            and model.accumulation not in SHARES
            and model.accumulation not in ("late", "whole for whole")
        )
        self.steps = 0
        self.latest: dict[int, Node] = {}  # the last node that was made by a rule

    def push(self, node: Node) -> None:
        """Hands a node's gradient on to its operands."""
        if node.step is not node:
            if node.step is None:
                return
            node = node.step
        if type(node.extra) is tuple:
            other, before = node.extra
            self.give(other, node.grad, None)
            before.grad = node.grad
            for i in range(len(before.operands)):
                self.push_one(before, i)
            return
        rule = node.rule
        if rule is None:
            return
        if rule.is_plain and self.is_usual:
            self._push_plain(node, rule)
            return
        refuse_other_operands(node, rule)
        for i in self.positions(node):
            self.push_one(node, i)
        if rule.effect == "recurses":
            for operand in node.operands:
                self.push(operand)

    def _push_plain(self, node: Node, rule: Rule) -> None:
        operands, g = node.operands, node.grad
        a, b = operands[0], operands[-1]
        self.steps += len(operands)
        if self.steps > MOST_STEPS:
            raise UnknownError
        for operand, slope, update in zip(operands, rule.slopes, rule.updates, strict=True):
            share = slope(a.data, b.data, node.numbers, node.data, g, a.grad, b.grad) * g
            if update is None and self.adds:
                operand.grad += share
            else:
                operand.grad = (update or self.update)(operand.grad, share)

    def positions(self, node: Node) -> Sequence[int]:
        """The operands that get a share, by position."""
        operands = node.operands
        if self.model.identity == "keyed" and len(operands) == 2 and operands[0] is operands[1]:
            return (1,)
        return range(len(operands))

    def push_one(self, node: Node, i: int, g: float | None = None) -> None:
        """Hands a node's gradient, or `g`, on to one of its operands."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise UnknownError
        rule, operands = node.rule, node.operands
        assert rule is not None
        if g is None:
            g = node.grad
        if self.model.accumulation == "late":
            i = len(operands) - 1
        if rule.is_plain and self.is_usual:
            a, b = operands[0], operands[-1]
            slope = rule.slopes[i](a.data, b.data, node.numbers, node.data, g, a.grad, b.grad)
            operand = operands[i]
            operand.grad = (rule.updates[i] or self.update)(operand.grad, slope * g)
        else:
            self._push_odd(node, rule, i, g)

    def _push_odd(self, node: Node, rule: Rule, i: int, g: float) -> None:
        """Hands on what a rule gives that does more than slopes, or less."""
        refuse_other_operands(node, rule)
        operands = node.operands
        first, last, source = operands[0], operands[-1], node
        if rule.effect == "latest slope":
            source = self.latest[id(rule)]
            first, last = source.operands[0], source.operands[-1]
        numbers = first.data, last.data, source.numbers, source.data, g, first.grad, last.grad
        slope = rule.slopes[i](*numbers)
        to = rule.to[i]
        own = node if to == "out" else operands[i if to == "data" else int(to)]
        sibling = operands[1 - i] if len(operands) == 2 else own
        upstream = rule.upstreams[i]
        branch = rule.branches[i]
        if branch is not None and _holds(branch, operands, numbers):
            if branch.behaviour == "slope":
                upstream = "1"
            elif branch.behaviour == "nothing":
                return
            else:
                own.grad = slope * g if branch.behaviour == "set" else 0.0
                return
        if upstream not in ("g", PLUS):
            g = UPSTREAMS[upstream](g, own.grad, sibling.grad, node.data)
        if rule.effect and self._has_effect(rule.effect, own, slope, g):
            return
        share = slope + g if upstream == PLUS else slope * g
        if self.model.accumulation in SHARES:
            share = SHARES[self.model.accumulation](slope, g)
        if to == "data":
            own.data += share
        else:
            self.give(own, share, rule.updates[i])
        if rule.after[i] == "sibling zeroed":
            sibling.grad = 0.0

    def _has_effect(self, effect: str, own: Node, slope: float, g: float) -> bool:
        if effect == "zeroes" and not slope:
            own.grad = 0.0
            return True
        if effect == "masks":
            own.grad = (own.grad + g) * slope
            return True
        if effect == "sets negative" and slope < 0:
            own.grad = slope * g
            return True
        if effect == "sets nonzero" and slope:
            own.grad = slope * g
            return True
        return False

    def give(self, node: Node, share: float, update: Update | None) -> None:
        """Adds a share to a node's gradient."""
        if self.model.accumulation == "whole for whole" and type(node.data) is int:
            node.grad = int(node.grad + share)
        else:
            node.grad = (update or self.update)(node.grad, share)


def _holds(branch: Branch, operands: Sequence[Node], numbers: tuple[float, ...]) -> bool:
    if branch.condition is None:
        return operands[0] is operands[-1]
    return bool(branch.condition(*numbers))


def refuse_other_operands(node: Node, rule: Rule) -> None:
    """Fails where a node runs an operation that was noted on it, and doesn't have its operands."""
    if rule.step == "operation" and len(node.operands) != len(rule.slopes):
        raise ValueError("the operation noted on this node has other operands")
