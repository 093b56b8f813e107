"""Diagnoses a sample of mutants in a few minutes, and sorts those that it can't explain.

    python -m tests.strength.sample                  200 mutants of all kinds
    python -m tests.strength.sample --count 1000 --seed 3 --only forms

The same seed chooses the same mutants. At most two processes work.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial

from tests.strength.diagnosis import (
    Row,
    add,
    answering,
    examine,
    find_claim,
    held_out_questions,
    hold_out,
    predicts_all,
    write_row,
)
from tests.strength.forms.engine import TRAVERSALS, compile_method
from tests.strength.forms.engine import build as build_form
from tests.strength.forms.mistakes import Mutant as FormMutant
from tests.strength.forms.mistakes import make_mutants as make_forms
from tests.strength.grading import selections
from tests.strength.mutants import Clock
from tests.strength.mutations import build, make_mutants

MOST_PROCESSES = 2
GROUPS = ("reference", "forms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A mutant: its kind, its name, and how its class is made."""

    kind: str
    name: str
    build: Callable[[Callable[[], None]], type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What diagnosis says about a mutant that is wrong by numbers."""

    kind: str
    name: str
    mistakes: int
    exact: bool
    held_out: bool | None  # whether a claim predicts graphs that no search has seen
    seconds: float


@cache
def specimens(group: str) -> Sequence[Specimen]:
    """All mutants of a group, each form's with one of the traversals in turn."""
    return tuple(_of_reference() if group == "reference" else _of_forms())


def _of_reference() -> Iterator[Specimen]:
    for mutant in make_mutants():
        yield Specimen(kind=mutant.function, name=mutant.name, build=partial(build, mutant))


def _of_forms() -> Iterator[Specimen]:
    traversals = list(TRAVERSALS)
    for index, mutant in enumerate(make_forms()):
        traversal = traversals[index % len(traversals)]
        yield Specimen(
            kind=str(mutant.kind),
            name=f"{mutant.name} [{traversal}]",
            build=partial(_build_form, traversal, mutant),
        )


def _build_form(traversal: str, mutant: FormMutant, _: Callable[[], None]) -> type:
    return build_form(traversal, mutant.method, compile_method(mutant.text))


def choose(count: int, seed: int, groups: Sequence[str] = GROUPS) -> list[tuple[str, int]]:
    """Mutants by group and index, in an order that the seed gives."""
    everything = [(group, i) for group in groups for i in range(len(specimens(group)))]
    random.Random(seed).shuffle(everything)
    return everything[:count]


def examine_one(chosen: tuple[str, int]) -> Examined | None:
    """Diagnoses a mutant; None if it isn't wrong by numbers."""
    group, index = chosen
    specimen = specimens(group)[index]
    clock = Clock()
    answer = answering(specimen.build(clock.tick), clock)
    started = time.process_time()
    found = examine(answer)
    if found is None:
        return None
    seconds = time.process_time() - started
    model = find_claim(found)
    return Examined(
        kind=f"{group}, {specimen.kind}",
        name=specimen.name,
        mistakes=len(found.diagnoses),
        exact=bool(found.diagnoses) and all(one.exact for one in found.diagnoses),
        held_out=predicts_all(model, map(answer, held_out_questions())) if model else None,
        seconds=seconds,
    )


def examine_all(chosen: Sequence[tuple[str, int]], processes: int) -> list[Examined]:
    """Diagnoses mutants, in their order."""
    for group in GROUPS:
        specimens(group)
    selections()
    held_out_questions()
    with multiprocessing.get_context("fork").Pool(min(processes, MOST_PROCESSES)) as pool:
        return [one for one in pool.imap(examine_one, chosen, chunksize=4) if one is not None]


def tabulate(examined: Sequence[Examined]) -> Row:
    """What diagnosis says about these mutants, as a row of `make strength`."""
    row = Row()
    for one in examined:
        add(row, one.name, exact=one.exact, mistakes=one.mistakes)
        hold_out(row, one.name, one.held_out)
    return row


def count_kinds(examined: Sequence[Examined]) -> list[str]:
    """For each kind of mutant, how many diagnosis explains."""
    made = Counter(one.kind for one in examined)
    exact = Counter(one.kind for one in examined if one.exact)
    return [f"{exact[kind]:4} of {made[kind]:4}  {kind}" for kind in sorted(made)]


def main() -> None:
    """Print how many of a sample of mutants are explained, and which aren't."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--count", type=int, default=260, help="mutants, right ones included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=GROUPS)
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    groups = (given.only,) if given.only else GROUPS
    examined = examine_all(choose(given.count, given.seed, groups), given.processes)
    seconds = sorted(one.seconds for one in examined)
    print("\n".join(write_row("Mutants", tabulate(examined))))
    print("\n".join(count_kinds(examined)))
    middle, high = seconds[len(seconds) // 2], seconds[len(seconds) * 9 // 10]
    print(f"CPU median {middle:.3f} s, p90 {high:.3f} s")


if __name__ == "__main__":
    main()
