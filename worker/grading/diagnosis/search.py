"""Searches the models for one that gives exactly an engine's numbers.

The search is deterministic. Its work is counted in simulated graphs, and a prediction that is known
already counts as the simulation that it saves. So the same numbers always get the same answer.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worker.grading.diagnosis.catalogue import branches_in, changes_everywhere, changes_in
from worker.grading.diagnosis.changes import Change, feels_order, orders, styles
from worker.grading.diagnosis.effects import Effect, find_effect
from worker.grading.diagnosis.forms import executed
from worker.grading.diagnosis.formulas import Formulas
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.predictions import Key, recall
from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.remembered import Memory, digest
from worker.grading.diagnosis.simulate import ERROR, Numbers, Prediction, find_uses, usual_models
from worker.grading.diagnosis.state import State, weigh

MOST_RUNS = 6_000
MOST_MISTAKES = 5
FIRST_FORMULAS = 2  # of a form; others that give the same numbers are tried later
PATIENCE = 25  # how many graphs a state waits if one of its simpler changes explained many more
MANY = 20  # graphs
LONG_PATIENCE = 60  # how many it waits before changes are tried in pairs
WORTH = 20  # how many more graphs a further mistake must explain
NEAR = 1e-9  # relative, or absolute for numbers below 1


def agree(predicted: Prediction, observed: Numbers, near: float = NEAR) -> bool:
    """Whether a model's numbers are an engine's. A number that wasn't observed (None) agrees.

    `near` is how far they may be apart, relative or for numbers below 1 absolute. Where a model
    fails, an engine may go on with numbers that aren't finite.
    """
    if predicted == observed:
        return True
    if predicted == ERROR:  # infinite numbers may be errors in a model
        return not all(one is None or math.isfinite(one) for one in observed)
    if predicted is None or isinstance(predicted, str):
        return False
    for mine, theirs in zip(predicted, observed, strict=True):
        if theirs is None or mine == theirs:
            continue
        assert mine is not None
        if not abs(mine - theirs) <= near * max(1.0, abs(mine)):
            return False
    return True


@dataclass(slots=True)
class Search:
    """A search over graphs in building-block order, with the numbers that an engine gave.

    `observed` has None for a graph whose numbers say nothing. It starts from right engines that
    visit operands in this `order`. `known` has which models fail on which graphs; one that is known
    from another search about the same numbers costs nothing. Numbers agree if they are this `near`.
    Formulas are looked up only for those that are exact.
    """

    probes: Sequence[Probe]
    observed: Mapping[str, Numbers | None]
    most: int = MOST_RUNS
    order: str = "left"
    near: float = NEAR
    known: dict[Key, bool] = field(default_factory=dict)
    runs: int = 0
    formulas: Formulas = field(init=False)
    _heap: list[State] = field(default_factory=list)
    _seen: set[Model] = field(default_factory=set)
    _heaviest: float = math.inf  # what isn't worth trying weighs more

    def __post_init__(self) -> None:
        self.formulas = Formulas(self.probes if self.near <= NEAR else (), self.observed)

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
                self._try_branches(state.weight)
                rest = [one for one in self._heap if one.index == state.index]
                return sorted([state, *rest], key=lambda one: (one.weight, *one.priority))
            if state.weight >= MOST_MISTAKES + 1:
                continue
            self._go_on(state)
        return []

    def fails(self, model: Model, probe: Probe) -> bool:
        """Whether a model gives other numbers than the engine."""
        return self._fails(model.reduced(probe.forms), probe)

    def _fails(self, reduced: Model, probe: Probe) -> bool:
        """Whether a model that has nothing but what a graph feels gives other numbers."""
        numbers = self.observed.get(probe.id)
        if numbers is None:
            return False
        key = probe.key, reduced
        fails = self.known.get(key)
        if fails is None:
            self.runs += 1
            fails = self.known[key] = not agree(recall(key, probe), numbers, self.near)
        return fails

    def _add(
        self,
        model: Model,
        changes: tuple[Change, ...],
        start: int = 0,
        felt: frozenset[str] | None = None,
    ) -> int:
        """Adds a state, and returns how far it gets.

        Its graphs before `start` are those of its parent, but for `felt` forms.
        """
        if model in self._seen:
            return 0
        self._seen.add(model)
        index = 0
        reduced: dict[frozenset[str], Model] = {}  # many graphs have the same forms
        for index, probe in enumerate(self.probes):
            forms = probe.forms
            if index < start and felt is not None and felt.isdisjoint(forms):
                continue
            if forms not in reduced:
                reduced[forms] = model.reduced(forms)
            if self._fails(reduced[forms], probe):
                break
        else:
            index = len(self.probes)
        state = State((0.0, 0), len(self._seen), model, changes, index)
        ways = len(changes) - len(state.mistakes)
        state.priority = (WORTH * state.weight - index, ways)
        heapq.heappush(self._heap, state)
        return index

    def _try_branches(self, weight: float) -> None:
        """Adds what may explain as much as a state of this weight, but is tried later."""
        self._heaviest = weight
        waiting = [one for one in self._heap if one.stage in MISTAKES and one.weight + 1 <= weight]
        for state in sorted(waiting):
            self._heap.remove(state)
            while state.stage in MISTAKES and self.runs < self.most:
                self._go_on(state, waits=False)

    def _go_on(self, state: State, *, waits: bool = True) -> None:
        """Adds the states one change further; the state itself waits, with changes to try later.

        It doesn't wait if no change explained many more graphs, but always before pairs.
        """
        before = len(state.changes)
        farthest = state.index
        for model, changes in STAGES[state.stage](self, state):
            reached = self._add(model, changes, state.index, _felt_by(changes[before:]))
            farthest = max(farthest, reached)
        state.stage += 1
        if waits and state.stage < len(STAGES):
            priority, ways = state.priority
            wait = PATIENCE if farthest >= state.index + MANY else 0
            if STAGES[state.stage] is Search._change_twice:
                wait = LONG_PATIENCE
            state.priority = (priority + wait, ways)
            heapq.heappush(self._heap, state)

    def _write_otherwise(self, state: State) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        """Yields the models that predict the state's graph, and are written in another way."""
        forms = self._executed(state)
        yield from self._try(state, styles(frozenset(forms), state.model))
        yield from self._try(state, orders(state.model))

    def _change_once(self, state: State) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        """Yields the models, one mistake further, that predict the state's graph."""
        forms = self._executed(state)
        yield from self._try(state, changes_everywhere())
        for form in forms:
            yield from self._try(state, changes_in(form))
        for form in forms:
            yield from self._try(state, self.formulas.changes(form)[:FIRST_FORMULAS])

    def _change_branches(self, state: State) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        """Yields the models that predict it, changed for some numbers only or by odd formulas."""
        probe = self.probes[state.index]
        uses = find_uses(state.model.reduced(probe.forms), probe.prepared)
        for form in self._executed(state):
            rest = [*self.formulas.changes(form)[FIRST_FORMULAS:], *branches_in(form)]
            if self._heaviest < math.inf:
                rest = [one for one in rest if weigh((*state.mistakes, one)) <= self._heaviest]
            failed: set[Effect] = set()  # what other conditions do that hold for the same uses
            for change in rest:
                effect = find_effect(change, uses[form]) if form in uses else ()
                if effect in failed:
                    continue
                made = list(self._try(state, [change]))
                if not made and effect:
                    failed.add(effect)
                yield from made

    def _change_twice(self, state: State) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        """Yields models with a mistake and another way to write an engine."""
        probe = self.probes[state.index]
        forms = self._executed(state)
        mistakes = [*changes_everywhere(), *(one for form in forms for one in changes_in(form))]
        for form in forms:
            mistakes += self.formulas.changes(form)
        for way in (*styles(frozenset(forms), state.model), *orders(state.model)):
            base = way.apply(state.model)
            assert base is not None  # a way to write differs from the model's own
            inner = sorted(executed(probe.graph, base) - set(forms))  # that the way is made of
            for change in [*mistakes, *(one for form in inner for one in changes_in(form))]:
                if self.runs >= self.most:
                    return
                if way.dials and not feels_order(change):
                    continue
                model = change.apply(base)
                if model is not None and not self.fails(model, probe):
                    yield model, (*state.changes, way, change)

    def _executed(self, state: State) -> list[str]:
        return sorted(executed(self.probes[state.index].graph, state.model))

    def _try(
        self, state: State, changes: Iterable[Change]
    ) -> Iterator[tuple[Model, tuple[Change, ...]]]:
        probe = self.probes[state.index]
        forms = probe.forms
        base = state.model.reduced(forms)
        for change in changes:
            reduced = change.apply(base)
            if reduced is None:
                continue
            if not forms.issuperset(change.forms):
                reduced = reduced.reduced(forms)
            if not self._fails(reduced, probe):
                model = change.apply(state.model)
                if model is not None:
                    yield model, (*state.changes, change)


STAGES = (
    Search._write_otherwise,
    Search._change_once,
    Search._change_branches,
    Search._change_twice,
)
MISTAKES = (1, 2)  # the stages that make one mistake


searches, continued = Memory[list[State]](), Memory[list[State]]()  # by `search`, by `search_on`


def search(
    probes: Sequence[Probe],
    observed: Mapping[str, Numbers | None],
    near: float = NEAR,
    shown: Sequence[Change] = (),
) -> list[State]:
    """Returns the states that explain everything; none if nothing does.

    `shown` are mistakes that messages showed. An engine with a stack visits the right operand
    first. With a wrong traversal, that is too far from the left-first engines, so it has a search
    of its own.
    """
    key = digest(probes, observed), near, tuple(shown)
    found = searches.get(key, lambda: _search(probes, observed, near, shown))
    return [replace(state) for state in found]


def search_on(
    states: Sequence[State],
    probes: Sequence[Probe],
    observed: Mapping[str, Numbers | None],
    near: float = NEAR,
) -> list[State]:
    """Returns the states that explain more graphs, found from states that explain some."""
    begun = tuple((state.model, state.changes) for state in states)
    key = digest(probes, observed), near, begun
    found = continued.get(key, lambda: Search(probes, observed, near=near).run(states))
    return [replace(state) for state in found]


def _search(
    probes: Sequence[Probe],
    observed: Mapping[str, Numbers | None],
    near: float,
    shown: Sequence[Change],
) -> list[State]:
    known: dict[Key, bool] = {}
    for order in ("left", "right"):
        starts = list(_begin_with(shown, order)) if shown else ()
        if found := Search(probes, observed, order=order, near=near, known=known).run(starts):
            return found
    return []


def _begin_with(shown: Sequence[Change], order: str) -> Iterator[State]:
    """Yields the usual engines in that order, with these mistakes."""
    for usual in usual_models():
        model, changes = usual.with_dial("order", order), list[Change]()
        for change in shown:
            if (changed := change.apply(model)) is not None:
                model = changed
                changes.append(change)
        yield State((0.0, 0), 0, model, tuple(changes), 0)


def _felt_by(changes: Sequence[Change]) -> frozenset[str] | None:
    """The forms that feel these changes; None if any graph may."""
    if any(change.dials for change in changes):
        return None
    return frozenset(form for change in changes for form in change.forms)
