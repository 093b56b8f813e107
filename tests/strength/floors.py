"""The figures that `make strength` requires."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.strength.counterexamples import Proof
from tests.strength.diagnosis import Row

EXPLAINED = {"wrong engines": 0.99, "mutants": 0.95, "wrong engines in other styles": 0.85}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What diagnosis says about wrong engines and mutants, and `claims` about engines without one.

    `proofs` are those of the counterexamples.
    """

    corpus: Row
    styles: Row
    mutants: Row
    claims: Sequence[str]
    proofs: Sequence[Proof]


def find_missed(figures: Figures) -> Iterator[str]:
    """Yields a line for each figure that is below its floor."""
    rows = {
        "wrong engines": figures.corpus,
        "mutants": figures.mutants,
        "wrong engines in other styles": figures.styles,
    }
    for title, row in rows.items():
        if row.share < EXPLAINED[title]:
            yield f"{title}: {row.share:.1%} are explained, at least {EXPLAINED[title]:.0%}"
        if row.failing:
            yield f"{title}: {len(row.failing)} of {row.claims} claims fail on an unseen graph"
    if figures.claims:
        yield f"claims about engines without a mistake: {len(figures.claims)}"
    unproven = sum(not one.holds for one in figures.proofs)
    if unproven:
        yield f"counterexamples that don't hold: {unproven} of {len(figures.proofs)}"
