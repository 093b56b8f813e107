"""Looks for mistakes that explain everything that an engine did in the tests."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.messages import Pattern
from worker.grading.diagnosis.changes import Change, styles
from worker.grading.diagnosis.failures import Ended, find_unexplained
from worker.grading.diagnosis.forms import executed
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import VARIED, Answered, Judged, failed, read_cases
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import Probe, probes
from worker.grading.diagnosis.remembered import Memory, digest
from worker.grading.diagnosis.search import NEAR, agree, search, search_on
from worker.grading.diagnosis.simulate import Numbers, usual_models
from worker.grading.diagnosis.state import State
from worker.grading.diagnosis.statements import (
    name_others,
    name_test,
    name_tests,
    quote_first,
    say,
    simplest_first,
)
from worker.grading.diagnosis.wording import fill
from worker.report.model import Diagnosis, Interface

SHARE_EXPLAINED = 0.5  # of the cases with wrong numbers, for a diagnosis that isn't exact
MOST_ROUNDS = 4  # searches that also look at cases which the one before didn't explain
MOST_ADDED = 12  # of these cases, in a round
differing = Memory[list[int]]()  # by position, the cases of which a model gives other numbers


@dataclass(slots=True)
class Explanation:
    """The search for mistakes that explain one engine's numbers.

    `ended` are the tests without numbers, and `patterns` the messages that were recognised. Numbers
    agree if they are this `near`. `shown` are the changes that the messages show.
    """

    judged: Judged
    observed: dict[str, Numbers | None]
    interface: Interface | None
    ended: Sequence[Ended] = ()
    patterns: Sequence[Pattern] = ()
    near: float = NEAR
    shown: Sequence[Change] = ()
    model: Model | None = None  # that predicts every number
    cases: list[Probe] = field(init=False)
    seen: dict[str, Numbers | None] = field(init=False)
    varied: list[Probe] = field(init=False)  # whose numbers depend on the order of sets
    in_one_order: dict[str, Numbers | None] = field(init=False)
    _digest: bytes = field(init=False)  # of the cases

    def __post_init__(self) -> None:
        self.cases, self.seen = read_cases(self.judged)
        self.varied, self.in_one_order = read_cases(self.judged, VARIED)
        self._digest = digest(self.cases, self.seen)

    @property
    def is_unseeded(self) -> bool:
        """Whether all numbers are those of an engine whose output got its gradient from us."""
        return self.interface is not None and self.interface.unseeded

    def find(self) -> tuple[Diagnosis, ...]:
        """Returns the diagnoses; none if nothing explains half of the wrong numbers."""
        own = list(probes())
        found = first = search(own, self.observed, self.near, self.shown)
        wrong = list[Probe]()
        for _ in range(MOST_ROUNDS):
            if state := self._choose(found):
                return self._settle(state, found)
            if not found:
                break
            new = [one for one in self._unexplained(found[0]) if one not in wrong]
            wrong += new[:MOST_ADDED]
            found = search_on(found, [*own, *wrong], self.observed | self.seen, self.near)
        return self._report(first[0], first, exact=False) if first else ()

    def _choose(self, found: Sequence[State]) -> State | None:
        """The first state that predicts every number; if there is one, without other failures."""
        predicting = (state for state in found if not self._unexplained(state))
        chosen = next(predicting, None)
        if chosen is None or not self._unexplained_ends(chosen.model):
            return chosen
        others = (one for one in predicting if not self._unexplained_ends(one.model))
        return next(others, chosen)

    def _settle(self, state: State, found: Sequence[State]) -> tuple[Diagnosis, ...]:
        """The diagnoses of a state that predicts all numbers that don't depend on luck.

        If others do, the same mistakes must give them with operands that are kept in sets.
        """
        self.model = state.model
        if any(report.verdict in VARIED for _, _, report in failed(self.judged)):
            both = _in_sets(state.model, self.varied)
            tried = (self._with_sets(state, one) for one in both)
            self.model = next((one for one in tried if one is not None), None)
        state = replace(state, model=self.model or state.model)
        exact = self.model is not None and not self._unexplained_ends(state.model)
        return self._report(state, found, exact=exact)

    def _with_sets(self, state: State, orders: tuple[Model, Model]) -> Model | None:
        """Returns the first of two models, if they give what was seen in both orders of sets."""
        for probe in self.varied:
            numbers = self.in_one_order[probe.id] or ()
            first, second = (predict(one, probe) for one in orders)
            varies = isinstance(second, tuple) and not agree(first, second, self.near)
            if not varies or not any(agree(one, numbers, self.near) for one in (first, second)):
                return None
        usual = replace(state, model=orders[0])
        is_explained = not _unexplained(usual, probes(), self.observed, self.near)
        is_explained = is_explained and not self._unexplained(usual)
        return orders[0] if self.varied and is_explained else None

    def _unexplained(self, state: State) -> list[Probe]:
        def find() -> list[int]:
            wrong = {id(one) for one in _unexplained(state, self.cases, self.seen, self.near)}
            return [index for index, one in enumerate(self.cases) if id(one) in wrong]

        key = self._digest, self.near, state.model, state.mistakes
        return [self.cases[index] for index in differing.get(key, find)]

    def _unexplained_ends(self, model: Model) -> list[Ended]:
        return find_unexplained(self.ended, self.patterns, model)

    def _report(
        self, state: State, found: Sequence[State], *, exact: bool
    ) -> tuple[Diagnosis, ...]:
        predicted = {probe.id for probe in self.cases}
        if self.model is not None:
            predicted |= set(self.in_one_order)
        else:
            predicted -= {probe.id for probe in self._unexplained(state)}
        ends = self._unexplained_ends(state.model)
        predicts = len(predicted), len(self.cases) + len(self.varied) + len(ends)
        failing = simplest_first(failed(self.judged))
        if not exact and not _are_half_explained(failing, predicted):
            return ()
        if not self.is_unseeded:
            return self._describe(state, found, failing, predicted, predicts, exact=exact)
        # What is right once the output has its gradient shows no other mistake.
        right, wrong = list[Answered](), list[Answered]()
        for one in failing:
            (right if all(check.passed for check in one[2].checks) else wrong).append(one)
        seed = say(BY_KEY["seed"], (), name_tests(right), exact=exact, predicts=predicts)
        if not exact and not _are_half_explained(wrong, predicted):
            return (seed,)
        return seed, *self._describe(state, found, wrong, predicted, predicts, exact=exact)

    def _describe(
        self,
        state: State,
        found: Sequence[State],
        failing: Judged,
        predicted: Container[str],
        predicts: tuple[int, int],
        *,
        exact: bool,
    ) -> tuple[Diagnosis, ...]:
        """The diagnosis of each of a state's mistakes."""
        by_id = {probe.id: probe for probe in (*self.cases, *self.varied)}
        keys = list(dict.fromkeys(change.mistake for change in state.mistakes))
        same = [one for one in found if one.weight == state.weight]
        others = {
            change.mistake: change
            for one in reversed(same)
            for change in one.mistakes
            if change.mistake not in keys
        }
        diagnoses = []
        for key in keys:
            changes = [change for change in state.mistakes if change.mistake == key]
            about = frozenset(form for change in changes for form in change.forms)
            chosen = [
                one
                for one in failing
                if (name := name_test(one)) in predicted
                and (not about or about & executed(by_id[name].graph, state.model))
            ]
            entry = BY_KEY[key]
            diagnoses.append(
                replace(
                    say(entry, changes, name_tests(chosen), exact=exact, predicts=predicts),
                    explanation=fill(entry.explanation, changes)
                    + quote_first(chosen)
                    + name_others(others),
                    alike=tuple(sorted(others)),
                )
            )
        return tuple(diagnoses)


def _are_half_explained(failing: Judged, predicted: Container[str]) -> bool:
    explained = sum(name_test(one) in predicted for one in failing)
    return explained >= SHARE_EXPLAINED * len(failing)


def _in_sets(model: Model, cases: Sequence[Probe]) -> Iterator[tuple[Model, Model]]:
    """Yields a model with its operands in sets, in the usual order and in reverse.

    If equal numbers are equal nodes, a set of operands may keep only one of them. In reverse the
    ways to write a form may differ that were alike before, so others are tried too.
    """
    orders = ["set", "set right"]
    if model.order.endswith("right"):
        orders.reverse()
    forms = frozenset[str]().union(*(executed(probe.graph, model) for probe in cases))
    ways = (way.apply(model) for way in styles(forms, model))
    for written in (model, *(one for one in ways if one is not None)):
        for identity in (model.identity, *(["value sets"] if model.identity == "value" else [])):
            same = written.with_dial("identity", identity)
            usual, reverse = (same.with_dial("order", order) for order in orders)
            yield usual, reverse


def _unexplained(
    state: State, cases: Sequence[Probe], seen: dict[str, Numbers | None], near: float
) -> list[Probe]:
    """The cases whose numbers a state doesn't predict. One without numbers says nothing."""
    mistakes = state.mistakes
    everywhere = not mistakes or any(change.dials for change in mistakes)
    felt = frozenset(form for change in mistakes for form in change.forms)
    wrong = []
    for probe in cases:
        numbers = seen.get(probe.id)
        model = state.model if everywhere or felt & probe.forms else usual_models()[0]
        if numbers is not None and not agree(predict(model, probe), numbers, near):
            wrong.append(probe)
    return wrong
