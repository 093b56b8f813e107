"""A progress bar on a terminal while cases run. It disappears when they are done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console

from worker.report.model import CaseReport
from worker.suites.cases import Suite

OnCase = Callable[[CaseReport], None]


@contextlib.contextmanager
def show_progress(
    suites: Sequence[Suite], console: Console | None = None
) -> Iterator[OnCase | None]:
    """A function to call after every case; None if the output is no terminal."""
    console = console or Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    titles = [suite.title for suite in suites for _ in suite.cases]  # cases come in this order
    with Progress(
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        console=console,
        transient=True,
    ) as progress:
        task = progress.add_task(titles[0], total=len(titles))
        ended = 0

        def advance(_: CaseReport) -> None:
            nonlocal ended
            ended += 1
            progress.update(task, completed=ended, description=titles[min(ended, len(titles) - 1)])

        yield advance
