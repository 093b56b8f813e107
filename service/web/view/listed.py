"""The state of a list of students in an address: read it, and link to another one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from service.marks.listing import Show, View

LABELS = {
    Show.ALL: "All",
    Show.NOT_SUBMITTED: "Not submitted",
    Show.LATE: "Late",
    Show.BELOW: "Below",
    Show.OVERRIDDEN: "Set by hand",
    Show.PROBLEM: "File problem",
    Show.OLDER: "Older version",
}
MAX_SEARCH = 200  # characters; nobody's name is longer
GRADEBOOK = "gradebook"  # the `list` that a review goes through, if it isn't the assignment's
BY_TEXT = frozenset({"name", "email"})  # columns that begin with the smallest value


def read_view(arguments: Mapping[str, str]) -> View:
    """A view from the query of an address. What can't be read is left at its default."""
    default = View()
    show = arguments.get("show", "")
    return View(
        show=Show(show) if show in set(Show) else default.show,
        below=_read_percent(arguments.get("below", ""), default.below),
        search=arguments.get("q", "").replace("\0", "").strip()[:MAX_SEARCH],
        sort=arguments.get("sort", "")[:MAX_SEARCH] or default.sort,
        page=_read_page(arguments.get("page", "")),
        assignment=arguments.get("in", ""),
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Links to the same list in another state. `anchor` is where the list begins on its page."""

    address: str
    view: View
    anchor: str = ""

    def to(self, **changes: Any) -> str:
        """The list with other values; it begins at its first page unless `page` is given."""
        return self.address + self.query(**changes) + (f"#{self.anchor}" if self.anchor else "")

    def query(self, **changes: Any) -> str:
        """The query alone, such as `?show=late`; empty for the list as it is at first."""
        view, default = replace(self.view, **{"page": 1} | changes), View()
        values = {
            "q": view.search,
            "show": view.show.value,
            "below": f"{view.below:g}" if view.show is Show.BELOW else "50",
            "in": view.assignment,
            "sort": view.sort,
            "page": str(view.page),
        }
        plain = {"q": "", "show": "all", "below": "50", "in": "", "sort": default.sort, "page": "1"}
        chosen = {name: value for name, value in values.items() if value != plain[name]}
        return f"?{urlencode(chosen)}" if chosen else ""

    def review(self) -> str:
        """The query of a review that goes through this list, which is a gradebook."""
        query = self.query()
        return f"{query}&{urlencode({'list': GRADEBOOK})}" if query else ""

    def sort(self, column: str) -> str:
        """The list sorted by a column, or in the other direction if it is sorted by it."""
        first = column if column in BY_TEXT else f"-{column}"
        second = f"-{column}" if column in BY_TEXT else column
        return self.to(sort=second if self.view.sort == first else first)

    def direction(self, column: str) -> str:
        """How the list is sorted by a column, as `aria-sort` says it; empty if it isn't."""
        if self.view.column != column:
            return ""
        return "descending" if self.view.descending else "ascending"

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """Each filter's label and link, and whether it is the present one."""
        return [(self._label(show), self.to(show=show), show is self.view.show) for show in LABELS]

    def _label(self, show: Show) -> str:
        return f"{LABELS[show]} {self.view.below:g} %" if show is Show.BELOW else LABELS[show]


def _read_percent(text: str, default: float) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return default
    return min(100.0, max(0.0, value)) if math.isfinite(value) else default


def _read_page(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 1
