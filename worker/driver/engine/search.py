"""The search for an engine's parts: the first strategy that works is used.

It computes a = 3, b = 5, c = 2 and L = (a * b) * c. The numbers must be 3, 5, 2 and 30, and after
backward the gradients must be 10, 6 and 15. If nothing works there, it tries a * b and a + b.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from operator import add, mul

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.names import BACKWARD_NAMES
from worker.driver.engine import strategies
from worker.driver.engine.backward_calls.methods import needs_nothing
from worker.driver.engine.backward_calls.target import find_target
from worker.driver.engine.constructor import uses_numpy
from worker.driver.engine.filling import Filling
from worker.driver.engine.gradient_sources.dictionaries import DictionaryGradient, ReadDictionary
from worker.driver.engine.hints import Hints
from worker.driver.engine.trials import (
    ENDLESS,
    PRODUCT,
    REUSED_LEAF,
    TRIAL_GRAPHS,
    Nodes,
    Outcome,
    TrialGraph,
    compute,
    fits_outcome,
    has_failed,
    make_leaves,
    run_trial,
    works,
)
from worker.driver.graph.engine import (
    BackwardCall,
    Constructor,
    Engine,
    GradientSource,
    Make,
    StoredGradient,
)
from worker.driver.node.numbers import Node, NumberSource, number_in, reads_as
from worker.driver.node.positions import holds, position

ALSO_FITS = "The gradient is also in .{}."


def find_constructor(filling: Filling) -> Constructor:
    """The first way to make leaves that works, or the likeliest if none does.

    In a file that uses numpy, a leaf may accept a plain number and fail in the first operation. A
    constructor whose leaves can be added and multiplied is then preferred.
    """
    first: Constructor | None = None
    must_compute = uses_numpy(filling.namespace)
    plain = filling.first()
    for constructor in (c for find in strategies.CONSTRUCTORS for c in find(plain)):
        make = constructor.open({})
        if all(attempt(make, number) is not FAILED for number in (3, 0.5)):
            if not must_compute or _computes(make):
                return constructor
            first = first or constructor
    return first or plain


def _computes(make: Make) -> bool:
    """Whether such leaves can be added and multiplied, and backward runs if it needs nothing.

    What never returns ends the trial: another form of the number wouldn't change that.
    """
    for operation in (add, mul):
        results = [run_trial(operation, make(3), make(5))]
        names = (name for name in BACKWARD_NAMES if needs_nothing(type(results[0]), name))
        results.extend(run_trial(getattr(results[0], name)) for name in names)
        if any(map(has_failed, results)):
            return all(result is not FAILED for result in results)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An engine as far as it is known.

    `computes` says that the values of one of the graphs are right, `fits` that the gradients are
    right too, and `works` that they are right for the product.
    """

    engine: Engine
    computes: bool = True
    fits: bool = False
    works: bool = False


def find_parts(engine: Engine, hints: Hints) -> Iterator[Finding]:
    """Better and better findings. The last one is the result, even if the search is cut off.

    The engine's own parts are kept if nothing works. If backward has a usual name, no gradient is
    asked for and no closure is run in its place: that would repair a wrong engine.
    """
    has_numbers = False
    failed: set[str] = set()
    endless: set[str] = set()
    for graph in TRIAL_GRAPHS:
        make = engine.constructor.open({})
        nodes = compute(graph, make, engine) if graph.operation not in failed else None
        if nodes is None:
            failed.add(graph.operation)
            continue
        values = (*graph.leaves, graph.result)
        numbers = _find_numbers([*nodes.leaves, nodes.root], values, engine, hints)
        if numbers is None:
            continue
        has_numbers = True
        engine = replace(engine, numbers=numbers)
        yield Finding(engine=engine)
        for finding in _find_backward(_Trial(graph, engine, hints, endless), nodes):
            engine = finding.engine
            yield finding
            if finding.fits:
                return
    if not has_numbers:
        leaves = make_leaves(PRODUCT, engine.constructor.open({}))
        if (numbers := _find_numbers(leaves, PRODUCT.leaves, engine, hints)) is not None:
            yield Finding(engine=replace(engine, numbers=numbers), computes=False)


def _find_numbers(
    nodes: list[Node], values: tuple[float, ...], engine: Engine, hints: Hints
) -> NumberSource | None:
    """The first source that reads these values from these nodes."""
    for find in strategies.NUMBER_SOURCES:
        for source in find(nodes[0], engine.numbers, hints):
            arguments = (source.read, nodes, values, engine.numbers)
            is_method = source.shown.endswith("()")  # it may be one that does something else
            if run_trial(reads_as, *arguments) is True if is_method else reads_as(*arguments):
                return source
    return None


@dataclass(frozen=True, slots=True)
class _Trial:
    """An engine on one of the graphs. `endless` are calls that were stopped, by their names."""

    graph: TrialGraph
    engine: Engine
    hints: Hints
    endless: set[str]

    def finding(self, engine: Engine) -> Finding:
        """An engine that gives the right numbers for the graph."""
        return Finding(engine=engine, fits=True, works=self.graph is PRODUCT)


def _find_backward(trial: _Trial, nodes: Nodes) -> Iterator[Finding]:
    """Tries each way to run backward on the graph; `nodes` are some of its nodes."""
    target = find_target(nodes.root, trial.engine, trial.hints)
    has_backward = False
    for call in (call for find in strategies.BACKWARD_CALLS for call in find(target)):
        for finding in _try_backward(call, trial):
            trial = replace(trial, engine=finding.engine)
            yield finding
            if finding.fits:
                return
        has_backward = has_backward or call.is_usual
    if has_backward:
        return
    for source in (
        s for find in strategies.ASKED_GRADIENTS for s in find(nodes.leaves[0], trial.engine)
    ):
        asking = BackwardCall(source.shown, lambda _root, _make: None)
        asked = replace(trial.engine, backward=asking, gradients=source)
        if works(asked, trial.graph):
            yield trial.finding(asked)
            return
    target = find_target(nodes.root, trial.engine, trial.hints)
    for call in (call for find in strategies.LAST_BACKWARD_CALLS for call in find(target)):
        yield from _try_backward(call, trial)


def _try_backward(call: BackwardCall, trial: _Trial) -> Iterator[Finding]:
    """Runs backward once and looks for the gradients.

    Even if the gradients are wrong, a call of a usual name that runs is part of the finding, and
    so is a usual name of the gradient that leaves have only since backward.
    """
    graph, engine, hints = trial.graph, trial.engine, trial.hints
    make = engine.constructor.open({})
    nodes = compute(graph, make, engine)
    if nodes is None or call.shown in trial.endless:
        return
    result = run_trial(call.call, nodes.root, make)
    if result is ENDLESS:
        trial.endless.add(call.shown)
    if has_failed(result):
        return
    if call.is_usual:
        if new := _find_new_gradient(nodes.leaves[0], make, engine, hints):
            engine = replace(engine, gradients=new)
        if not engine.backward.is_usual:
            engine = replace(engine, backward=call)
        yield Finding(engine=engine)
    outcome = Outcome(replace(engine, backward=call), hints, graph, nodes, result)
    fitting = _find_gradients(outcome, make)
    if fitting:
        working = replace(outcome.engine, gradients=fitting[0])
        notes = [ALSO_FITS.format(source.shown) for source in fitting[1:]]
        notes += [call.note] if call.note else []
        yield trial.finding(working.with_notes(*notes))


def _find_new_gradient(
    leaf: Node, make: Make, engine: Engine, hints: Hints
) -> StoredGradient | None:
    """A usual name under which the leaf has a number, and a new leaf has nothing."""
    new = attempt(make, PRODUCT.leaves[0])
    for name in hints.grad_names:
        if "grad" in name and holds(leaf, name) and not holds(new, name):
            shown, read = position(leaf, name)
            if number_in(read, leaf, engine.numbers) is not None:
                return StoredGradient(shown, read)
    return None


def _find_gradients(outcome: Outcome, make: Make) -> list[GradientSource]:
    """The gradients after a backward call, and then other attributes that also have them.

    If the call wrote the usual attribute, no other is read.
    """
    written = _find_written(outcome, make)
    if written is not None:
        if _fits(written, outcome):
            return [written]
    else:
        stored = [s for find in strategies.STORED_GRADIENTS for s in find(outcome)]
        getters = [source for source in stored if source.shown.endswith("()")]
        fitting: list[GradientSource] = [
            s for s in stored if s not in getters and _fits(s, outcome)
        ]
        if len(fitting) > 1:
            with_source = (replace(outcome.engine, gradients=source) for source in fitting)
            also_reused = [e.gradients for e in with_source if works(e, REUSED_LEAF)]
            return also_reused or fitting[:1]
        if fitting:
            return fitting
        for getter in getters:  # last, because a call may change other gradients
            if _fits(getter, outcome):
                return [getter]
    if outcome.result is not None and not _may_be_local(outcome):
        for source in (s for find in strategies.RETURNED_GRADIENTS for s in find(outcome)):
            if _fits(source, outcome):
                return [source]
    return []


def _may_be_local(outcome: Outcome) -> bool:
    """Whether a result may be the slopes of one step, from a method that no name calls backward.

    A function of the file that gets the root is no step of it.
    """
    backward = outcome.engine.backward
    gets_root = "root" in backward.shown.partition("(")[2]
    return outcome.graph is not PRODUCT and not backward.is_usual and not gets_root


def _fits(source: GradientSource, outcome: Outcome) -> bool:
    """Whether a source has the right gradients, and hasn't before backward.

    Before a + b runs backward, a flag that is True reads like the gradient 1.
    """
    if run_trial(fits_outcome, source, outcome) is not True:
        return False
    graph, engine = outcome.graph, outcome.engine
    if graph is PRODUCT or not isinstance(source, StoredGradient):
        return True
    nodes = compute(graph, engine.constructor.open({}), engine)
    return nodes is None or not fits_outcome(source, replace(outcome, nodes=nodes))


def _find_written(outcome: Outcome, make: Make) -> GradientSource | None:
    """The usual place, if a leaf's number there differs from that of a new leaf."""
    usual, numbers = outcome.engine.gradients, outcome.engine.numbers
    if not isinstance(usual, StoredGradient):
        return None
    number, new = (
        run_trial(number_in, usual.read, leaf, numbers)
        for leaf in (outcome.nodes.leaves[0], attempt(make, outcome.graph.leaves[0]))
    )
    if has_failed(number) or number is None or number == new:
        return None
    if isinstance(usual.read, ReadDictionary):
        return DictionaryGradient(usual.shown, usual.read.get)
    return usual
