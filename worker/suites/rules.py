"""Rules: what a graph needs of an engine. Where a simple case shows one broken, graphs that need it
can show nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from worker.graph import FUNCTIONS, IN_PLACE, Apply, Constant, Graph

REUSE = "reuse"  # of a value, whose gradient is then a sum

# Shapes of graphs: what backward must master beside the rules.
CHAIN = "chain"  # an operation on a result, so that a gradient is passed on
SHARED = "shared result"  # a result used more than once, so that it matters when it is passed on

VALUES: Mapping[str, str] = {
    "+": "addition",
    "-": "subtraction",
    "*": "multiplication",
    "/": "division",
    "**": "a Value as exponent",
    "neg": "negation",
    **{name: name for name in FUNCTIONS},
}
NUMBER_ON_THE_RIGHT: Mapping[str, str] = {
    "+": "addition of a number",
    "-": "subtraction of a number",
    "*": "multiplication by a number",
    "/": "division by a number",
    "**": "power",
}
NUMBER_ON_THE_LEFT: Mapping[str, str] = {
    "+": "addition to a number",
    "-": "subtraction from a number",
    "*": "multiplication of a number",
    "/": "division of a number",
    "**": "power of a number",
}
IN_PLACE_FORMS: Mapping[str, str] = {
    "+=": "in-place addition",
    "-=": "in-place subtraction",
    "*=": "in-place multiplication",
    "/=": "in-place division",
    "**=": "in-place power",
}
NAMES = frozenset(
    {
        REUSE,
        *VALUES.values(),
        *NUMBER_ON_THE_RIGHT.values(),
        *NUMBER_ON_THE_LEFT.values(),
        *IN_PLACE_FORMS.values(),
    }
)


PHRASES: Mapping[str, str] = {
    REUSE: "values used more than once",
    **{rule: f"{rule} (2 {sign} x)" for sign, rule in NUMBER_ON_THE_LEFT.items()},
    **{rule: f"{rule} (x {sign} 2)" for sign, rule in NUMBER_ON_THE_RIGHT.items() if sign != "**"},
}


def spell_rule(rule: str) -> str:
    """The rule in the words of a message; a number's side is shown, as words hardly tell it."""
    return PHRASES.get(rule, rule)


def find_rules(graph: Graph) -> frozenset[str]:
    """The rules that a graph needs. A form that engines build from a plainer one needs that too:
    `x + 2` needs the addition of a number, and addition."""
    steps = [step for step in graph.nodes if isinstance(step, Apply)]
    uses = Counter(operand for step in steps for operand in step.operands)
    reused = any(count > 1 and isinstance(operand, int) for operand, count in uses.items())
    rules = {rule for step in steps for rule in _find_step_rules(step)}
    return frozenset(rules | ({REUSE} if reused else set()))


def find_shapes(graph: Graph) -> frozenset[str]:
    """What a graph asks of backward, whatever its operations are."""
    made = {node for node, step in enumerate(graph.nodes) if isinstance(step, Apply)}
    steps = [step for step in graph.nodes if isinstance(step, Apply)]
    uses = Counter(operand for step in steps for operand in step.operands if operand in made)
    shapes = {CHAIN} if uses else set()
    return frozenset(shapes | ({SHARED} if max(uses.values(), default=0) > 1 else set()))


def _find_step_rules(step: Apply) -> set[str]:
    plain = step.operation.removesuffix("=")
    literal = [isinstance(operand, Constant) for operand in step.operands]
    rules = {IN_PLACE_FORMS[step.operation]} if step.operation in IN_PLACE else set()
    if literal == [True, False]:
        rules.add(NUMBER_ON_THE_LEFT[plain])
    elif literal == [False, True]:
        rules.add(NUMBER_ON_THE_RIGHT[plain])
    if plain != "**" or not any(literal):
        rules.add(VALUES[plain])
    return rules
