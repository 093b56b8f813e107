"""Rules: what an engine must be able to do for a graph.

If a simple case shows that a rule is broken, graphs that need the rule show nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from worker.graph import FUNCTIONS, IN_PLACE, Apply, Constant, Graph

# Rules of the backward pass, whatever the operations are.
SEED = "seed"  # the output's own gradient is 1
CHAIN = "chain"  # an operation on a result, so backward passes a gradient on
REUSE = "reuse"  # a value is used more than once, so its gradient is a sum
EQUAL = "equal numbers"  # two nodes have the same number, and each has its own gradient
SHARED = "shared results"  # a result is used more than once, so the order of backward matters

# No suite establishes these, but mistakes are about them, and a lesson teaches each.
GRAPHS = "two graphs"  # one graph doesn't disturb another
ALL_FUNCTIONS = "functions"

# No rule of its own, but a cause: numbers that are rounded, or kept with too few digits.
PRECISION = "precision"

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
FUNCTIONS_IN_ORDER = ("exp", "log", "tanh", "sigmoid", "relu", "abs", "sqrt", "sin", "cos")
# Engines build later rules from earlier ones, so the first broken rule explains the most.
RULES_IN_ORDER: tuple[str, ...] = (
    *(SEED, CHAIN),
    *(VALUES[sign] for sign in ("+", "*", "neg", "-")),
    *(NUMBER_ON_THE_RIGHT["**"], VALUES["/"], VALUES["**"]),
    *(NUMBER_ON_THE_RIGHT[sign] for sign in ("+", "*", "-", "/")),
    *(NUMBER_ON_THE_LEFT[sign] for sign in ("+", "*", "-", "/", "**")),
    *(IN_PLACE_FORMS[sign] for sign in ("+=", "*=", "-=", "/=", "**=")),
    *FUNCTIONS_IN_ORDER,
    *(REUSE, EQUAL, SHARED),
)
NAMES = frozenset(RULES_IN_ORDER)

PHRASES: Mapping[str, str] = {
    SEED: "the backward pass",
    CHAIN: "passing gradients on",
    REUSE: "values used more than once",
    EQUAL: "nodes with equal numbers",
    SHARED: "results used more than once",
    PRECISION: "too few digits",
    **{rule: f"{rule} (2 {sign} x)" for sign, rule in NUMBER_ON_THE_LEFT.items()},
    **{rule: f"{rule} (x {sign} 2)" for sign, rule in NUMBER_ON_THE_RIGHT.items() if sign != "**"},
}


def spell_rule(rule: str) -> str:
    """Returns the rule in the words of a message: "multiplication of a number (2 * x)"."""
    return PHRASES.get(rule, rule)


def find_rules(graph: Graph) -> frozenset[str]:
    """Returns the rules that a graph needs, other than `EQUAL`, which depends on its numbers.

    Engines often build one form of an operation from another, so `x + 2` needs both the addition of
    a number and addition. A graph without backward needs its operations only.
    """
    steps = [step for step in graph.nodes if isinstance(step, Apply)]
    rules: set[str] = set()
    if graph.outputs:
        uses = Counter(operand for step in steps for operand in step.operands)
        reused = any(count > 1 and isinstance(operand, int) for operand, count in uses.items())
        rules = {SEED, *([REUSE] if reused else []), *find_shapes(graph)}
    for step in steps:
        plain = step.operation.removesuffix("=")
        literal = [isinstance(operand, Constant) for operand in step.operands]
        if step.operation in IN_PLACE:
            rules.add(IN_PLACE_FORMS[step.operation])
        if literal == [True, False]:
            rules.add(NUMBER_ON_THE_LEFT[plain])
        elif literal == [False, True]:
            rules.add(NUMBER_ON_THE_RIGHT[plain])
        if plain != "**" or not any(literal):
            rules.add(VALUES[plain])
    return frozenset(rules)


def find_shapes(graph: Graph) -> frozenset[str]:
    """Returns the shapes of a graph: `CHAIN`, `SHARED`, both or none."""
    results = {node for node, step in enumerate(graph.nodes) if isinstance(step, Apply)}
    steps = [step for step in graph.nodes if isinstance(step, Apply)]
    uses = Counter(operand for step in steps for operand in step.operands if operand in results)
    shapes = {CHAIN} if uses else set()
    return frozenset(shapes | ({SHARED} if max(uses.values(), default=0) > 1 else set()))
