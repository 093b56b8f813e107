"""Recognises a backward that never sets the output's own gradient to 1.

All gradients then stay as they were, and are right once a caller sets it. Such an engine is run
with the gradient set by us, so that its tests say what else is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import OvertimeError
from worker.driver.base.members import find_member
from worker.driver.base.signatures import signature_of
from worker.driver.engine.backward_calls import methods, node_objects, objects
from worker.driver.engine.backward_calls.seeded import one_like, seed_first
from worker.driver.engine.backward_calls.target import find_target
from worker.driver.engine.gradient_sources.dictionaries import DictionaryGradient, ReadDictionary
from worker.driver.engine.hints import Hints
from worker.driver.engine.trials import (
    ENDLESS,
    PRODUCT,
    TRIAL_GRAPHS,
    TrialGraph,
    compute,
    has_failed,
    run_trial,
    works,
)
from worker.driver.graph.engine import BackwardCall, Engine, Make, StoredGradient
from worker.driver.node.numbers import Node, number_in
from worker.driver.node.positions import attributes_of, holds, positions
from worker.driver.ordering.ids import id_of

NEVER_SEEDED = "{} never sets the output's own gradient. The tests set it to 1 first."


def find_unseeded(
    engine: Engine, hints: Hints, find_others: Callable[[], Iterable[Engine]]
) -> Engine | None:
    """The engine with the output's gradient set before backward, if it is right only then.

    Or with other leaves, if a product of them is right. Only an engine that leaves the gradients
    of all leaves as they were is tried with others, so they repair no wrong numbers.

    An engine that also has other mistakes is recognised if it is right on one of the graphs. If no
    backward was found, methods of any name are tried, on the product alone.

    Raises OvertimeError if a backward of a usual name never returns.
    """
    failed: set[str] = set()
    for graph in TRIAL_GRAPHS if engine.backward.shown else (PRODUCT,):
        if graph.operation in failed:
            continue
        for candidate in _find_candidates(engine, graph, hints):
            changes = _find_changes(candidate, graph)
            if changes is None:
                failed.add(graph.operation)
                break
            if candidate is engine and changes is Changes.OF_LEAVES:
                return None
            for seeded in _seed(candidate, hints) if changes is Changes.NONE else ():
                if works(seeded, graph):
                    warning = NEVER_SEEDED.format(engine.backward.shown or seeded.backward.shown)
                    own = candidate.backward
                    return replace(seeded, unseeded=True, own_backward=own, warning=warning)
            others = find_others() if candidate is engine and graph.operation == "*" else ()
            if other := next((one for one in others if works(one, graph)), None):
                return other
            if candidate is engine and changes is Changes.OF_RESULT:
                return None
    return None


def _find_candidates(engine: Engine, graph: TrialGraph, hints: Hints) -> Iterator[Engine]:
    """The engine, then others with the parts for which it has no usual names."""
    if engine.backward.shown:
        yield engine
    nodes = compute(graph, engine.constructor.open({}), engine)
    if nodes is None:
        return
    leaf = nodes.leaves[0]
    calls, sources = [engine.backward], [engine.gradients]
    if not engine.backward.shown:
        target = find_target(nodes.root, engine, hints)
        calls = [
            call
            for find in (methods.find_others, objects.find, node_objects.find)
            for call in find(target)
        ]
    if not any(holds(leaf, name) for name in hints.grad_names):
        own = (StoredGradient(*one) for one in positions(leaf, ()))
        sources = [s for s in own if s.shown != engine.numbers.shown and s.shown[-1:] != ")"]
    for call in calls:
        for source in sources:
            if call is not engine.backward or source is not engine.gradients:
                yield replace(engine, backward=call, gradients=source)


class Changes(Enum):
    """Whose gradients backward changes. An exception each time is no change either."""

    NONE = 0
    OF_RESULT = 1  # alone
    OF_LEAVES = 2


def _find_changes(engine: Engine, graph: TrialGraph) -> Changes | None:
    """Whose gradients backward changes in a graph. None if it can't be computed."""
    if not isinstance(engine.gradients, (StoredGradient, DictionaryGradient)):
        return Changes.OF_LEAVES
    run = engine.open()
    nodes = compute(graph, run.make, engine)
    if nodes is None:
        return None
    if _is_shadowed(engine, nodes.root):
        return Changes.OF_LEAVES
    start = None
    if isinstance(engine.gradients, StoredGradient):  # of another leaf: to read it may change it
        start = number_in(run.read_gradient, attempt(run.make, 3.0), engine.numbers)
    result = run_trial(run.run_backward, nodes.root)
    if result is ENDLESS and engine.backward.is_usual:
        raise OvertimeError
    if has_failed(result):  # what fails once has another reason
        is_same = result is FAILED and run_trial(run.run_backward, nodes.root) is FAILED
        return Changes.NONE if is_same else Changes.OF_LEAVES
    for node in (*nodes.leaves, nodes.root):
        if (number_in(run.read_gradient, node, engine.numbers) or 0.0) != (start or 0.0):
            return Changes.OF_RESULT if node is nodes.root else Changes.OF_LEAVES
    return Changes.NONE


def _is_shadowed(engine: Engine, root: Node) -> bool:
    """Whether a node has something else under the name of its class's backward, such as a step."""
    name = engine.backward.shown.removesuffix("()")
    return find_member(type(root), name) is not None and name in attributes_of(root)


def _seed(engine: Engine, hints: Hints) -> Iterator[Engine]:
    """The engine with each way to give the output's gradient to backward."""
    leaf = attempt(engine.constructor.open({}), 3.0)
    source, call = engine.gradients, engine.backward
    if isinstance(source, DictionaryGradient):
        yield from _seed_dictionary(engine, source.get)
    elif isinstance(source, StoredGradient) and isinstance(source.read, ReadDictionary):
        yield from _seed_dictionary(engine, source.read.get)
    else:
        names = [source.shown] if holds(leaf, source.shown) else []
        names += [name for name in hints.grad_names if holds(leaf, name)]
        attributes = attributes_of(leaf)
        if source.shown not in attributes:  # behind a property
            names += [name for name in attributes if name != engine.numbers.shown]
        for name in dict.fromkeys(names):
            yield replace(engine, backward=seed_first(call, name, engine.kind))
            if attempt(getattr, leaf, name) is None:  # gradients may be nodes
                yield replace(engine, backward=seed_first(call, name, engine.kind, as_node=True))
    name = call.shown.removesuffix("()")
    signature = signature_of(find_member(type(leaf), name))
    if signature is not None and signature.positional and not signature.required:
        for seeded in methods.calls_with_1(name, engine):
            yield replace(engine, backward=replace(seeded, shown=call.shown))


def _seed_dictionary(engine: Engine, get: Callable[[Node], Any]) -> Iterator[Engine]:
    for find_key in (lambda root: root, id_of):
        yield replace(engine, backward=_seed_entry(engine, get, find_key))


def _seed_entry(
    engine: Engine, get: Callable[[Node], Any], find_key: Callable[[Node], Any]
) -> BackwardCall:
    def run(root: Node, make: Make) -> Any:
        gradients = get(root)
        old = next(iter(gradients.values()), None)
        gradients[find_key(root)] = one_like(old, engine.kind, make)
        return engine.backward.call(root, make)

    return replace(engine.backward, call=run)
