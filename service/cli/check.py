"""`chainrule check` and `chainrule suites`: grading on this machine, without a server."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.errors import CommandError
from service.cli.options.names import PartNames
from service.courses.seeds import MAX_SEED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.report.model import Report
    from worker.report.names import Names
    from worker.suites.cases import Suite

ALL_PASSED, SOMETHING_FAILED, NOT_GRADABLE = 0, 1, 2
EPILOG = """\b
Examples:
  chainrule check value.py
  chainrule check value.py --suite rules --suite reuse
  chainrule check value.py --explain reuse/sum-twice
  chainrule check scalar.py --names class=Scalar,data=value

The exit code is 0 if every test passed, 1 if one failed, and 2 if the file can't be graded.
Suites without points don't change it, unless you choose only such suites.
"""


@click.command(epilog=EPILOG, short_help="Grade a file on this machine, without a server.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--suite",
    "suite_names",
    multiple=True,
    metavar="NAME",
    help="Only this suite; repeat it for several. See: chainrule suites.",
)
@click.option(
    "--explain",
    "wanted",
    metavar="TEST",
    help="Show everything about one test, such as rules/product@1, or product for all its points.",
)
@click.option(
    "--names",
    type=PartNames(),
    metavar="PART=NAME,…",
    help="Require names for class, data, grad or backward, like an assignment does.",
)
@click.option(
    "--require-double",
    is_flag=True,
    help="Require double precision, like an assignment may. By default single precision passes.",
)
@click.option(
    "--seed",
    type=click.IntRange(1, MAX_SEED),
    default=1,
    show_default=True,
    metavar="N",
    help="Generates the random graphs. A report shows its seed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(
    file: Path,
    suite_names: tuple[str, ...],
    wanted: str | None,
    names: Names | None,
    require_double: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Grade FILE, a Python file or a notebook, in the sandbox of this machine."""
    from service.feedback.solutions import hide_solutions
    from service.feedback.summary import all_passed
    from worker.report.json import to_json
    from worker.suites import catalogue

    if wanted is not None and as_json:
        raise click.UsageError("--explain and --json can't be combined. Use one of them.")
    source = _read(file)
    _refuse_unknown(suite_names)
    chosen = tuple(dict.fromkeys(suite_names)) or catalogue.names()
    report, suites = _grade(
        source, chosen, wanted, names=names, require_double=require_double, seed=seed
    )
    if as_json:
        click.echo(json.dumps(hide_solutions(to_json(report)), indent=2))
    elif wanted is None or report.problem is not None:
        from service.cli.output.report import show_report

        service = os.environ.get("CHAINRULE_URL", "").rstrip("/")
        show_report(report, file.name, source, service=service)
    else:
        from service.cli.output.explain import explain
        from service.submissions.runnable import Loader

        passed = explain(report, suites, wanted, Loader.of(file.name, source))
        sys.exit(ALL_PASSED if passed else SOMETHING_FAILED)
    if report.problem is not None:
        sys.exit(NOT_GRADABLE)
    sys.exit(ALL_PASSED if all_passed(report) else SOMETHING_FAILED)


def _grade(
    source: str,
    chosen: Sequence[str],
    wanted: str | None,
    *,
    names: Names | None,
    require_double: bool,
    seed: int,
) -> tuple[Report, list[Suite]]:
    """The report and its suites. Raises CommandError first if there is no case `wanted`."""
    from service.cli.output.progress import show_progress
    from service.settings import read_require_landlock
    from worker.grading.grade import grade
    from worker.grading.marking import Selection
    from worker.sandbox import Sandbox
    from worker.suites import catalogue

    with ThreadPoolExecutor(1) as aside:
        # Its processes start while the suites are read.
        opening = aside.submit(Sandbox, read_require_landlock())
        suites = [catalogue.load(name, seed) for name in chosen]
    with opening.result() as sandbox:
        if wanted is not None:
            from service.cli.output.explain import find_cases

            find_cases(suites, wanted)
        with show_progress(suites) as on_case:
            report = grade(
                source,
                [Selection(suite=suite, weight=suite.weight) for suite in suites],
                sandbox,
                seed=seed,
                names=names,
                require_double=require_double,
                on_case=on_case,
            )
    return report, suites


@click.command(short_help="List the suites of tests.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def suites(as_json: bool) -> None:
    """List the suites that a file can be graded with."""
    from worker.suites import catalogue

    listed = [catalogue.outline(name) for name in catalogue.names()]
    if as_json:
        rows = [
            {
                "name": suite.name,
                "title": suite.title,
                "version": suite.version,
                "cases": suite.cases,
                "weight": suite.weight,
            }
            for suite in listed
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(suite.name) for suite in listed)
    for suite in listed:
        points = f"{suite.weight:3g} points" if suite.weight else " no points"
        click.echo(f"{suite.name:{width}}  {suite.cases:3} tests  {points}  {suite.title}")


def _read(file: Path) -> str:
    from service.errors import ServiceError
    from service.submissions.uploads import decode_source

    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}.") from None
    try:
        return decode_source(content, file.name)
    except ServiceError as error:
        raise CommandError(f"{file}: {error.message}") from None


def _refuse_unknown(names: tuple[str, ...]) -> None:
    from worker.suites import catalogue

    for name in set(names).difference(catalogue.names()):
        known = ", ".join(catalogue.names())
        raise CommandError(f"There is no suite {name!r}. There are: {known}.")
