"""Runs the driver in this process. `test_session` runs it in the sandbox."""

from __future__ import annotations

import copy
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from tests.support.clock import clock_put_back
from tests.worker.sandbox.programs import reads
from worker.driver.base.channel import read_question
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe as observe_graph
from worker.driver.load import load as load_file
from worker.driver.ordering.namespace import arrange
from worker.graph import Question, parse

PRODUCT = "a = Value(2)\nb = Value(3)\nc = a * b\nc.backward()"


@contextmanager
def undisturbed() -> Iterator[None]:
    """Puts back what loading a file changes in the process."""
    limit, threshold = sys.getrecursionlimit(), gc.get_threshold()
    finders, modules = list(sys.meta_path), set(sys.modules)
    # What other tests left is not collected meanwhile: a time budget that runs out while Python
    # calls back for such an object raises where nobody can catch it. The same goes for callbacks
    # that Hypothesis adds to the collector.
    gc.freeze()
    callbacks = list(gc.callbacks)
    gc.callbacks.clear()
    try:
        with clock_put_back():
            yield
    finally:
        gc.callbacks[:] = callbacks
        gc.unfreeze()
        gc.set_threshold(*threshold)
        sys.setrecursionlimit(limit)
        sys.meta_path[:] = finders
        arrange("", reverse=False)
        vars(copy).pop("id", None)
        vars(sys.modules["_weakrefset"]).pop("set")
        own = sys.modules.get(MODULE)  # it also has the names of the files that it stands for
        for name in set(sys.modules) - modules:
            is_placeholder = type(sys.modules[name]).__name__ == "PlaceholderModule"
            if sys.modules[name] is own or is_placeholder:
                del sys.modules[name]


def load(source: str, **names: str) -> dict[str, Any]:
    """The answer to a file: its interface, a problem or a failure."""
    with undisturbed():
        found = load_file(source, ModuleType(MODULE), names)
        return found.to_answer() if isinstance(found, Engine) else found


def found(source: str, **names: str) -> dict[str, Any]:
    """The interface that was found in a file."""
    interface: dict[str, Any] = load(source, **names)["interface"]
    return interface


def observe(source: str, program: str, *names: str) -> dict[str, Any]:
    """The answer to a graph: data and gradients of the nodes of these names."""
    with undisturbed():
        interface = load_file(source, ModuleType(MODULE))
        assert isinstance(interface, Engine), interface
        return ask(interface, program, *names)


def ask(interface: Engine, program: str, *names: str) -> dict[str, Any]:
    """The answer to a graph of a file that is loaded."""
    graph = parse(program)
    question = Question(graph=graph, reads=reads(graph, names))
    return observe_graph(read_question(question.body), interface)


def failure(source: str, program: str, *names: str) -> tuple[str, str]:
    """The verdict and the message of a graph that fails."""
    told = observe(source, program, *names)["failure"]
    return told["verdict"], told["message"]


def line_of(source: str, text: str) -> int:
    """The number of the first line with this text."""
    return source[: source.index(text)].count("\n") + 1
