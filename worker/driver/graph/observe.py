"""A graph made with the student's class, step by step, and the numbers read from it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from worker.driver.base.errors import MissingModuleError, RefusedError
from worker.driver.base.messages import OUT_OF_MEMORY, describe, failure, place, reserve
from worker.driver.base.protocol import ERROR, INVALID_OUTPUT, UNSUPPORTED, Answer
from worker.driver.engine.interface import OPERATORS, Interface, Node, Step
from worker.driver.graph.functions import apply_function
from worker.driver.graph.operations import apply_binary, require_node
from worker.driver.node.numbers import ABSENT, nodes_in, read_number, read_numbers

# Endless recursion ends in a RecursionError before the stack does; a deep graph's does not end.
LEAST_RECURSION, MOST_RECURSION = 10_000, 110_000
CALLS_PER_STEP = 30  # what an engine may nest for each step of a graph
_set_recursion_limit = sys.setrecursionlimit


def limit_recursion(steps: int) -> None:
    """Lets an engine nest as deep as a graph of so many steps needs, and endless calls end soon."""
    _set_recursion_limit(min(max(LEAST_RECURSION, CALLS_PER_STEP * steps), MOST_RECURSION))


def observe(request: dict[str, Any], interface: Interface) -> Answer:
    """Makes the graph with the student's class and reads the numbers asked for."""
    nodes: list[Node] = []
    try:
        limit_recursion(len(request["steps"]))
        interface.forget()
        interface.steps = request["steps"]
        for step in request["steps"]:
            take(step, nodes, interface)
        numbers = read_numbers(nodes, request["reads"], interface)
        nodes.clear()  # now, so that what their ends cost is counted to this case
        return {"numbers": numbers}
    except RefusedError as refused:
        return failure(refused.verdict, refused.message)
    except MemoryError:
        nodes.clear()
        reserve.clear()
    except (NotImplementedError, MissingModuleError) as error:
        return failure(UNSUPPORTED, describe(error) + place(error))
    except BaseException as error:
        return failure(ERROR, describe(error) + place(error))
    return OUT_OF_MEMORY


def take(step: Step, nodes: list[Node], interface: Interface) -> None:
    """Takes one step: makes the next node, or runs backward."""
    operation = step[0]
    if operation == "leaf":
        nodes.append(interface.make(step[1]))
    elif operation == "update":
        leaf = find_operand(step[1], nodes)
        nodes.append(interface.make(descend(leaf, step[2], interface)))
    elif operation == "backward":
        interface.run_backward(find_operand(step[1], nodes))
        if interface.renewals and is_apart(interface.steps, step, len(nodes)):
            for renew in interface.renewals:
                renew()
    else:
        left = find_operand(step[1], nodes)
        if operation in OPERATORS:
            node = apply_binary(operation, left, find_operand(step[2], nodes), interface)
        else:
            node = apply_function(operation, left, interface)
        if id(type(node)) not in interface.kinds:
            require_node(operation, node, interface)
        nodes.append(node)


def is_apart(steps: Sequence[Step], backward: Step, made: int) -> bool:
    """Whether what follows this step has nothing of the nodes before it but numbers: then it is a
    graph of its own, for which a program would begin anew."""
    place = next(index for index, step in enumerate(steps) if step is backward)
    rest = [step for step in steps[place + 1 :] if step[0] not in ("leaf", "update")]
    return all(node >= made for step in rest for node in nodes_in(step))


def find_operand(spelled: Any, nodes: list[Node]) -> Any:
    """The operand of a step: a node, or a plain number, which is spelled as a tuple of one.

    `~node` is used for the last time. It is let go, as the program would, so that an engine which
    needs it later has to hold it itself.
    """
    if type(spelled) is tuple:
        return spelled[0]
    if spelled >= 0:
        return nodes[spelled]
    node = nodes[~spelled]
    nodes[~spelled] = None
    return node


def descend(node: Node, rate: float, interface: Interface) -> float:
    """The number of the leaf that stands one step of gradient descent further."""
    number = read_number(node, "data", "the number of a leaf", interface)
    slope = read_number(node, "grad", "the gradient of a leaf", interface)
    if number is None:
        raise RefusedError(INVALID_OUTPUT, "the number of a leaf is None, not a number.")
    return float(number - rate * (0.0 if slope is None or slope is ABSENT else slope))
