"""Mistakes that show in an exception's message, and not in numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception
from worker.suites.rules import (
    CHAIN,
    EQUAL,
    IN_PLACE_FORMS,
    NUMBER_ON_THE_LEFT,
    NUMBER_ON_THE_RIGHT,
)

RETURNS_A_NUMBER = "returns-a-number"
WITH_A_NUMBER = frozenset(
    rule
    for forms in (NUMBER_ON_THE_LEFT, NUMBER_ON_THE_RIGHT, IN_PLACE_FORMS)
    for rule in forms.values()
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A message that shows a misconception. `rules` limits it to tests that need one of these."""

    message: re.Pattern[str]
    misconception: str
    rules: frozenset[str] = frozenset()


IN_MESSAGES = (
    Misconception(
        key="returns-nothing",
        number=18,
        title="An operation returns nothing",
        explanation=(
            "The method of this operation ends without returning its result, so Python returns "
            "None. Whatever uses the result fails."
        ),
        hint="What does the method give back after it has made the new node?",
        rule=CHAIN,
    ),
    Misconception(
        key=RETURNS_A_NUMBER,
        number=19,
        title="An operation returns a plain number",
        explanation=(
            "The result of this operation is a number and no node. It has no gradient and doesn't "
            "know its operands, so nothing can flow back through it."
        ),
        hint="What would backward() need to find in the result?",
        rule=CHAIN,
        cost=-1.0,  # a message has shown it already
    ),
    Misconception(
        key="recurses",
        number=35,
        title="A reflected operation calls itself for ever",
        explanation=(
            "For a plain number on the left, Python calls the reflected method. Yours asks Python "
            "for the same operation again, which calls the same method again."
        ),
        hint="With `other` still a plain number, which method does Python call next?",
        rule="addition of a number",
    ),
    Misconception(
        key="no-coercion",
        number=37,
        title="An operation doesn't accept plain numbers",
        explanation=(
            "The method treats its operand as a node, but it can be a plain number, which has no "
            "data and no gradient."
        ),
        hint="What does `other` hold in x + 2?",
        rule="addition of a number",
    ),
    Misconception(
        key="compares-nodes",
        number=48,
        title="A whole node is used where its number is needed",
        explanation=(
            "This operation gives a whole node to a function or a comparison, where the number "
            "inside the node is needed."
        ),
        hint="Which part of the node is its number?",
        rule=CHAIN,
    ),
    Misconception(
        key="isinstance-swapped",
        number=49,
        title="isinstance gets something that isn't a class",
        explanation=(
            "isinstance takes an object first, and a class or a tuple of classes second. Yours "
            "gets something else there. Perhaps the two are swapped, or it is a list."
        ),
        hint="Which of the two arguments of isinstance must be a class?",
        rule="addition of a number",
    ),
    Misconception(
        key="not-imported",
        number=50,
        title="A name is used that is never defined or imported",
        explanation=(
            "A function uses a name that the file never defines or imports. Python notices this "
            "only when the function runs."
        ),
        hint="Where in your file does Python learn what this name means?",
        rule=OPERATION,
    ),
    Misconception(
        key="unhashable",
        number=40,
        title="Nodes can't be put in a set",
        explanation=(
            "Your class defines how two nodes compare, but not how to hash one. Python then "
            "doesn't accept a node in a set or as the key of a dictionary."
        ),
        hint="When should two nodes be the same node, and what does your comparison say?",
        rule=EQUAL,
    ),
    Misconception(
        key="pair-of-operands",
        number=21,
        title="A list of one pair is written as a pair",
        explanation=(
            "The result should keep a list of pairs, and here there is only one. It's written so "
            "that Python sees the pair itself, and fails when it takes the list apart."
        ),
        hint="How does Python tell a pair of brackets from a tuple that holds one thing?",
        rule=CHAIN,
    ),
    Misconception(
        key="power-at-zero",
        number=32,
        title="The power rule divides by x",
        explanation=(
            "The slope of x ** n is computed by a division by x, or by a negative power of it. At "
            "x = 0 that fails, though the slope exists there."
        ),
        hint="What is the slope of x ** 2 at x = 0, and which step of yours can't compute it?",
        rule="power",
    ),
    Misconception(
        key="logarithm-of-base",
        number=55,
        title="x ** n also computes a logarithm of x",
        explanation=(
            "The logarithm belongs to the slope by the exponent. For a plain exponent it isn't "
            "needed, and for a negative x it doesn't exist."
        ),
        hint="When n is a plain number, who needs the slope with respect to n?",
        rule="power",
    ),
)
PATTERNS = tuple(
    Pattern(re.compile(message), misconception, frozenset(rules))
    for message, misconception, rules in (
        (r" gave None instead of a new node", "returns-nothing", ()),
        (r" gave (?:int|float) instead of a new node", RETURNS_A_NUMBER, ()),
        (r"RecursionError", "recurses", NUMBER_ON_THE_LEFT.values()),
        (r"isinstance\(\) arg 2 must be", "isinstance-swapped", ()),
        (r"NameError: name '\w+' is not defined", "not-imported", ()),
        (r"'(?:int|float)' object has no attribute", "no-coercion", WITH_A_NUMBER),
        (r"must be real number, not|not supported between", "compares-nodes", ()),
        (r"math domain error|expected a positive input", "logarithm-of-base", ("power",)),
        (r"unhashable type", "unhashable", ()),
        (r"cannot unpack non-iterable", "pair-of-operands", ()),
        (r"division by zero|cannot be raised to a negative power", "power-at-zero", ("power",)),
    )
)
