"""A simulated engine: its nodes, and what one of them hands on to its operands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.grading.diagnosis.forms import OPERATORS, RULES, written_recipes
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.rules import (
    PLUS,
    SHARES,
    UPDATES,
    UPSTREAMS,
    Branch,
    Rule,
    Update,
    compile_rule,
    compile_settings,
    compile_update,
)

MOST_STEPS = 3_000  # of backward through nodes; a traversal that visits again and again ends here
DEEPEST_RECIPE = 6  # recipes may refer to one another


class UnknownError(Exception):
    """The model says nothing about this graph: backward would visit too many nodes."""


class Node:
    """A node of a simulated engine."""

    __slots__ = (
        "children",
        "data",
        "extra",
        "grad",
        "made",
        "numbers",
        "operands",
        "rule",
        "step",
        "users",
    )

    def __init__(self, data: float, made: int) -> None:
        self.data = data
        self.grad: Any = 0.0
        self.made = made
        self.rule: Rule | None = None
        self.operands: tuple[Node, ...] = ()
        self.children: list[Node] = []
        self.numbers = 0.0
        self.users: list[Node] = []
        self.extra: Any = None
        self.step: Node | None = self  # the node whose shares are handed on when it is visited


OPERAND_OF = {"on the operand": 0, "on the other operand": -1}  # which keeps the step


class Engine:
    """A simulated engine, for one graph."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.recipes = dict(model.recipes)
        self.rules: dict[str, list[tuple[str, str]]] = {}
        for primitive, aspect, text in model.rules:
            self.rules.setdefault(primitive, []).append((aspect, text))
        self.nodes: list[Node] = []
        self.interned: dict[float, Node] = {}
        self.remembered: dict[Any, Node] = {}
        self.update = compile_update(UPDATES.get(model.accumulation, "m + p"))
        self.compiled: dict[str, Rule] = {}
        self.is_set = model.order.startswith("set") or model.identity == "keyed"
        self.is_right = model.order.endswith("right")
        self.is_usual = (
            model.identity == "object"
            and model.accumulation not in SHARES
            and model.accumulation not in ("late", "whole for whole")
        )
        self.step_of = OPERAND_OF.get(model.traversal)
        self.steps = 0
        self.depth = 0
        self.read = 0  # how many nodes there were when a tape was cleared
        self.kept: list[Node] = []  # the order of the graphs before
        self.latest: dict[int, Node] = {}  # the last node that was made by a rule

    def leaf(self, number: float) -> Node:
        """Makes a leaf."""
        if self.model.identity == "interned":
            if number not in self.interned:
                self.interned[number] = self._new(number)
            return self.interned[number]
        return self._new(number)

    def _new(self, number: float) -> Node:
        node = Node(number, len(self.nodes))
        if self.model.traversal == "ones":
            node.grad = 1.0
        self.nodes.append(node)
        return node

    def apply(self, operation: str, left: Any, right: Any = None) -> Any:
        """Makes the result of an operation; a plain number where the model makes one."""
        is_left = type(left) is Node
        if right is None:
            if not is_left:
                return _compute(operation, left)
            form = operation
        else:
            is_right = type(right) is Node
            if not (is_left or is_right):
                return _compute(operation, left, right)
            form = f"{operation}{'V' if is_left else 'N'}{'V' if is_right else 'N'}"
        recipe = self.recipes.get(form)
        if recipe is None and "=" in form:
            recipe = "plain"
        if recipe is None or recipe == "native":
            return self._make(form, left, right)
        if recipe == "plain":
            return self.apply(operation.removesuffix("="), left, right)
        if recipe == "mutate":
            left.data = _compute(operation, left.data, right.data if type(right) is Node else right)
            return left
        if recipe == "mutate-graph":
            return self._mutate(left, right)
        written = written_recipes(form)[recipe]
        self.depth += 1
        if self.depth > DEEPEST_RECIPE:
            raise UnknownError
        made = self._follow(written, left, right)
        self.depth -= 1
        return made

    def _follow(self, recipe: object, left: Any, right: Any) -> Any:
        if type(recipe) is not tuple:
            return left if recipe == "l" else right if recipe == "r" else recipe
        sign, *written = recipe
        operands = [self._follow(one, left, right) for one in written]
        if sign == "V":
            return operands[0] if type(operands[0]) is Node else self.leaf(operands[0])
        if sign == "minus":
            return self.apply("neg", operands[0])
        if sign == "inverse":
            return self.apply("**", operands[0], -1)
        if sign == "ln":
            return self.apply("log", operands[0])
        return self.apply(sign, *operands)

    def _mutate(self, left: Node, right: Any) -> Node:
        other = right if type(right) is Node else self.leaf(right)
        before = Node(left.data, left.made)
        before.rule, before.operands, before.numbers = left.rule, left.operands, left.numbers
        before.extra = left.extra
        left.data += other.data
        left.children = [*left.children, other]
        left.extra = (other, before)
        return left

    def _make(self, form: str, left: Any, right: Any) -> Any:
        rule = self.compiled.get(form)
        if rule is None:
            rule = self.compiled[form] = compile_settings(form, tuple(self.rules.get(form, ())))
        operands: tuple[Node, ...]
        if right is None:
            operands, number = (left,), 0.0
        elif type(left) is not Node:
            operands, number = (right,), left
        elif type(right) is not Node:
            operands, number = (left,), right
        else:
            operands, number = (left, right), 0.0
        a = operands[0].data
        b = operands[-1].data
        value = rule.value(a, b, number, 0.0, 0.0, 0.0, 0.0)
        if type(value) is bool:
            value = float(value)
        if rule.result == "number":
            return value
        if rule.result in ("operand", "other operand"):
            return operands[0 if rule.result == "operand" else -1]
        key = None
        if self.model.identity == "remembered" and len(operands) == 1 and right is None:
            key = (form, a)
            if key in self.remembered:
                return self.remembered[key]
        node = self._new(value)
        if key is not None:
            self.remembered[key] = node
        if rule.effect == "changes operand":
            operands[0].data = value
        if rule.step:
            node.step = None
            operands[0 if rule.step == "operand" else -1].step = node
        if rule.result == "leaf":
            return node
        node.rule, node.operands, node.numbers = rule, operands, number
        self.latest[id(rule)] = node
        node.children = [one for one, kept in zip(operands, rule.kept, strict=True) if kept]
        if self.is_set:
            node.children = list(dict.fromkeys(node.children))
        if self.model.identity in ("value sets", "equal children"):
            unique: dict[float, Node] = {}
            for one in node.children:
                unique.setdefault(one.data, one)
            node.children = list(unique.values())
        if self.is_right:
            node.children.reverse()
        for one in operands:
            one.users.append(node)
        if self.step_of is not None:
            operands[self.step_of].extra = node
        return node

    def push(self, node: Node) -> None:
        """Hands a node's gradient on to its operands."""
        if node.step is not node:
            if node.step is None:
                return
            node = node.step
        if node.extra is not None and type(node.extra) is tuple:
            other, before = node.extra
            self.give(other, node.grad, None)
            before.grad = node.grad
            for i in range(len(before.operands)):
                self.push_one(before, i)
            return
        for i in self.positions(node):
            self.push_one(node, i)
        if node.rule is not None and node.rule.effect == "recurses":
            for operand in node.operands:
                self.push(operand)

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


def _compute(operation: str, left: float, right: float = 0.0) -> float:
    plain = operation.removesuffix("=")
    form = f"{plain}VV" if plain in OPERATORS else plain
    return compile_rule(RULES[form][0])(left, right, 0.0, 0.0, 0.0, 0.0, 0.0)
