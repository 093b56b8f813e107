"""Options that name the parts of an engine."""

from __future__ import annotations

import click

from worker.report.names import Names


class PartNames(click.ParamType[Names]):
    """Names of parts, such as `class=Scalar,grad=gradient`."""

    name = "part=name,…"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Names:
        """The names, each part at most once."""
        try:
            return Names.from_text(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
