"""Makes an engine answer to the names that an assignment fixes, whatever the file has instead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter

from worker.driver.graph.engine import (
    BY_NODE,
    Engine,
    GradientSource,
    GraphRun,
    Make,
    Run,
    backward_method,
)
from worker.driver.node.numbers import NumberSource, Read

ASKED_FOR = "The assignment asks for the name {}; this class has {}."


@dataclass(frozen=True, slots=True)
class FixedGradient:
    """The gradient under a fixed name. Otherwise its graphs are computed as the source wants."""

    shown: str
    source: GradientSource
    read: Read

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        graph_run = self.source.open(make, run, numbers)
        graph_run.read_gradient = self.read
        return graph_run


@dataclass(frozen=True, slots=True)
class FixedBackward:
    """The gradients of a source after a backward of a fixed name, which the source doesn't see."""

    shown: str
    source: GradientSource

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        graph_run = self.source.open(make, run, numbers)
        graph_run.run_backward = run
        return graph_run


def fix_names(engine: Engine, fixed: dict[str, str]) -> Engine:
    """The engine with the fixed names of its parts, and a note about each that it doesn't have.

    Example: with `{"grad": "grad"}`, an engine that has `gradient` is read as if it had `grad`, so
    its tests end as unsupported.
    """
    shown = {
        "data": engine.numbers.shown,
        "grad": engine.gradients.shown,
        "backward": engine.backward.shown,
    }
    for part, name in fixed.items():
        if not shown.get(part) or shown[part].removesuffix("()").removesuffix(BY_NODE) == name:
            continue
        engine = engine.with_notes(ASKED_FOR.format(name, shown[part]))
        if part == "data":
            numbers = replace(engine.numbers, shown=name, read=attrgetter(name))
            engine = replace(engine, numbers=numbers)
        elif part == "grad":
            fixed_gradient = FixedGradient(name, engine.gradients, attrgetter(name))
            engine = replace(engine, gradients=fixed_gradient)
        else:
            unseen = FixedBackward(engine.gradients.shown, engine.gradients)
            engine = replace(engine, backward=backward_method(name), gradients=unseen)
    return engine
