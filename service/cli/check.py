"""`chainrule check` and `chainrule suites`: grading here, with no server."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click

from service.cli.refused import Refused

ALL_PASSED, SOMETHING_FAILED, NOT_GRADABLE = 0, 1, 2


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--suite",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this suite; give it several times for several.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Repeat a run with the seed of its report."
)
def check(file: Path, names: tuple[str, ...], as_json: bool, seed: int | None) -> None:
    """Grade FILE here, in the sandbox, with no server.

    Exits with 0 when every case passed, 1 when one did not, 2 when the file cannot be graded.
    """
    from service.settings import read_require_landlock
    from worker import suites as catalogue
    from worker.grade import grade
    from worker.sandbox import Sandbox
    from worker.scoring import Selection

    source = _read(file)
    _refuse_unknown(names)
    with ThreadPoolExecutor(1) as aside:
        # Its processes start while the suites are read.
        opening = aside.submit(Sandbox, read_require_landlock())
        seed = int.from_bytes(os.urandom(4)) if seed is None else seed
        chosen = [catalogue.load(name, seed) for name in dict.fromkeys(names) or catalogue.names()]
    with opening.result() as sandbox:
        report = grade(
            source,
            [Selection(suite=suite, weight=suite.weight) for suite in chosen],
            sandbox,
            seed=seed,
        )
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=2))
    else:
        from service.cli.display import show_report

        show_report(report.to_json(), file.name)
    if report.problem is not None:
        sys.exit(NOT_GRADABLE)
    sys.exit(ALL_PASSED if report.all_passed else SOMETHING_FAILED)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def suites(as_json: bool) -> None:
    """List the suites that a file can be graded by."""
    from worker import suites as catalogue

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
        points = f"{suite.weight:3g} points" if suite.weight else "not marked"
        click.echo(f"{suite.name:{width}}  {suite.cases:3} cases  {points}  {suite.title}")


def _read(file: Path) -> str:
    from service.errors import ServiceError
    from service.uploads import decode_source

    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return decode_source(content)
    except ServiceError as error:
        raise Refused(f"{file}: {error.message}") from None


def _refuse_unknown(names: tuple[str, ...]) -> None:
    from worker import suites

    for name in set(names).difference(suites.names()):
        known = ", ".join(suites.names())
        raise click.UsageError(f"There is no suite {name!r}. There are: {known}.")
