"""A graph made with the student's class, step by step, and the numbers read from it."""

from __future__ import annotations

import sys
from typing import Any

from worker.driver.frames import Answer
from worker.driver.functions import apply_function
from worker.driver.interface import OPERATORS, Interface, Node
from worker.driver.numbers import ABSENT, read_number, read_numbers
from worker.driver.operations import apply_binary, made
from worker.driver.stand_ins import MissingModuleError
from worker.driver.telling import OUT_OF_MEMORY, RefusedError, describe, failure, place, reserve

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
        return failure("unsupported", describe(error) + place(error))
    except BaseException as error:
        return failure("error", describe(error) + place(error))
    return OUT_OF_MEMORY


def take(step: list[Any], nodes: list[Node], interface: Interface) -> None:
    """Takes one step: makes the next node, or runs backward."""
    operation = step[0]
    if operation == "leaf":
        nodes.append(interface.make(step[1]))
        return
    if operation == "update":
        (node,) = find_operands(step[1:2], nodes)
        nodes.append(interface.make(descend(node, step[2], interface)))
        return
    operands = find_operands(step[1:], nodes)
    if operation == "backward":
        interface.run_backward(operands[0])
        if interface.renewals and is_apart(interface.steps, step, len(nodes)):
            for renew in interface.renewals:
                renew()
    elif operation in OPERATORS:
        node = apply_binary(operation, operands[0], operands[1], interface)
        nodes.append(made(operation, node, interface))
    else:
        nodes.append(made(operation, apply_function(operation, operands[0], interface), interface))


def is_apart(steps: list[list[Any]], backward: list[Any], made: int) -> bool:
    """Whether what follows this step has nothing of the nodes before it but numbers: then it is a
    graph of its own, for which a program would begin anew."""
    place = next(index for index, step in enumerate(steps) if step is backward)
    rest = [step for step in steps[place + 1 :] if step[0] not in ("leaf", "update")]
    used = [operand for step in rest for operand in step[1:] if type(operand) is int]
    return all((operand if operand >= 0 else ~operand) >= made for operand in used)


def find_operands(spelled: list[Any], nodes: list[Node]) -> list[Any]:
    """The operands of a step: nodes, and plain numbers, which are spelled as lists of one.

    `~node` is used for the last time. It is let go, as the program would, so that an engine which
    needs it later has to hold it itself.
    """
    operands = []
    for operand in spelled:
        if type(operand) is list:
            operands.append(operand[0])
        elif operand >= 0:
            operands.append(nodes[operand])
        else:
            operands.append(nodes[~operand])
            nodes[~operand] = None
    return operands


def descend(node: Node, rate: float, interface: Interface) -> float:
    """The number of the leaf that stands one step of gradient descent further."""
    number = read_number(node, "data", "the number of a leaf", interface)
    slope = read_number(node, "grad", "the gradient of a leaf", interface)
    if number is None:
        raise RefusedError("invalid_output", "the number of a leaf is None, not a number.")
    return float(number - rate * (0.0 if slope is None or slope is ABSENT else slope))
