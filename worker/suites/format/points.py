"""Reads the points of a case: `x1=3, x2=-4 | x1=0.5, x2=2`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from worker.graph import Number
from worker.suites.format.sections import Section

Point = Mapping[str, Number]


def read_points(section: Section) -> list[Point]:
    """Returns the points under `# at:`. The program makes a case at each of them."""
    points: list[Point] = []
    for text in section.need("at").split("|"):
        point: dict[str, Number] = {}
        for part in text.split(","):
            name, _, number = (piece.strip() for piece in part.partition("="))
            try:
                value: Number = float(number) if re.search(r"[.en]", number) else int(number)
                float(value)  # an int may be too large for a float
            except (ValueError, OverflowError):
                name = ""
            if not name.isidentifier() or name in point:
                reason = "points are written as 'x1=3, x2=-4 | x1=0.5, x2=2'"
                raise section.fault(reason, section.headings["at"].line)
            point[name] = value
        points.append(point)
    return points
