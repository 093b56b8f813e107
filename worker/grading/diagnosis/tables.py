"""Predictions that most diagnoses need: made once for each version of the code, and kept in a file.

They only save time. A search counts a known prediction as the simulation that it saves.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator

from worker.grading.diagnosis.catalogue import changes_everywhere, changes_in
from worker.grading.diagnosis.changes import orders, styles
from worker.grading.diagnosis.forms import executed
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import list_compared
from worker.grading.diagnosis.predictions import Key, begin_with, predict
from worker.grading.diagnosis.questions import Probe, probes
from worker.grading.diagnosis.simulate import Prediction, usual_models
from worker.suites import cache, catalogue

FIRST = 12  # questions about sums and products, where many engines fail first
RIGHT = usual_models()[0]
EARLY = "-alone"  # the first question about a form


def warm() -> None:
    """Remembers the predictions, from their file if it is up to date. For a process that grades.

    It also prepares the questions, and the tests of all suites that come with the service.
    """
    versions = ";".join(f"{name} {catalogue.load(name).version}" for name in catalogue.names())
    code = cache.hash_sources("worker.grading.diagnosis.tables")
    key = hashlib.sha256(code + versions.encode()).digest()
    name = f"diagnosis.{sys.implementation.cache_tag}.predictions"
    for probe in (*probes(), *_list_cases()):
        probe.key, probe.forms  # noqa: B018 - computed on first access
        probe.prepared.steps, probe.prepared.wanted  # noqa: B018 - the same
    begin_with(cache.fetch_object(name, key, dict, _make_table))


def _make_table() -> dict[Key, Prediction]:
    return {
        (probe.key, model.reduced(probe.forms)): predict(model, probe)
        for probe, model in _list_needed()
    }


def _list_cases() -> Iterator[Probe]:
    for suite in catalogue.names():
        yield from list_compared(suite, catalogue.load(suite).cases)


def _list_needed() -> Iterator[tuple[Probe, Model]]:
    yield from ((probe, RIGHT) for probe in _list_cases())
    for index, probe in enumerate(probes()):
        is_early = index < FIRST or probe.id.endswith(EARLY)
        for model in usual_models():
            yield probe, model
            # Where an engine is right but for its order, it fails at a later graph of sums.
            if is_early or (model == RIGHT and not probe.form):
                yield from ((probe, changed) for changed in _change(probe, model))
        # A mistake of the whole engine that explains one graph is soon asked about all.
        everywhere = (change.apply(RIGHT) for change in changes_everywhere())
        yield from ((probe, changed) for changed in everywhere if changed is not None)


def _change(probe: Probe, model: Model) -> Iterator[Model]:
    """The models one change further."""
    forms = executed(probe.graph, model)
    changes = [*styles(forms, model), *orders(model), *changes_everywhere()]
    changes += [change for form in sorted(forms) for change in changes_in(form)]
    for change in changes:
        changed = change.apply(model)
        assert changed is not None  # each change does something to a right engine
        yield changed
