"""What the nodes of an engine are like, which programs of a report must know to read them."""

from __future__ import annotations

from types import CoroutineType
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.engine.gradient_sources.dictionaries import (
    DictionaryGradient,
    ReadDictionary,
)
from worker.driver.engine.trials import run_trial
from worker.driver.graph.engine import Engine, NodeForm, StoredGradient
from worker.driver.node.numbers import Node
from worker.driver.ordering.ids import id_of


def find_form(engine: Engine) -> NodeForm:
    """The form of the nodes of a product. What can't be found out is usual."""
    form = NodeForm() if engine.is_endless else run_trial(_look, engine)
    return form if isinstance(form, NodeForm) else NodeForm()


def _look(engine: Engine) -> NodeForm:
    run = engine.open()
    leaf = run.make(2.0)
    product = engine.operators["*"](leaf, run.make(3.0))
    made = run.run_backward(product)
    if type(made) is CoroutineType:
        made.close()  # its body doesn't run
    kind, gradient = engine.kind, attempt(run.read_gradient, leaf)
    form = NodeForm(
        is_dictionary=type(leaf) is dict,
        is_decimal=type(attempt(engine.numbers.read, leaf)).__module__ == "decimal",
        has_node_gradients=kind is not None and isinstance(gradient, kind),
        keeps_by_id=_keeps_by_id(engine, product, leaf),
    )
    if run.close is not None:
        run.close()
    return form


def _keeps_by_id(engine: Engine, root: Node, leaf: Node) -> bool:
    """Whether a dictionary keeps the gradients by the ids of nodes."""
    source: Any = engine.gradients
    if isinstance(source, StoredGradient) and isinstance(source.read, ReadDictionary):
        kept = attempt(source.read.get, leaf)
    elif isinstance(source, DictionaryGradient):
        kept = attempt(source.get, root)
    else:
        return False
    return kept is not FAILED and attempt(lambda: id_of(leaf) in kept) is True
