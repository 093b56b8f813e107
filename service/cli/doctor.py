"""`chainrule doctor`: whether the sandbox works on this machine."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worker.sandbox.doctor.examination import Examination

MARKS = {"in force": ("✓", "green"), "missing": ("–", "yellow"), "unknown": ("?", "red")}


@click.command(short_help="Examine the sandbox of this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(as_json: bool) -> None:
    """Examine the sandbox of this machine: every layer, and canary attacks on them.

    Exits with 1 if submissions must not run here.
    """
    from service.settings import read_require_landlock
    from worker.sandbox.doctor.examination import examine

    found = examine(read_require_landlock())
    if as_json:
        result = {**dataclasses.asdict(found), "safe": found.safe, "warning": found.warning}
        click.echo(json.dumps(result, indent=2))
    else:
        _show(found)
    sys.exit(0 if found.safe else 1)


def _show(found: Examination) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    layers = Table(
        box=None, padding=(0, 1), header_style="dim", title="Layers", title_justify="left"
    )
    for heading in ("", "layer", "state", "what it guarantees"):
        layers.add_column(heading)
    for layer in found.layers:
        mark, colour = MARKS[layer.state.value]
        state = f"{layer.state.value}, {layer.detail}" if layer.detail else layer.state.value
        needed = " (required)" if layer.required and layer.state.value != "in force" else ""
        layers.add_row(Text(mark, colour), layer.name, state + needed, layer.guarantee)
    console.print(layers)
    if not found.error:
        held = sum(canary.contained for canary in found.canaries)
        console.print(f"\n[dim]Canaries[/]\n  {held} of {len(found.canaries)} attacks contained")
        runs = f"does not run: {found.harmless}" if found.harmless else "runs"
        console.print(Text(f"  a harmless program {runs}", "red bold" if found.harmless else ""))
    for canary in found.escaped:
        console.print(Text(f"  ✗ {canary.name}: it was possible to {canary.attempts}", "red bold"))
        console.print(Text(f"    {canary.seen}"))
    for text, colour in ((found.warning, "yellow"), (found.error, "red")):
        if text:
            console.print(Text(f"\n{text}", colour))
    verdict = "Submissions can run here." if found.safe else "Submissions must not run here."
    console.print(Text(f"\n{verdict}", "bold green" if found.safe else "bold red"))
