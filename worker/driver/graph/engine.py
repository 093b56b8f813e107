"""A student's engine as the search found it, and the calls with which it computes one graph.

An `Engine` is a value. What changes while a graph is computed belongs to its `GraphRun`:

    run = engine.open()
    a, b = run.make(2.0), run.make(3.0)
    c = a * b
    run.run_backward(c)
    engine.numbers.read(c), run.read_gradient(a)  # 6.0, 3.0
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from types import GeneratorType
from typing import Any, Protocol

from worker.driver.base.errors import RefusedError
from worker.driver.base.messages import kind_of
from worker.driver.base.protocol import (
    MOST_NAME,
    MOST_NOTE,
    MOST_NOTES,
    MOST_TEXT,
    UNSUPPORTED,
    Answer,
)
from worker.driver.node.numbers import Node, NumberSource, Read

Step = tuple[Any, ...]  # an operation and its operands, as `worker/graph/wire.py` writes them
Namespace = dict[str, Any]
Make = Callable[[Any], Node]
Run = Callable[[Node], Any]

# What a dictionary keeps gradients by, at the end of its name in the report.
BY_NODE, BY_ID = " (by node)", " (by id)"
OPERATORS: dict[str, Callable[[Node, Node], Node]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "**=": operator.ipow,
}
# An operation never gives one of these: a node is an object of the student's.
PLAIN: tuple[type, ...] = (
    type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, type(NotImplemented),
    GeneratorType,
)  # fmt: skip


class GraphRun:
    """The calls that compute one graph, with the state that they share.

    `read_gradient` raises AttributeError if a node has no gradient. `companions` are the objects
    that leaves of this graph belong to, such as a tape, by the parameters' names.
    """

    __slots__ = ("close", "companions", "make", "read_gradient", "returned", "run_backward")

    def __init__(
        self,
        make: Make,
        run_backward: Run,
        read_gradient: Read,
        close: Callable[[], object] | None = None,
    ) -> None:
        self.make, self.run_backward, self.read_gradient = make, run_backward, read_gradient
        self.close = close  # called after the graph, if it isn't None
        self.companions: dict[str, Any] = {}
        self.returned: Any = None  # what the last backward returned, where nodes hold gradients


class Constructor(Protocol):
    """A way to make leaves. `notes` are sentences for the report."""

    @property
    def notes(self) -> tuple[str, ...]: ...

    @property
    def written(self) -> str | None:
        """The arguments for a leaf, with {} for its number: "{}, name='x1'". None: can't write."""

    def open(self, companions: dict[str, Any]) -> Make:
        """The call that makes the leaves of one graph. It may add to the graph's companions."""


class GradientSource(Protocol):
    """A place where gradients are after backward. `shown` is its name in the report."""

    @property
    def shown(self) -> str: ...

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        """The calls for one graph, given those that make its leaves and run backward."""


@dataclass(frozen=True, slots=True)
class BackwardCall:
    """A way to run backward: its name in the report, and the call.

    `call` takes the root and the call that makes leaves, for engines that want a seed as a node.
    `shown` is empty if there is none. `note` is a sentence for the report. `is_usual` says that the
    file uses a usual name for it. `seed` is the attribute of the root that it sets to 1 before.
    `unwritten` says why `shown` isn't what a program has to call, if it isn't.
    """

    shown: str
    call: Callable[[Node, Make], Any]
    note: str = ""
    is_usual: bool = False
    seed: str = ""
    unwritten: str = ""


@dataclass(frozen=True, slots=True)
class StoredGradient:
    """A gradient that each node holds itself."""

    shown: str
    read: Read

    def open(self, make: Make, run: Run, _: NumberSource) -> GraphRun:
        return GraphRun(make, run, self.read)


def gradient_attribute(name: str) -> StoredGradient:
    """The attribute of that name."""
    return StoredGradient(name, attrgetter(name))


def call_method(name: str, *arguments: Any) -> Callable[[Node, Make], Any]:
    """The call of a root's method. It raises RefusedError if there is no such method."""

    def call(root: Node, _: Make) -> Any:
        method = root.get(name) if isinstance(root, dict) else getattr(root, name, None)
        if not callable(method):
            raise RefusedError(UNSUPPORTED, f"{kind_of(root)} has no method {name}().")
        return method(*arguments)

    return call


def backward_method(name: str) -> BackwardCall:
    """The method of that name, called without arguments."""
    return BackwardCall(f"{name}()", call_method(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeForm:
    """What is unusual about nodes. Gradients may be kept by id in a dictionary."""

    is_dictionary: bool = False
    is_decimal: bool = False
    has_node_gradients: bool = False  # as in x.grad.data
    keeps_by_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How a student's engine is used. `kind` is the class of its nodes, if the file defines one."""

    namespace: Namespace
    kind: type | None
    class_name: str | None
    constructor: Constructor
    numbers: NumberSource
    backward: BackwardCall
    gradients: GradientSource
    operators: Mapping[str, Callable[[Node, Node], Node]] = field(default_factory=lambda: OPERATORS)
    plain: tuple[type, ...] = PLAIN
    notes: tuple[str, ...] = ()
    # Whether backward never sets the output's own gradient, so that we set it before.
    unseeded: bool = False
    own_backward: BackwardCall | None = None  # the same without that
    is_endless: bool = False  # whether backward was stopped, so that it isn't tried again
    warning: str = ""  # what makes most tests fail, in a sentence
    # How a program writes functions that aren't methods of their usual names.
    functions: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()  # names of the file that a program mustn't set
    # How a program writes operators, where these are functions or methods: "+" is "add({}, {})".
    written_operators: Mapping[str, str] = field(default_factory=dict)
    maker: str = ""  # the function that makes nodes, if no class does
    form: NodeForm = field(default_factory=NodeForm)
    may_vary: bool = False  # whether the text shows that an order or chance may matter
    # What graphs have shown so far: classes of nodes by id, and calls by class and function.
    known_kinds: dict[int, type] = field(default_factory=dict)
    known_functions: dict[tuple[int, str], Callable[[Node], Node]] = field(default_factory=dict)

    def open(self, *, seeds: bool = True) -> GraphRun:
        """The calls for one graph. Without `seeds`, we never set the output's gradient."""
        companions: dict[str, Any] = {}
        backward = self.backward if seeds else self.own_backward or self.backward
        make, call = self.constructor.open(companions), backward.call
        run = self.gradients.open(make, lambda root: call(root, make), self.numbers)
        run.companions = companions
        return run

    def with_notes(self, *notes: str) -> Engine:
        """The engine with these sentences for the report, each once and not too many."""
        kept = list(self.notes)
        for note in notes:
            if note[:MOST_NOTE] not in kept and len(kept) < MOST_NOTES:
                kept.append(note[:MOST_NOTE])
        return replace(self, notes=tuple(kept)) if notes else self

    def _find_unwritten(self) -> str:
        """What a program can't write as it is used, in a few words. Empty if nothing."""
        if self.numbers.unwraps:
            return "numbers are lists of one number"
        if self.form.is_decimal:
            return "numbers are decimals"
        if self.backward.unwritten:
            return self.backward.unwritten
        has_own = isinstance(self.gradients, StoredGradient) and self.gradients.shown.isidentifier()
        if self.form.has_node_gradients and (self.backward.seed or not has_own):
            return "gradients are nodes"
        if len(self.class_name or "") > MOST_NAME:
            return "a name is very long"
        written = self.constructor.written
        is_short = written is not None and len(written) <= MOST_NAME and written.isascii()
        if written is None or not is_short or written.count("{}") != 1:
            return "leaves need other arguments"
        return ""

    def _write_parts(self) -> tuple[str, str, str]:
        """Where a program finds a node's number and its gradient, and how it runs backward."""
        form, data, grad = self.form, self.numbers.shown, self.gradients.shown
        backward = self.backward.shown
        stored = isinstance(self.gradients, StoredGradient)
        if form.is_dictionary:
            data = f'["{data}"]' if data.isidentifier() else data
            grad = f'["{grad}"]' if stored and grad.isidentifier() else grad
            name = backward.removesuffix("()")
            backward = f'["{name}"]()' if name.isidentifier() else backward
        elif form.has_node_gradients and stored and grad.isidentifier():
            grad = f"{grad}.{data}"
        elif grad.endswith(BY_NODE) and grad.removesuffix(BY_NODE).isidentifier():
            of_root = type(getattr(self.gradients, "get", None)) is attrgetter
            grad = f".{grad}" if stored else f"root.{grad}" if of_root else grad
        return data, grad.replace(BY_NODE, BY_ID) if form.keeps_by_id else grad, backward

    def to_answer(self) -> Answer:
        """The names of the engine's parts, as the host reads them."""
        adapt = self._find_unwritten()
        data, grad, backward = self._write_parts()
        leaf = self.constructor.written
        names = {
            "class": self.class_name and self.class_name[:MOST_NAME],
            "data": data[:MOST_NAME],
            "grad": grad[:MOST_NAME],
            "backward": backward[:MOST_NAME] or None,
            "seed": None if self.unseeded else self.backward.seed[:MOST_NAME] or None,
            "unseeded": self.unseeded,
            "warning": self.warning[:MOST_TEXT],
            "notes": list(self.notes),
            "leaf": None if adapt else f"{self.maker}({leaf})" if self.maker else leaf,
            "adapt": adapt,
            "functions": dict(self.functions),
            "taken": list(self.taken),
        }
        return {"interface": names}
