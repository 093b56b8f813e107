"""How cost grows, as a line through its points. A table has the same numbers."""

from __future__ import annotations

from dataclasses import dataclass

from service.feedback.summary import NOISE_MS, Growth, Point
from service.feedback.wording import VERDICTS, Look

WIDTH, HEIGHT, RIM = 240, 100, 6  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Row:
    """A size, with its badge."""

    point: Point
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A chart of how cost grows. Its axes end at `largest` and `most`, such as `240 calls`.

    `dots` are positions in the drawing. There are none if too few points took measurable time.
    """

    title: str
    rows: tuple[Row, ...]
    dots: tuple[tuple[float, float], ...]
    largest: str
    most: str
    counts_calls: bool

    @property
    def line(self) -> str:
        """The dots as the points of an SVG polyline."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.dots)


def draw_curve(growth: Growth) -> Curve:
    """A chart of calls by size, or of CPU time in an older report.

    Both axes start at 0, so proportional growth is a straight line.
    """
    counts = growth.counts_calls
    measured = [
        (point.size, spent, point.label)
        for point in growth.points
        if (spent := point.calls if counts else point.milliseconds) is not None
    ]
    largest, _, label = max(measured, default=(0.0, 0.0, ""))
    most = max((spent for _, spent, _ in measured), default=0.0)
    drawn = measured if len(measured) > 1 and largest > 0 and most >= NOISE_MS else []
    return Curve(
        title=growth.title,
        rows=tuple(Row(point, VERDICTS[point.verdict]) for point in growth.points),
        dots=tuple(
            (
                round(RIM + (WIDTH - 2 * RIM) * size / largest, 1),
                round(HEIGHT - RIM - (HEIGHT - 2 * RIM) * spent / most, 1),
            )
            for size, spent, _ in drawn
        ),
        largest=label,
        most=f"{most:,} calls" if counts else f"{most:.1f} ms of CPU",
        counts_calls=counts,
    )
