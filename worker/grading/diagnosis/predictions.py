"""What models give for graphs, remembered for later diagnoses."""

from __future__ import annotations

from collections.abc import Mapping

from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.simulate import Prediction, simulate

MOST_REMEMBERED = 60_000  # predictions, about 0.9 KB each

Key = tuple[str, Model]  # a graph with what is read of it, and what it feels of a model
_memo: dict[Key, Prediction] = {}
_always: dict[Key, Prediction] = {}  # what every process knows from the beginning


def predict(model: Model, probe: Probe) -> Prediction:
    """Returns what a model gives for a graph. Answers are remembered, by names alone."""
    return recall((probe.key, model.reduced(probe.forms)), probe)


def recall(key: Key, probe: Probe) -> Prediction:
    """Returns what the model of a key gives for its graph."""
    if key not in _memo:
        if len(_memo) >= MOST_REMEMBERED:
            forget()
        _memo[key] = simulate(key[1], probe.prepared)
    return _memo[key]


def forget() -> None:
    """Forgets all predictions but those that it began with."""
    _memo.clear()
    _memo.update(_always)


def begin_with(known: Mapping[Key, Prediction]) -> None:
    """Remembers these predictions for as long as the process runs."""
    _always.clear()
    _always.update(known)
    forget()
