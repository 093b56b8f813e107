"""The strength of the suites, measured: `make strength`."""

from __future__ import annotations

from tests.strength.corpus import files
from tests.strength.counterexamples import Parts, find_right, prove_all, write_proofs
from tests.strength.diagnosis import count, write_row
from tests.strength.forms.report import explain_survivors, read_explained, write_table
from tests.strength.forms.run import run_mutants as run_forms
from tests.strength.grading import grade_all, selections
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
    """Print what the suites catch, what they miss, and what they charge correct engines."""
    with Sandbox() as sandbox:
        wrong = {
            path.stem: grade_all(path.read_text(encoding="utf-8"), sandbox) for path in files()
        }
        right = {name: grade_all(engine(name), sandbox) for name in names("right")}
        others = {
            name: grade_all(engine(name), sandbox)
            for folder in ("partial", "spellings", "single")
            for name in names(folder)
        }
        unseen_styles = {name: grade_all(source, sandbox) for name, source in unseen()}
        by_names = find_right(sandbox)
    _print_table(tabulate(wrong), len(wrong))
    _print_right(right)
    _print_diagnoses(wrong, unseen_styles, right | others)
    _print_counterexamples(wrong | unseen_styles, by_names)
    _print_mutants()
    _print_forms()
    _print_pairs()


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


def _print_diagnoses(
    wrong: dict[str, Report], unseen_styles: dict[str, Report], right: dict[str, Report]
) -> None:
    print("\nDiagnosis of engines with wrong numbers")
    for title, row in (
        ("Wrong engines", count(wrong)),
        ("Wrong engines in other styles", count(unseen_styles)),
        ("Mutants", tabulate_mutants(examine_all(choose(MUTANTS, seed=1), processes=2))),
    ):
        print("\n".join(f"  {line}" for line in write_row(title, row)))
    claims = [name for name, report in right.items() if report.diagnoses]
    _print_list("Claims about right, partial, odd and single-precision engines", claims)


def _print_counterexamples(reports: dict[str, Report], by_names: dict[Parts, str]) -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in files()} | dict(unseen())
    proofs = prove_all(reports, sources, by_names)
    print()
    print("\n".join(write_proofs(proofs, count(reports).engines)))


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


def _print_list(title: str, items: list[str] | tuple[str, ...]) -> None:
    print(f"\n{title}: {len(items)}")
    for item in items:
        print(f"  {item}")


if __name__ == "__main__":
    main()
