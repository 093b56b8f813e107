"""Options that name the parts of an engine."""

from __future__ import annotations

import click

from worker.report.names import Names, is_name


class PythonName(click.ParamType[str]):
    """A valid Python name."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as given."""
        if not is_name(value):
            self.fail(f"{value!r} is not a valid Python name.", param, ctx)
        return value


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
