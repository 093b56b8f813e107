"""The strength of the suites, measured: `make strength`. It fails if a stated figure is missed."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.strength.corpus import files
from tests.strength.counterexamples import Parts, Proof, find_right, prove_all, write_proofs
from tests.strength.diagnosis import Row, count, write_row
from tests.strength.floors import Figures, find_missed
from tests.strength.forms.report import explain_survivors, read_explained, write_table
from tests.strength.forms.run import run_mutants as run_forms
from tests.strength.grading import grade_all, selections
from tests.strength.held_out import Graded, grade_and_hold_out
from tests.strength.mutants import read_equivalent, run_mutants
from tests.strength.pairs import REPAIRS, find_raises, score_alone
from tests.strength.sample import choose, examine_all
from tests.strength.sample import tabulate as tabulate_mutants
from tests.strength.table import Table, points_lost, tabulate
from tests.students import engine, names
from tests.students.more_slips import MORE_SLIPS
from tests.students.one_slip import SLIPS
from tests.students.unseen_slips import unseen
from worker.report.model import Report
from worker.sandbox import Sandbox

MUTANTS = 1_600  # diagnosed; about 1,200 of them are wrong by numbers


def main() -> None:
    """Print what the suites catch, what they miss, and what they charge correct engines.

    Exits with 1 if a figure is below its floor, and prints which.
    """
    with Sandbox() as sandbox:
        wrong = {
            path.stem: grade_and_hold_out(path.read_text(encoding="utf-8"), sandbox)
            for path in files()
        }
        right = {name: grade_all(engine(name), sandbox) for name in names("right")}
        others = {
            name: grade_all(engine(name), sandbox)
            for folder in ("partial", "spellings", "single")
            for name in names(folder)
        }
        unseen_styles = {name: grade_and_hold_out(source, sandbox) for name, source in unseen()}
        by_names = find_right(sandbox)
    reports = {name: one.report for name, one in wrong.items()}
    _print_table(tabulate(reports), len(wrong))
    _print_right(right)
    figures = Figures(
        corpus=_count(wrong),
        styles=_count(unseen_styles),
        mutants=tabulate_mutants(examine_all(choose(MUTANTS, seed=1), processes=2)),
        claims=[name for name, report in (right | others).items() if report.diagnoses],
        proofs=_prove(wrong | unseen_styles, by_names),
    )
    _print_diagnoses(figures)
    _print_mutants()
    _print_forms()
    _print_pairs()
    missed = list(find_missed(figures))
    _print_list("Floors that are missed", missed)
    sys.exit(bool(missed))


def _count(graded: dict[str, Graded]) -> Row:
    held_out = {name: one.held_out for name, one in graded.items() if one.held_out is not None}
    return count({name: one.report for name, one in graded.items()}, held_out)


def _prove(graded: dict[str, Graded], by_names: dict[Parts, str]) -> list[Proof]:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in files()} | dict(unseen())
    return prove_all({name: one.report for name, one in graded.items()}, sources, by_names)


def _print_table(table: Table, engines: int) -> None:
    caught = engines - len(table.survivors)
    print(f"Wrong engines: {engines}, of which {caught} lose points")
    print(f"  {'suite':16}{'points':>7}{'cases':>7}{'fail':>6}{'charged':>9}{'here alone':>12}")
    for row in table.rows:
        print(
            f"  {row.suite:16}{row.weight:7g}{row.cases:7}{row.failing:6}{row.charged:9}"
            f"{row.alone:12}"
        )
    _print_list("Not caught by a suite that gives points", table.survivors)
    lonely = [f"{name}  by {case}" for name, case in table.lonely.items()]
    _print_list("Caught by one case alone", lonely)
    _print_list("Cases that no wrong engine fails", table.idle)


def _print_right(right: dict[str, Report]) -> None:
    lost = {name: points_lost(report) for name, report in right.items()}
    print(f"\nRight engines: {len(right)}, points lost: {sum(lost.values()):g}")
    for name, points in lost.items():
        if points:
            print(f"  {name}  {points:g}")


def _print_diagnoses(figures: Figures) -> None:
    print("\nDiagnosis of engines with wrong numbers")
    for title, row in (
        ("Wrong engines", figures.corpus),
        ("Wrong engines in other styles", figures.styles),
        ("Mutants", figures.mutants),
    ):
        print("\n".join(f"  {line}" for line in write_row(title, row)))
    _print_list("Claims about right, partial, odd and single-precision engines", figures.claims)
    print()
    engines = figures.corpus.engines + figures.styles.engines
    print("\n".join(write_proofs(figures.proofs, engines)))


def _print_mutants() -> None:
    outcome = run_mutants(item.suite for item in selections() if item.weight)
    explained = read_equivalent()
    unexplained = [name for name in outcome.survivors if name not in explained]
    share = outcome.killed / outcome.made
    print(f"\nMutants of the reference engine: {outcome.made:,}, caught: {share:.1%}")
    print(f"  equivalent, and explained in equivalent.txt: {len(explained):,}")
    by_suite: dict[str, int] = {}
    for case, kills in outcome.kills.items():
        suite = case.partition("/")[0]
        by_suite[suite] = by_suite.get(suite, 0) + kills
    firsts = ", ".join(f"{suite} {kills:,}" for suite, kills in by_suite.items())
    print(f"  caught first by: {firsts}")
    _print_list("Mutants that survive unexplained", unexplained)


def _print_forms() -> None:
    outcome = run_forms(item.suite for item in selections() if item.weight)
    made, survived = len(outcome.mutants), len(outcome.survivors)
    print(f"\nMutants of forms: {made:,}, killed: {1 - survived / made:.1%} (killed/made)")
    for line in write_table(outcome):
        print(line)
    print(f"  proved equivalent in equivalent.txt: {len(read_explained())}")
    _print_list("Mutants of forms without a proof", list(explain_survivors(outcome)))


def _print_pairs() -> None:
    slips = SLIPS | MORE_SLIPS
    scores = score_alone(slips)
    raises = find_raises(slips, scores)
    lost = {name: scores["right"] - score for name, score in scores.items()}
    print(f"\nEngines with one slip: {len(slips)}, points lost")
    for name, points in sorted(lost.items(), key=lambda pair: pair[1]):
        print(f"  {points:6.2f}  {name}")
    _print_list(
        "Pairs whose second slip raises the score, listed as repairs or not",
        [
            f"{' and '.join(one.slips)}: {one.alone:.2f} to {one.together:.2f}, "
            f"{REPAIRS.get(one.slips, 'not listed')}"
            for one in raises
        ],
    )


def _print_list(title: str, items: Sequence[str]) -> None:
    print(f"\n{title}: {len(items)}")
    for item in items:
        print(f"  {item}")


if __name__ == "__main__":
    main()
