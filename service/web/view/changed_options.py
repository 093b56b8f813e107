"""In words: the values of options of which somebody else changed some meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.web.view.times import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An option with your value and the stored one, in words."""

    label: str
    yours: str
    theirs: str


def list_differences(
    differences: Mapping[str, tuple[Any, Any]], labels: Mapping[str, str]
) -> list[Difference]:
    """The options that differ, as a table shows them. `labels` are those of the form."""
    return [
        Difference(label=labels[name], yours=_show(name, yours), theirs=_show(name, theirs))
        for name, (yours, theirs) in differences.items()
    ]


def _show(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in {"opens_at", "deadline"}:
        return local(datetime.fromisoformat(value))
    if name == "suites":
        return ", ".join(f"{each['name']} {each['points']:.10g}" for each in value)
    if isinstance(value, dict):
        shown = [f"{part} {each}" for part, each in value.items() if each not in (None, 0)]
        return ", ".join(shown).replace("_", " ") or "any"
    return str(value).replace("_", " ") if name == "feedback" else str(value)
