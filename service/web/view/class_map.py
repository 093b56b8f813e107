"""A class's mistakes and submissions as pages show them: with drawings, curves and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.feedback.wording import PROBLEMS
from service.marks.class_map import Development, Insights
from service.marks.gradebook import Mark
from service.marks.mistakes import Mistake, SameNumbers
from service.marks.over_time import History, Timeline
from service.web.view.counterexample import draw_counterexample
from service.web.view.drawing import Drawing
from service.web.view.graph_svg import GraphPicture, paint
from worker.report.model import ProblemKind

WIDTH, HEIGHT, RIM = 240, 100, 6  # of a chart, in its own units
GAP = 0.15  # of a bar's share of the width
NO_HISTORY = History(counts=(), solved=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMistake:
    """A mistake with its drawing, if a small graph shows it, and its curve over time."""

    mistake: Mistake
    drawing: Drawing | None
    picture: GraphPicture | None
    history: History
    line: str

    @property
    def count(self) -> int:
        """How many students make it."""
        return len(self.mistake.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Students with the same problem: its kind, and the same in words."""

    kind: str
    title: str
    marks: Sequence[Mark]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A span of time, and its bar in the chart."""

    label: str
    start: datetime
    submissions: int
    students_so_far: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """Submissions over time. `deadline` is where its line stands; None if it's outside."""

    bars: tuple[Bar, ...]
    by_days: bool
    most: int
    deadline: float | None


def show_mistakes(
    insights: Insights, development: Development | None = None, *, drawn: int
) -> tuple[ShownMistake, ...]:
    """The mistakes of a class, the commonest first, of which so many have a drawing.

    Without a development they have no curve.
    """
    histories = development.histories if development else {}
    return tuple(
        _show_mistake(
            mistake, histories.get(mistake.misconception, NO_HISTORY), is_drawn=place < drawn
        )
        for place, mistake in enumerate(insights.mistakes)
    )


def show_problems(insights: Insights) -> tuple[Group, ...]:
    """The files that couldn't be tested, by the kind of problem in words."""
    return tuple(
        Group(kind=group.kind, title=PROBLEMS[ProblemKind(group.kind)], marks=group.marks)
        for group in insights.problems
    )


def show_same_numbers(insights: Insights) -> tuple[Sequence[SameNumbers], Sequence[Mark]]:
    """The unnamed mistakes that several students make, and the students with one of their own."""
    several = [group for group in insights.same_numbers if len(group.marks) > 1]
    return several, [group.marks[0] for group in insights.same_numbers if len(group.marks) == 1]


def show_timeline(timeline: Timeline) -> TimeChart:
    """The bars of submissions over time."""
    most = max((span.submissions for span in timeline.spans), default=0)
    room = (WIDTH - 2 * RIM) / max(1, len(timeline.spans))
    tall = HEIGHT - 2 * RIM
    bars = []
    for place, span in enumerate(timeline.spans):
        height = round(tall * span.submissions / most, 1)
        bars.append(
            Bar(
                label=label_span(span.start, timeline.by_days),
                start=span.start,
                submissions=span.submissions,
                students_so_far=span.students_so_far,
                x=round(RIM + room * (place + GAP / 2), 1),
                y=round(HEIGHT - RIM - height, 1),
                width=round(room * (1 - GAP), 1),
                height=height,
            )
        )
    return TimeChart(
        bars=tuple(bars),
        by_days=timeline.by_days,
        most=most,
        deadline=None if timeline.deadline is None else round(RIM + room * timeline.deadline, 1),
    )


def label_span(start: datetime, by_days: bool) -> str:
    """When a span of time begins, such as `3 Mar` or `3 Mar, 14:00`."""
    return f"{start:%-d %b}" if by_days else f"{start:%-d %b, %H:%M}"


def _show_mistake(mistake: Mistake, history: History, *, is_drawn: bool) -> ShownMistake:
    found = mistake.counterexample if is_drawn else None
    drawing = draw_counterexample(found, theirs=True) if found else None
    return ShownMistake(
        mistake=mistake,
        drawing=drawing,
        picture=paint(drawing) if drawing else None,
        history=history,
        line=_draw_line(history.counts),
    )


def _draw_line(counts: Sequence[int]) -> str:
    """The points of an SVG polyline; empty if there is nothing to compare."""
    if len(counts) < 2:
        return ""
    step, most = (WIDTH - 2 * RIM) / (len(counts) - 1), max(counts)
    points = (
        (RIM + step * place, HEIGHT - RIM - (HEIGHT - 2 * RIM) * count / max(1, most))
        for place, count in enumerate(counts)
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
