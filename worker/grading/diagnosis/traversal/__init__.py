"""The ways in which backward visits the nodes of a graph, right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.traversal import parts, seeds, visits


def run_backward(engine: Engine, root: Node) -> None:
    """Runs backward of a model on a node."""
    TRAVERSALS[engine.model.traversal](engine, root)


TRAVERSALS: Mapping[str, Callable[[Engine, Node], None]] = {
    "topological": seeds.topological,
    "ones": seeds.unseeded,
    "unseeded": seeds.unseeded,
    "shadowed": seeds.shadowed,
    "seeded after": seeds.seeded_after,
    "seeded with data": seeds.seeded_with_data,
    "seeded with -1": seeds.seeded_with_minus_one,
    "seeded where zero": seeds.seeded_where_zero,
    "every path": visits.every_path,
    "sum passed on": visits.sum_passed_on,
    "used up": visits.used_up,
    "pre-order": visits.pre_order,
    "pre-order, sorted": visits.pre_order_sorted,
    "not reversed": visits.not_reversed,
    "youngest last": visits.youngest_last,
    "by number": visits.by_number,
    "breadth once": visits.breadth_once,
    "breadth again": visits.breadth_again,
    "append outside": visits.append_outside,
    "stack twice": visits.stack_twice,
    "stack finished twice": visits.stack_finished_twice,
    "stack left open": visits.stack_left_open,
    "seen when pushed": visits.seen_when_pushed,
    "users counted once": visits.users_counted_once,
    "users counted once, last first": visits.users_counted_once_last_first,
    "single parent": parts.single_parent,
    "one step": parts.one_step,
    "two steps": parts.two_steps,
    "three levels": parts.three_levels,
    "left only": parts.left_only,
    "youngest only": parts.youngest_only,
    "deepest only": parts.deepest_only,
    "nothing": parts.nothing,
    "order kept": parts.order_kept,
    "tape kept": parts.tape_kept,
    "on the operand": parts.on_the_operand,
    "on the other operand": parts.on_the_operand,
    "counted forward": parts.counted_forward,
    "waits for users": parts.waits_for_users,
    "step inside": seeds.step_inside,
}
