"""Says which known mistakes give an engine's numbers, if any do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.changes import Change, styles
from worker.grading.diagnosis.forms import executed, rule_of
from worker.grading.diagnosis.messages import explain_all_errors, find_in_messages
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import (
    VARIED,
    Judged,
    failed,
    is_repeatable,
    read_answers,
    read_cases,
    sign,
)
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import Probe, probes
from worker.grading.diagnosis.search import Search, agree, search
from worker.grading.diagnosis.simplicity import rank
from worker.grading.diagnosis.simulate import Numbers, usual_models
from worker.grading.diagnosis.state import State
from worker.grading.diagnosis.wording import fill, find_formula
from worker.grading.judge import describe
from worker.report.model import Diagnosis, Interface
from worker.sandbox.host.outcome import Failure, Observation

MOST_EVIDENCE = 8
SHARE_EXPLAINED = 0.5  # of the cases with wrong numbers, for a diagnosis that isn't exact
MOST_ROUNDS = 4  # searches that also look at cases which the one before didn't explain
MOST_ALIKE = 2  # named in an explanation
MOST_ADDED = 12  # of these cases, in a round


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The diagnoses of an engine, the signature of its numbers, and the model that gives them.

    There is a model only if it predicts every number.
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    signature: str = ""
    model: Model | None = None


def is_worth_asking(judged: Judged) -> bool:
    """Whether an engine gave wrong numbers, so that the questions of diagnosis help."""
    return bool(failed(judged))


def diagnose(
    judged: Judged,
    outcomes: Sequence[Observation | Failure] = (),
    interface: Interface | None = None,
) -> Findings:
    """Returns the mistakes that explain an engine's wrong numbers and its messages.

    `judged` has every case with its suite's name and its report, and `outcomes` the answers to the
    questions of diagnosis, if they were asked. There is no diagnosis if nothing explains the
    numbers: a wrong one is worse than none.
    """
    shown = list(find_in_messages(judged))
    messages = [_say(BY_KEY[one.misconception], (), names, rule=rule) for one, names, rule in shown]
    if explain_all_errors([pattern for pattern, *_ in shown], judged):
        messages = [replace(one, exact=True) for one in messages]
    if not outcomes:
        if is_worth_asking(judged):  # it couldn't be asked, so its numbers have no explanation
            messages = [replace(one, exact=False) for one in messages]
        return Findings(diagnoses=tuple(messages))
    observed = read_answers(outcomes)
    if not is_repeatable(outcomes):
        messages = [replace(one, exact=False) for one in messages]
        diagnoses = (_say(STATE, (), _simplest_first(failed(judged))), *messages)
        return Findings(diagnoses=diagnoses, signature=sign(observed))
    explanation = _Explanation(judged, observed, interface)
    found = explanation.find()
    if not found or not found[0].exact:
        messages = [replace(one, exact=False) for one in messages]
    return Findings(
        diagnoses=(*found, *messages), signature=sign(observed), model=explanation.model
    )


@dataclass(slots=True)
class _Explanation:
    """The search for mistakes that explain one engine's numbers."""

    judged: Judged
    observed: dict[str, Numbers | None]
    interface: Interface | None
    model: Model | None = None  # that predicts everything
    varied: list[Probe] = field(init=False)  # whose numbers depend on the order of sets
    in_one_order: dict[str, Numbers | None] = field(init=False)

    def __post_init__(self) -> None:
        self.varied, self.in_one_order = read_cases(self.judged, VARIED)

    def find(self) -> tuple[Diagnosis, ...]:
        own = list(probes())
        is_unseeded = self.interface is not None and self.interface.unseeded
        cases, seen = ([], {}) if is_unseeded else read_cases(self.judged)
        found = search(own, self.observed)
        if is_unseeded:
            return self._without_seed(found)
        first, wrong = found, list[Probe]()
        for _ in range(MOST_ROUNDS):
            for state in found:
                if not _unexplained(state, cases, seen):
                    return self._settle(state, found, cases, seen)
            if not found:
                break
            new = [one for one in _unexplained(found[0], cases, seen) if one not in wrong]
            wrong += new[:MOST_ADDED]
            found = Search([*own, *wrong], self.observed | seen).run(found)
        if first and first[0].mistakes:
            return self._report(first[0], first, cases, seen, exact=False)
        return ()

    def _settle(
        self,
        state: State,
        found: Sequence[State],
        cases: Sequence[Probe],
        seen: dict[str, Numbers | None],
    ) -> tuple[Diagnosis, ...]:
        """The diagnoses of a state that predicts all numbers that don't depend on luck.

        If others do, the same mistakes must give them with operands that are kept in sets.
        """
        self.model = state.model
        if any(report.verdict in VARIED for _, _, report in failed(self.judged)):
            both = _in_sets(state.model, self.varied)
            tried = (self._with_sets(state, one, cases, seen) for one in both)
            self.model = next((one for one in tried if one is not None), None)
        state = replace(state, model=self.model or state.model)
        exact = self.model is not None
        return self._report(state, found, cases, seen, exact=exact) if state.mistakes else ()

    def _with_sets(
        self,
        state: State,
        orders: tuple[Model, Model],
        cases: Sequence[Probe],
        seen: dict[str, Numbers | None],
    ) -> Model | None:
        """Returns the first of two models, if they give what was seen in both orders of sets."""
        for probe in self.varied:
            numbers = self.in_one_order[probe.id] or ()
            first, second = (predict(one, probe) for one in orders)
            varies = isinstance(second, tuple) and not agree(first, second)
            if not varies or not (agree(first, numbers) or agree(second, numbers)):
                return None
        usual = replace(state, model=orders[0])
        is_explained = not _unexplained(usual, probes(), self.observed)
        is_explained = is_explained and not _unexplained(usual, cases, seen)
        return orders[0] if self.varied and is_explained else None

    def _without_seed(self, found: list[State]) -> tuple[Diagnosis, ...]:
        """The diagnoses of an engine whose output was given its gradient from outside."""
        if not found:
            return ()
        entry = BY_KEY["seed"]
        evidence = _simplest_first(failed(self.judged))
        exact = not any(report.verdict in VARIED for _, _, report in failed(self.judged))
        own = _say(entry, (), evidence, exact=exact)
        rest = self._report(found[0], found, [], {}, exact=exact) if found[0].mistakes else ()
        return (own, *rest)

    def _report(
        self,
        state: State,
        found: Sequence[State],
        cases: Sequence[Probe],
        seen: dict[str, Numbers | None],
        *,
        exact: bool = True,
    ) -> tuple[Diagnosis, ...]:
        predicted = {probe.id for probe in cases if seen[probe.id] is not None}
        if exact:
            predicted |= set(self.in_one_order)
        else:
            predicted -= {probe.id for probe in _unexplained(state, cases, seen)}
        failing = _sort(failed(self.judged))
        wrong = {f"{suite}/{case.id}" for suite, case, _ in failing}
        explained = wrong & predicted
        if not exact and len(explained) < SHARE_EXPLAINED * len(wrong):
            return ()
        by_id = {probe.id: probe for probe in (*cases, *self.varied)}
        keys = list(dict.fromkeys(change.mistake for change in state.mistakes))
        diagnoses = []
        for key in keys:
            changes = [change for change in state.mistakes if change.mistake == key]
            about = frozenset(form for change in changes for form in change.forms)
            chosen = [
                (suite, case, report)
                for suite, case, report in failing
                if f"{suite}/{case.id}" in explained
                and (not about or about & executed(by_id[f"{suite}/{case.id}"].graph, state.model))
            ]
            same = [one for one in found if one.weight == state.weight]
            others = {
                change.mistake: change
                for one in reversed(same)
                for change in one.mistakes
                if change.mistake not in keys
            }
            entry = BY_KEY[key]
            diagnoses.append(
                replace(
                    _say(entry, changes, _name_tests(chosen), exact=exact),
                    explanation=fill(entry.explanation, changes)
                    + self._example(chosen)
                    + _name_others(others),
                    alike=tuple(sorted(others)),
                    predicts=(len(predicted), len(seen) + len(self.varied)),
                )
            )
        return tuple(diagnoses)

    def _example(self, chosen: Judged) -> str:
        """The student's own number in the first test."""
        wrong = [
            (report.title, check)
            for _, _, report in chosen
            for check in report.checks
            if not check.passed
        ]
        return f" In the test \u201c{wrong[0][0]}\u201d, {describe(wrong[0][1])}" if wrong else ""


def _name_others(others: Mapping[str, Change]) -> str:
    """What else gives the same numbers, in a sentence."""
    titles = [fill(BY_KEY[key].title, [change]) for key, change in sorted(others.items())]
    if not titles:
        return ""
    shown = " or ".join(f"\u201c{title}\u201d" for title in titles[:MOST_ALIKE])
    return f" These numbers could also mean: {shown}."


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
    state: State, cases: Sequence[Probe], seen: dict[str, Numbers | None]
) -> list[Probe]:
    """The cases whose numbers a state doesn't predict. One without numbers says nothing."""
    mistakes = state.mistakes
    everywhere = not mistakes or any(change.dials for change in mistakes)
    felt = frozenset(form for change in mistakes for form in change.forms)
    wrong = []
    for probe in cases:
        numbers = seen.get(probe.id)
        model = state.model if everywhere or felt & probe.forms else usual_models()[0]
        if numbers is not None and not agree(predict(model, probe), numbers):
            wrong.append(probe)
    return wrong


def _say(
    entry: Misconception,
    changes: Sequence[Change],
    evidence: Sequence[str],
    *,
    rule: str = "",
    exact: bool = False,
) -> Diagnosis:
    """A diagnosis with the texts of its entry. `rule` is that of the simplest test, if it's known.

    An operation that changed says more about the rule of a mistake that has none of its own.
    """
    if entry.rule != OPERATION:
        rule = entry.rule
    elif changes:
        rule = rule_of(changes[0].forms[0])
    return Diagnosis(
        misconception=entry.key,
        number=entry.number,
        title=fill(entry.title, changes),
        explanation=fill(entry.explanation, changes),
        hint=entry.hint,
        rule=rule,
        evidence=tuple(evidence[:MOST_EVIDENCE]),
        exact=exact,
        alike=(),
        formula=find_formula(changes),
        predicts=(0, 0),
    )


def _simplest_first(chosen: Judged) -> list[str]:
    return _name_tests(_sort(chosen))


def _name_tests(chosen: Judged) -> list[str]:
    return [f"{suite}/{case.id}" for suite, case, _ in chosen]


def _sort(chosen: Judged) -> Judged:
    """The simplest graphs first. Equal ones keep the order of the suites, simple rules first."""
    return sorted(chosen, key=lambda item: rank(item[0], item[1]))
