"""Computes a graph with the student's class, step by step, and reads the numbers asked for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from worker.driver.base.errors import MissingModuleError, OvertimeError, RefusedError
from worker.driver.base.messages import (
    OUT_OF_MEMORY,
    describe,
    describe_with_position,
    failure,
    position_of,
    reserve,
)
from worker.driver.base.protocol import (
    ERROR,
    INVALID_OUTPUT,
    TIMEOUT,
    UNSUPPORTED,
    Answer,
)
from worker.driver.base.sleep import allow_sleep
from worker.driver.file.placeholders import find_cause, to_error
from worker.driver.graph.call_count import CallCount
from worker.driver.graph.engine import OPERATORS, Engine, GraphRun, Step
from worker.driver.graph.functions import apply_function
from worker.driver.graph.operations import apply_binary, require_node
from worker.driver.graph.reading import ABSENT, nodes_in, read_number, read_numbers
from worker.driver.graph.written import describe_unwritten
from worker.driver.node.numbers import Node
from worker.driver.ordering.ids import ids

# Endless recursion must end in a RecursionError before the stack ends. A deep graph must not.
LEAST_RECURSION, MOST_RECURSION = 10_000, 110_000
CALLS_PER_STEP = 30  # how deep an engine may nest calls for each step of a graph
_set_recursion_limit = sys.setrecursionlimit


def limit_recursion(steps: int) -> None:
    """Lets calls nest as deep as a graph with so many steps needs. Endless recursion ends soon."""
    _set_recursion_limit(min(max(LEAST_RECURSION, CALLS_PER_STEP * steps), MOST_RECURSION))


def observe(request: dict[str, Any], engine: Engine) -> Answer:
    """Computes the graph with the student's class and reads the numbers asked for.

    If the request says `count`, the answer also has the number of calls.
    """
    if not request.get("count"):
        return _observe(request, engine)
    count = CallCount.for_graph(len(request["steps"]))
    answer: Answer = count.run(_observe, request, engine)
    return answer | {"calls": count.calls} if "numbers" in answer else answer


def _observe(request: dict[str, Any], engine: Engine) -> Answer:
    nodes: list[Node] = []
    run = None
    try:
        steps = request["steps"]
        limit_recursion(len(steps))
        allow_sleep()
        run = engine.open(seeds=request.get("seeds", True))
        for step in steps:
            take(step, steps, nodes, engine, run)
        numbers = read_numbers(nodes, request["reads"], steps, engine, run)
        nodes.clear()  # now, so that this test pays for freeing its nodes
        return {"numbers": numbers}
    except RefusedError as refused:
        return failure(refused.verdict, refused.message)
    except MemoryError:
        nodes.clear()
        reserve.clear()
    except OvertimeError as error:
        return failure(TIMEOUT, f"{error}{position_of(error)}.")
    except NotImplementedError as error:
        message = describe_unwritten(error) or describe_with_position(error)
        return failure(UNSUPPORTED, message)
    except MissingModuleError as error:
        return failure(UNSUPPORTED, describe_with_position(error))
    except BaseException as error:
        message = describe_with_position(error)
        if (cause := find_cause(error)) is not None:
            return failure(UNSUPPORTED, f"{message}. {describe(to_error(cause))}")
        return failure(ERROR, message)
    finally:
        if run is not None and run.close is not None:
            with suppress(BaseException):  # the numbers are read already
                run.close()
        ids.release_held()
    return OUT_OF_MEMORY


def take(
    step: Step, steps: Sequence[Step], nodes: list[Node], engine: Engine, run: GraphRun
) -> None:
    """Takes one of the graph's steps: makes the next node, or runs backward."""
    operation = step[0]
    if operation == "leaf":
        nodes.append(run.make(step[1]))
        return
    written = step[1]  # found without a call if it is a node that is used again, as most are
    reused = type(written) is int and written >= 0
    left, right = nodes[written] if reused else find_operand(written, nodes), None
    if operation in OPERATORS:
        written = step[2]
        reused = type(written) is int and written >= 0
        right = nodes[written] if reused else find_operand(written, nodes)
        node = apply_binary(operation, left, right, engine)
    elif operation == "backward":
        run.returned = run.run_backward(left)
        if run.companions and starts_another_graph(steps, step, len(nodes)):
            run.companions.clear()
        return
    elif operation == "update":
        nodes.append(run.make(descend(left, step[2], engine, run)))
        return
    else:
        node = apply_function(operation, left, engine)
    if id(type(node)) not in engine.known_kinds:
        require_node(operation, node, (left, right), engine)
    nodes.append(node)


def starts_another_graph(steps: Sequence[Step], backward: Step, made: int) -> bool:
    """Whether no step after this one uses a node from before it.

    The rest is then a graph of its own. A program would use a new tape for it.
    """
    index = next(index for index, step in enumerate(steps) if step is backward)
    rest = [step for step in steps[index + 1 :] if step[0] not in ("leaf", "update")]
    return all(node >= made for step in rest for node in nodes_in(step))


def find_operand(written: Any, nodes: list[Node]) -> Any:
    """The operand of a step: a node, or a plain number, which is written as a tuple of one.

    `~node` is used for the last time. Our list drops it, as the program would drop its variable.
    An engine that needs the node later must hold it itself.
    """
    if type(written) is tuple:
        return written[0]
    if written >= 0:
        return nodes[written]
    node = nodes[~written]
    nodes[~written] = None
    return node


def descend(node: Node, rate: float, engine: Engine, run: GraphRun) -> float:
    """The number of the leaf after one step of gradient descent."""
    number = read_number(node, "data", "the number of a leaf", engine, run)
    slope = read_number(node, "grad", "the gradient of a leaf", engine, run)
    if number is None:
        raise RefusedError(INVALID_OUTPUT, "the number of a leaf is None, not a number.")
    return float(number - rate * (0.0 if slope is None or slope is ABSENT else slope))
