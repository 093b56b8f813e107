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
    """Points of growth, and where they stand in the drawing, whose axes end at `largest` and
    `slowest` milliseconds; no dots where too few points took their time.
    """

    title: str
    rows: tuple[Row, ...]
    dots: tuple[tuple[float, float], ...]
    largest: str
    slowest: float

    @property
    def line(self) -> str:
        """The dots as SVG's polyline takes them."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.dots)


def draw_curve(growth: Growth) -> Curve:
    """CPU time by size, both from 0, so that what grows in proportion is a straight line."""
    measured = [
        (point.size, point.milliseconds, point.label)
        for point in growth.points
        if point.milliseconds is not None
    ]
    largest, _, label = max(measured, default=(0.0, 0.0, ""))
    slowest = max((spent for _, spent, _ in measured), default=0.0)
    drawn = measured if len(measured) > 1 and largest > 0 and slowest >= NOISE_MS else []
    return Curve(
        title=growth.title,
        rows=tuple(Row(point, VERDICTS[point.verdict]) for point in growth.points),
        dots=tuple(
            (
                round(RIM + (WIDTH - 2 * RIM) * size / largest, 1),
                round(HEIGHT - RIM - (HEIGHT - 2 * RIM) * spent / slowest, 1),
            )
            for size, spent, _ in drawn
        ),
        largest=label,
        slowest=slowest,
    )
