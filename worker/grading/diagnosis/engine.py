"""A simulated engine: how it makes its nodes."""

from __future__ import annotations

from typing import Any

from worker.grading.diagnosis.forms import COERCED, OPERATORS, RULES, written_recipes
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.prepared import Sorted
from worker.grading.diagnosis.rules import Rule, compile_rule, compile_settings
from worker.grading.diagnosis.shares import Shares, UnknownError

OPERAND_OF = {"on the operand": 0, "on the other operand": -1}  # which keeps the step
NOT_SIMPLE = frozenset({"ones", *OPERAND_OF})  # traversals that change how nodes are made
DEEPEST_RECIPE = 6  # recipes may refer to one another


class Engine(Shares):
    """A simulated engine, for one graph."""

    def __init__(self, model: Model, known: Sorted | None = None) -> None:
        """`known` are the orders of this graph's nodes that other engines have found."""
        super().__init__(model)
        self.recipes = dict(model.recipes)
        self.rules: dict[str, list[tuple[str, str]]] = {}
        for primitive, aspect, text in model.rules:
            self.rules.setdefault(primitive, []).append((aspect, text))
            if (aspect, text) == ("step", "operation"):  # such a step unpacks two nodes
                self.recipes = {**COERCED, **self.recipes}
                known = None
        self.nodes: list[Node] = []
        self.interned: dict[float, Node] = {}
        self.remembered: dict[Any, Node] = {}
        self.compiled: dict[str, Rule] = {}
        self.is_set = model.order.startswith("set") or model.identity == "keyed"
        self.is_right = model.order.endswith("right")
        self.step_of = OPERAND_OF.get(model.traversal)
        self.is_simple = (
            model.identity == "object" and not self.is_set and model.traversal not in NOT_SIMPLE
        )
        self.known = known if self.is_simple else None
        self.depth = 0
        self.read = 0  # how many nodes there were when a tape was cleared
        self.kept: list[Node] = []  # the order of the graphs before

    def leaf(self, number: float) -> Node:
        """Makes a leaf."""
        if self.model.identity == "interned":
            node = self.interned.setdefault(number, Node(number, len(self.nodes)))
            if node.made == len(self.nodes):
                self.nodes.append(node)
            node.grad = 0.0  # `__init__` runs again
            return node
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
        return self.make(operation, form, left, right)

    def make(self, operation: str, form: str, left: Any, right: Any) -> Any:
        """Makes the result of an operation in one of its forms. See `apply`."""
        recipe = self.recipes.get(form)
        if recipe is None and "=" in form:
            recipe = "plain"
        if recipe is None or recipe == "native":
            return self._make_native(form, left, right)
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

    def _make_native(self, form: str, left: Any, right: Any) -> Any:
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
        value = rule.value(operands[0].data, operands[-1].data, number, 0.0, 0.0, 0.0, 0.0)
        if type(value) is bool:
            value = float(value)
        if self.is_simple and rule.is_simple:
            node = Node(value, len(self.nodes))
            self.nodes.append(node)
            node.rule, node.operands, node.numbers = rule, operands, number
            node.children = operands[::-1] if self.is_right else operands
            return node
        return self._make_odd(form, rule, operands, number, value, is_unary=right is None)

    def _make_odd(
        self,
        form: str,
        rule: Rule,
        operands: tuple[Node, ...],
        number: float,
        value: float,
        *,
        is_unary: bool,
    ) -> Any:
        """Makes the result of an operation that has a mistake in how it does that."""
        self.known = None
        if rule.result == "number":
            return value
        if rule.result in ("operand", "other operand"):
            return operands[0 if rule.result == "operand" else -1]
        key = None
        if is_unary and self.model.identity in ("remembered", f"remembered {form}"):
            key = (form, operands[0].data)
            if key in self.remembered:
                return self.remembered[key]
        node = self._new(value)
        if key is not None:
            self.remembered[key] = node
        if rule.effect == "changes operand":
            operands[0].data = value
        if rule.step:
            node.step = None
            if rule.step != "operation":
                operands[0 if rule.step == "operand" else -1].step = node
            else:
                operands[0].step, operands[0].rule = operands[0], rule
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
            node.children = node.children[::-1]
        if self.step_of is not None:
            operands[self.step_of].extra = node
        return node


def _compute(operation: str, left: float, right: float = 0.0) -> float:
    plain = operation.removesuffix("=")
    form = f"{plain}VV" if plain in OPERATORS else plain
    return compile_rule(RULES[form][0])(left, right, 0.0, 0.0, 0.0, 0.0, 0.0)
