"""What a change for some numbers does to the operations of one graph."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.rules import IDENTICAL, compile_rule

Use = tuple[bool, tuple[float, float, float]]  # whether both operands are one node; a, b and n
Effect = tuple[tuple[str, str, tuple[bool, ...]], ...]  # the aspect, what happens there, and where


def find_effect(change: Change, uses: Sequence[Use]) -> Effect:
    """Returns for which uses of its form a change does what: changes with one effect are alike.

    It is empty for what isn't about some numbers only.
    """
    effect = []
    for _, aspect, text in change.rules:
        if not aspect.startswith("branch"):
            return ()
        condition, behaviour = text.split(": ")
        effect.append((aspect, behaviour, _find_where(condition, tuple(uses))))
    return tuple(effect)


@lru_cache(maxsize=4096)
def _find_where(condition: str, uses: tuple[Use, ...]) -> tuple[bool, ...]:
    if condition == IDENTICAL:
        return tuple(is_same for is_same, _ in uses)
    holds = compile_rule(condition)
    return tuple(bool(holds(*numbers, 0.0, 0.0, 0.0, 0.0)) for _, numbers in uses)
