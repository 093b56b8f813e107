"""Names of an engine's parts, as options spell them."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from worker.sandbox.host.outcome import Names

PARTS = ("class", "data", "grad", "backward")
MOST = 100  # characters


class PythonName(click.ParamType[str]):
    """A name that Python allows."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it was given; fails where it is none."""
        if not is_name(value):
            self.fail(f"{value!r} is not a name in Python.", param, ctx)
        return value


class PartNames(click.ParamType["Names"]):
    """Names of parts, such as `class=Scalar,grad=gradient`."""

    name = "part=name,…"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> Names:
        """The names, each part at most once."""
        from worker.sandbox.host.outcome import Names

        found: dict[str, str] = {}
        for item in value.split(","):
            part, _, name = (piece.strip() for piece in item.partition("="))
            if part not in PARTS:
                self.fail(f"{item!r}: give class=, data=, grad= or backward=.", param, ctx)
            if part in found or not is_name(name):
                self.fail(f"{item!r}: give each part one name in Python.", param, ctx)
            found[part] = name
        return Names(
            class_name=found.get("class"),
            data=found.get("data"),
            grad=found.get("grad"),
            backward=found.get("backward"),
        )


def is_name(text: str) -> bool:
    """Whether Python takes it for a name of one's own."""
    return text.isidentifier() and not keyword.iskeyword(text) and len(text) <= MOST
