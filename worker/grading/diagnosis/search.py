"""Searches the models for one that gives exactly an engine's numbers.

The search is deterministic. Its work is counted in simulated graphs, and a prediction that is known
already counts as the simulation that it saves. So the same numbers always get the same answer.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worker.grading.diagnosis.catalogue import BY_KEY, changes_everywhere, changes_in
from worker.grading.diagnosis.changes import Change, feels_order, orders, styles
from worker.grading.diagnosis.forms import executed
from worker.grading.diagnosis.formulas import Formulas
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.simulate import Numbers, Prediction, simulate, usual_models

MOST_RUNS = 6_000
MOST_MISTAKES = 5
MOST_REMEMBERED = 200_000  # predictions
WORTH = 20  # how many more graphs a further mistake must explain
NEAR = 1e-9  # relative, or absolute for numbers below 1
AGAIN = 0.1  # what the same mistake in another form adds to the cost of the first

_memo: dict[tuple[str, Model], Prediction] = {}


def predict(model: Model, probe: Probe) -> Prediction:
    """Returns what a model gives for a graph. Answers are remembered, by names alone."""
    key = probe.key, model.reduced(probe.forms)
    if key not in _memo:
        if len(_memo) >= MOST_REMEMBERED:
            _memo.clear()
        _memo[key] = simulate(key[1], probe.graph, probe.reads)
    return _memo[key]


def forget() -> None:
    """Forgets all predictions, as in a new process."""
    _memo.clear()


def agree(predicted: Prediction, observed: Numbers) -> bool:
    """Whether a model's numbers are an engine's. A number that wasn't observed (None) agrees."""
    if predicted is None or isinstance(predicted, str):
        return False
    for mine, theirs in zip(predicted, observed, strict=True):
        if theirs is None or mine == theirs:
            continue
        assert mine is not None
        if not abs(mine - theirs) <= NEAR * max(1.0, abs(mine)):
            return False
    return True


@dataclass(order=True, slots=True)
class State:
    """A model, the changes that made it, and the first graph whose numbers it doesn't predict."""

    priority: tuple[float, int]
    serial: int
    model: Model = field(compare=False)
    changes: tuple[Change, ...] = field(compare=False)
    index: int = field(compare=False)

    @property
    def mistakes(self) -> tuple[Change, ...]:
        """The changes that are mistakes."""
        return tuple(change for change in self.changes if change.mistake)

    @property
    def weight(self) -> float:
        """How much it takes to believe in these mistakes: the fewer the better."""
        distinct = len({one.mistake + one.text for one in self.mistakes})
        costs = sum(BY_KEY[one.mistake].cost for one in self.mistakes)
        return round(distinct + AGAIN * (len(self.mistakes) - distinct) + costs, 3)


@dataclass(slots=True)
class Search:
    """A search over graphs in building-block order, with the numbers that an engine gave.

    `observed` has None for a graph whose numbers say nothing. It starts from right engines that
    visit operands in this `order`.
    """

    probes: Sequence[Probe]
    observed: Mapping[str, Numbers | None]
    most: int = MOST_RUNS
    order: str = "left"
    runs: int = 0
    formulas: Formulas = field(init=False)
    _heap: list[State] = field(default_factory=list)
    _seen: set[Model] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.formulas = Formulas(self.probes, self.observed)

    def run(self, starts: Sequence[State] = ()) -> list[State]:
        """Returns the states that explain everything with the fewest mistakes, the best first.

        There is none if nothing was found. `starts` are states to go on from.
        """
        for state in starts:
            self._add(state.model, state.changes)
        for model in usual_models():
            self._add(model.with_dial("order", self.order), ())
        while self._heap and self.runs < self.most:
            state = heapq.heappop(self._heap)
            if state.index == len(self.probes):
                rest = [one for one in self._heap if one.index == state.index]
                return sorted([state, *rest], key=lambda one: (one.weight, *one.priority))
            if state.weight >= MOST_MISTAKES + 1:
                continue
            before = len(state.changes)
            for model, changes in self._expand(state):
                self._add(model, changes, state.index, _felt_by(changes[before:]))
        return []

    def fails(self, model: Model, probe: Probe) -> bool:
        """Whether a model gives other numbers than the engine."""
        numbers = self.observed.get(probe.id)
        if numbers is None:
            return False
        self.runs += 1
        return not agree(predict(model, probe), numbers)

    def _add(
        self,
        model: Model,
        changes: tuple[Change, ...],
        start: int = 0,
        felt: frozenset[str] | None = None,
    ) -> None:
        """Adds a state. Its graphs before `start` are those of its parent, but for `felt` forms."""
        if model in self._seen:
            return
        self._seen.add(model)
        index = 0
        for index, probe in enumerate(self.probes):
            if index < start and felt is not None and not felt & probe.forms:
                continue
            if self.fails(model, probe):
                break
        else:
            index = len(self.probes)
        state = State((0.0, 0), len(self._seen), model, changes, index)
        ways = len(changes) - len(state.mistakes)
        state.priority = (WORTH * state.weight - index, ways)
        heapq.heappush(self._heap, state)

    def _expand(self, state: State) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        """Yields the models, one change further, that predict the state's graph.

        If no change does alone, mistakes are tried together with other ways to write an engine.
        """
        probe = self.probes[state.index]
        forms = executed(probe.graph, state.model)
        mistakes = list(changes_everywhere())
        for form in sorted(forms):
            mistakes += changes_in(form)
        for form in sorted(forms):
            mistakes += self.formulas.changes(form)
        ways = [*styles(forms, state.model), *orders(state.model)]
        is_found = False
        for change in [*mistakes, *ways]:
            model = change.apply(state.model)
            if model is not None and not self.fails(model, probe):
                is_found = True
                yield model, (*state.changes, change)
        if is_found:
            return
        for way in ways:
            base = way.apply(state.model)
            assert base is not None  # a way to write differs from the model's own
            inner = sorted(executed(probe.graph, base) - forms)  # that the way is made of
            for change in [*mistakes, *(one for form in inner for one in changes_in(form))]:
                if self.runs >= self.most:
                    return
                if way.dials and not feels_order(change):
                    continue
                model = change.apply(base)
                if model is not None and not self.fails(model, probe):
                    yield model, (*state.changes, way, change)


def search(probes: Sequence[Probe], observed: Mapping[str, Numbers | None]) -> list[State]:
    """Returns the states that explain everything; none if nothing does.

    An engine with a stack visits the right operand first. With a wrong traversal, that is too far
    from the left-first engines, so it has a search of its own.
    """
    return Search(probes, observed).run() or Search(probes, observed, order="right").run()


def _felt_by(changes: Sequence[Change]) -> frozenset[str] | None:
    """The forms that feel these changes; None if any graph may."""
    if any(change.dials for change in changes):
        return None
    return frozenset(form for change in changes for form in change.forms)
