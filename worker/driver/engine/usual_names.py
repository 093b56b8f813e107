"""The fast way: parts with usual names are used without a trial.

So a wrong engine is accepted like a right one, and the tests show what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.engine.backward_calls.functions import find_function
from worker.driver.engine.backward_calls.methods import needs_nothing
from worker.driver.engine.backward_calls.target import GETTER_NAMES, has_call
from worker.driver.engine.gradient_sources.dictionaries import node_dictionary
from worker.driver.engine.hints import Hints
from worker.driver.engine.trials import has_failed, run_trial
from worker.driver.graph.engine import Engine, Make, StoredGradient, backward_method
from worker.driver.node.numbers import Node, NumberSource, number_in, to_number
from worker.driver.node.positions import attributes_of, holds, position


def find_usual(engine: Engine, hints: Hints) -> tuple[Engine, bool] | None:
    """The engine with the parts that have usual names, and whether that is certain.

    It isn't certain if a part is missing, if two fit, or if a caller may have to seed the output.
    None if not even a leaf can be made.
    """
    make = engine.constructor.open({})
    leaf = attempt(make, 3)
    if leaf is FAILED:
        return None
    kind, usual = type(leaf), hints.backward_names
    methods = [name for name in usual if needs_nothing(kind, name)]
    data = next(
        (name for name in hints.data_names if _reads_three(leaf, name, engine.numbers)), None
    )
    numbers, gradients = engine.numbers, engine.gradients
    if data is not None:
        numbers = replace(numbers, shown=data, read=position(leaf, data)[1])
    stored = [name for name in hints.grad_names if holds(leaf, name)]
    likely = [name for name in stored if _may_be_gradient(leaf, name, numbers)]
    if stored:
        name = (likely or stored)[0]
        read = position(leaf, name)[1]
        is_dictionary = isinstance(attempt(read, leaf), Mapping)
        gradients = (node_dictionary if is_dictionary else StoredGradient)(name, read)
    elif getters := [name for name in hints.grad_names if _is_getter(name, make, numbers)]:
        gradients = StoredGradient(*position(leaf, getters[0]))
    name = (methods or [n for n in usual if attempt(has_call, leaf, n) is True] or usual)[0]
    backward = replace(backward_method(name), is_usual=name in methods)
    engine = replace(engine, numbers=numbers, gradients=gradients, backward=backward)
    is_unusual = bool(stored) and stored[0] != hints.grad_names[0]
    if is_unusual and attempt(position(leaf, stored[0])[1], leaf) is None:
        return engine, False  # backward may use a more usual name, which leaves don't have yet
    if data is None or len(stored) != 1 or stored != likely or len(methods) != 1 or hints.seeds:
        return engine, False
    may_be_getter = methods[0] in GETTER_NAMES and not hints.names_backward
    return engine, not (may_be_getter or any(find_function(name, engine) for name in usual))


def _reads_three(leaf: Node, name: str, numbers: NumberSource) -> bool:
    return holds(leaf, name) and number_in(position(leaf, name)[1], leaf, numbers) == 3


def _is_getter(name: str, make: Make, numbers: NumberSource) -> bool:
    """Whether a method of leaves gives a number or None, and changes nothing.

    Otherwise it may be the one that runs backward: L.grad().
    """
    leaf = attempt(make, 3)
    if leaf is FAILED or not needs_nothing(type(leaf), name):
        return False
    before = attributes_of(leaf)
    value = run_trial(getattr(leaf, name))  # it may be an endless backward
    is_number = not has_failed(value) and attempt(to_number, value, name, numbers) is not FAILED
    after = attributes_of(leaf)
    return is_number and list(before) == list(after) and all(before[n] is after[n] for n in before)


def _may_be_gradient(leaf: Node, name: str, numbers: NumberSource) -> bool:
    """Whether an attribute of a new leaf is None, or a number that is no flag."""
    read = position(leaf, name)[1]
    value = attempt(read, leaf)
    if value is None or type(value) is bool:
        return value is None
    return number_in(read, leaf, numbers) is not None
