"""The table of `make strength`: for each form and kind of mistake, killed and made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.strength.forms.mistakes import Kind, Mutant
from tests.strength.forms.random_graphs import find_difference
from tests.strength.forms.run import Outcome
from tests.strength.forms.table import FORMS

EXPLAINED = Path(__file__).parent / "equivalent.txt"
MOST_EXPLAINED = 0.03  # of all mutants


@cache
def read_explained() -> dict[str, str]:
    """The mutants that no test can catch, each with the reason: `# reason` above its mutants."""
    reasons: dict[str, str] = {}
    reason: list[str] = []
    for line in EXPLAINED.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            reason.append(line.removeprefix("# "))
        elif line:
            reasons[line] = " ".join(reason)
        else:
            reason = []
    return reasons


def write_table(outcome: Outcome) -> Iterator[str]:
    """A line for each form: killed/made for each kind, and the suites that kill first."""
    kinds = list(Kind)
    yield f"  {'form':9}" + "".join(f"{kind:>10}" for kind in kinds) + "  first killed by"
    for form in FORMS:
        if form.name in outcome.untested:
            yield f"  {form.name:9} no case that gives points has this form"
            continue
        mutants = [mutant for mutant in outcome.mutants if mutant.form is form]
        cells = (_count(outcome, mutants, kind) for kind in kinds)
        suites = Counter(
            outcome.killers[mutant.name].partition("/")[0]
            for mutant in mutants
            if mutant.name not in outcome.survivors
        )
        first = ", ".join(f"{suite} {kills}" for suite, kills in suites.most_common())
        yield f"  {form.name:9}" + "".join(f"{cell:>10}" for cell in cells) + f"  {first}"
    cells = (_count(outcome, outcome.mutants, kind) for kind in kinds)
    yield f"  {'all':9}" + "".join(f"{cell:>10}" for cell in cells)


def explain_survivors(outcome: Outcome) -> Iterator[str]:
    """A line for each survivor without a proof: a program that shows it, or that none does."""
    by_name = {mutant.name: mutant for mutant in outcome.mutants}
    for name, traversals in outcome.survivors.items():
        if name not in read_explained():
            program = find_difference(by_name[name], traversals[0])
            shown = "; ".join(program.splitlines()) if program else "no random graph differs"
            yield f"{name}  [{', '.join(traversals)}]  {shown}"


def _count(outcome: Outcome, mutants: list[Mutant], kind: Kind) -> str:
    made = [mutant.name for mutant in mutants if mutant.kind is kind]
    killed = sum(name not in outcome.survivors for name in made)
    return f"{killed}/{len(made)}" if made else "-"
