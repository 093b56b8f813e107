"""How the parts of an engine are spelled: by the usual names, or else by what they do.

The search makes a = 3, b = 5, c = 2 and L = (a * b) * c. The number is what reads 3, 5, 2 and 30;
the gradient what reads 10, 6 and 15 after backward.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.names import BACKWARD_NAMES, CALLER, DATA_NAMES, GRAD_NAMES
from worker.driver.engine.backward_calls import (
    Run,
    Way,
    asks_for_nothing,
    call_method,
    find_function,
    find_ways,
    has_call,
)
from worker.driver.engine.gradient_dictionaries import (
    BY_NODE,
    Dictionary,
    find_dictionaries,
    is_dictionary,
)
from worker.driver.engine.gradient_queries import find_asks, find_in_result
from worker.driver.engine.gradient_sources import Ask, AskedGradients, Leaves, ReturnedGradients
from worker.driver.engine.interface import Interface, Node
from worker.driver.engine.local_steps import find_local_steps
from worker.driver.engine.tapes import find_recorded
from worker.driver.file.usage_hints import find_seeds
from worker.driver.graph.operations import apply_binary
from worker.driver.node.places import Read, holds, number_in, place, places, reads_as

LEAVES, PRODUCT = (3.0, 5.0, 2.0), 30.0
SLOPES = (10.0, 6.0, 15.0)


class Search:
    """The search for the parts of one class, or of functions alone, in a file."""

    def __init__(self, interface: Interface, text: str, names: dict[str, str]) -> None:
        self._interface = interface
        self._data_names = _wanted(names, "data", DATA_NAMES)
        self._grad_names = _wanted(names, "grad", GRAD_NAMES)
        self._backward = names.get("backward")
        self._text, self._seeds = text, find_seeds(text)
        if names.get("seed") == CALLER:
            self._seeds = (*self._seeds, names.get("grad", "grad"))

    def take_usual(self) -> bool | None:
        """Takes the parts that have usual names. Whether nothing else need be tried.

        None where not even a leaf can be made.

        A wrong engine passes here as a right one does: the suites tell what is wrong with it.
        """
        interface = self._interface
        node = attempt(interface.make, 3)
        if node is FAILED:
            return None
        usual = BACKWARD_NAMES if self._backward is None else (self._backward,)
        methods = [n for n in usual if asks_for_nothing(type(node), n)]
        data = next((n for n in self._data_names if self._reads_three(node, n)), None)
        asked = next((n for n in self._grad_names if asks_for_nothing(type(node), n)), None)
        if data is not None:
            interface.keep_data(data, place(node, data)[1])
        held = [n for n in self._grad_names if holds(node, n)]
        likely = [n for n in held if self._may_be_gradient(node, n)]
        if held:
            grad = (likely or held)[0]
            read = place(node, grad)[1]
            if is_dictionary(read, node):
                grad, read = f"{grad}{BY_NODE}", Dictionary(read)
            interface.keep_grad(grad, read)
        elif asked is not None:
            interface.keep_grad(*place(node, asked))
        name = (methods or [n for n in usual if attempt(has_call, node, n) is True] or usual)[0]
        interface.backward, interface.run_backward = f"{name}()", call_method(name)
        if (
            held
            and held[0] != self._grad_names[0]
            and attempt(place(node, held[0])[1], node) is None
        ):
            return False  # backward may put the gradient under a name that leaves have not yet
        if data is None or len(held) != 1 or held != likely or len(methods) != 1 or self._seeds:
            return False
        return not any(find_function(n, interface) for n in usual)

    def take_what_works(self) -> bool:
        """Takes the parts that give the right numbers on the product of three. Whether there are.

        Where backward gives none, the numbers are taken, and what has a usual name stays.
        """
        nodes = self._make_nodes()
        if nodes is None:
            self._take_data(self._make_leaves())
            return False
        if not self._take_data(nodes):
            return False
        has_backward = False
        for way in find_ways(nodes[-1], self._interface, self._seeds, self._backward):
            if self._take_way(way):
                return True
            has_backward = has_backward or way.usual
        if has_backward:
            return False
        if self._take_asked():
            return True
        local = find_local_steps(nodes[-1], self._interface, self._text)
        return local is not None and self._take_way(local)

    def _reads_three(self, node: Node, name: str) -> bool:
        if not holds(node, name):
            return False
        return number_in(place(node, name)[1], node, self._interface) == 3

    def _may_be_gradient(self, node: Node, name: str) -> bool:
        """Whether the attribute of a fresh leaf holds nothing yet, or a number that is no flag."""
        read = place(node, name)[1]
        held = attempt(read, node)
        if held is None or type(held) is bool:
            return held is None
        return number_in(read, node, self._interface) is not None

    def _make_leaves(self) -> list[Node]:
        """a, b and c."""
        return [attempt(self._interface.make, number) for number in LEAVES]

    def _make_nodes(self) -> list[Node] | None:
        """a, b, c and (a * b) * c; None where they cannot be made."""
        leaves = self._make_leaves()
        product = leaves[0]
        for leaf in leaves[1:]:
            product = attempt(apply_binary, "*", product, leaf, self._interface)
        return None if product is FAILED else [*leaves, product]

    def _take_data(self, nodes: list[Node]) -> bool:
        """Takes the name under which the numbers are; whether the product's is right, too."""
        numbers = (*LEAVES, PRODUCT)
        for count in range(len(nodes), len(LEAVES) - 1, -1):
            for shown, read in places(nodes[0], self._data_names):
                if reads_as(read, nodes[:count], numbers[:count], self._interface):
                    self._interface.keep_data(shown, read)
                    return count == len(numbers)
        return False

    def _take_way(self, way: Way) -> bool:
        """Takes a way to run backward, and where the gradients then are, if they are right."""
        nodes = self._make_nodes()
        result = FAILED if nodes is None else attempt(way.run, nodes[-1])
        if nodes is None or result is FAILED:
            return False
        interface = self._interface
        if way.usual:
            self._take_new_grad(nodes[0])
        found = self._grad_places(nodes[0])
        stored = next((p for p in found if self._is_right(p[1], nodes)), None)
        if stored is not None and isinstance(stored[1], Dictionary):
            self._keep_returned(stored[0], way, stored[1].look_up, run=stored[1].run(way.run))
        elif stored is not None:
            interface.keep_grad(*stored)
            interface.run_backward = way.run
        elif result is None or not self._take_returned(way, result, nodes):
            return False
        interface.backward = way.shown
        if way.note:
            interface.note(way.note)
        return True

    def _grad_places(self, node: Node) -> list[tuple[str, Read]]:
        """Where a gradient may be after backward: the usual place alone, if it came there."""
        interface = self._interface
        if self._was_written(node):
            return [(interface.grad, interface.read_grad)]
        found = [found for found in places(node, self._grad_names) if found[0] != interface.data]
        asked = [place for place in found if place[0].endswith("()")]  # it may change the others
        held = [place for place in found if place not in asked]
        return [*held, *find_dictionaries(interface), *asked]

    def _take_new_grad(self, node: Node) -> None:
        """Takes a usual name under which a leaf has a number since backward alone, though wrong."""
        fresh = attempt(self._interface.make, LEAVES[0])
        for name in self._grad_names:
            is_new = "grad" in name and holds(node, name) and not holds(fresh, name)
            if is_new and number_in(place(node, name)[1], node, self._interface) is not None:
                return self._interface.keep_grad(*place(node, name))
        return None

    def _was_written(self, node: Node) -> bool:
        """Whether the usual place holds another number than that of a fresh leaf."""
        read = self._interface.read_grad
        number = number_in(read, node, self._interface)
        fresh = attempt(self._interface.make, LEAVES[0])
        return number is not None and number != number_in(read, fresh, self._interface)

    def _is_right(self, read: Read, nodes: list[Node]) -> bool:
        return reads_as(read, nodes[: len(LEAVES)], SLOPES, self._interface)

    def _take_returned(self, way: Way, result: Any, nodes: list[Node]) -> bool:
        """Takes gradients that backward returns: by node, by its id or name, or in order."""
        interface, leaves = self._interface, nodes[: len(LEAVES)]
        for shown, find in find_in_result(result, leaves[0]):
            if self._is_right(partial(find, result), nodes):
                self._keep_returned(shown, way, find)
                return True
        in_order = isinstance(result, (list, tuple)) and len(result) == len(LEAVES)
        if in_order and reads_as(_itself, list(result), SLOPES, interface):
            made = Leaves(interface.make)
            interface.make = made.make
            interface.beginnings.append(made.forget)
            self._keep_returned("returned (in the leaves' order)", way, made.find)
            return True
        return False

    def _keep_returned(
        self,
        shown: str,
        way: Way,
        find: Callable[[Any, Node], Any],
        run: Run | None = None,
    ) -> None:
        interface = self._interface
        kept = ReturnedGradients(run or way.run, find, interface)
        interface.keep_grad(shown, kept.read)
        interface.run_backward = kept.backward
        interface.beginnings.append(kept.forget)

    def _take_asked(self) -> bool:
        """Takes gradients that are asked for leaf by leaf."""
        interface = self._interface
        nodes = self._make_nodes()
        for shown, ask in find_asks(nodes[0], interface) if nodes else ():
            if self._take_ask(shown, ask):
                return True
        make = interface.make
        for shown, ask, recorder in find_recorded(interface):
            interface.make = recorder.make
            if attempt(recorder.begin) is not FAILED and self._take_ask(shown, ask):
                interface.beginnings.append(recorder.begin)
                interface.run_backward = _in_turn(interface.run_backward, recorder.settle)
                return True
            interface.make = make
            recorder.leave()
        return False

    def _take_ask(self, shown: str, ask: Ask) -> bool:
        """Takes a way to ask for gradients, if they are right."""
        nodes = self._make_nodes()
        if nodes is None or not self._is_right(partial(ask, nodes[-1]), nodes):
            return False
        interface = self._interface
        asked = AskedGradients(ask, interface)
        interface.keep_grad(shown, asked.read)
        interface.backward, interface.run_backward = shown, asked.backward
        interface.beginnings.append(asked.forget)
        return True


def _in_turn(first: Run, second: Run) -> Run:
    def run(node: Node) -> None:
        first(node)
        second(node)

    return run


def _itself(held: Any) -> Any:
    return held


def _wanted(names: dict[str, str], part: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    return (names[part],) if part in names else usual
