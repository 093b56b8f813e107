"""Engines that record what is computed: on a tape that leaves belong to, or in a `with` block."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from tests.students import engine
from tests.worker.driver.in_process import PRODUCT, ask, found, observe, undisturbed
from tests.worker.sandbox.programs import HONEST
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.load import load as load_file


def numbers(source: str) -> Any:
    return observe(source, PRODUCT, "a", "b")["numbers"]


# Leaves of a tape


def test_each_graph_has_its_own_tape_unless_the_file_has_one() -> None:
    source = engine("spellings/leaf_of_a_tape")
    counts = source.replace("self.grad = 0.0", "self.grad = len(tape.nodes)")
    twice = "a = Value(2)\nb = Value(3)"
    assert observe(counts, twice, "a", "b") == {"numbers": [2, 3, 0, 1]}
    assert found("class Tapes: ...\n" + source)["backward"] == "backward()"
    shared = source.replace("tape, value", "t, value").replace("tape", "t") + "rest = Tape()\n"
    assert numbers(shared) == [2, 3, 3, 2]


def test_a_separate_graph_after_backward_has_its_own_tape() -> None:
    source = engine("spellings/leaf_of_a_tape")
    counts = source.replace("self.grad = 0.0", "self.grad = len(tape.nodes)")
    apart = "a = Value(2)\na.backward()\nb = Value(3)\nc = b + b"
    assert observe(counts, apart, "b")["numbers"][1] == 0
    assert observe(counts, apart.replace("b + b", "a + b"), "b")["numbers"][1] == 1
    assert observe(counts, "b = Value(5)\n" + apart.replace("b = V", "d = V"), "b") == {
        "numbers": [5, 0]
    }


# Blocks that record

RECORDED = engine("right/with_a_tape").partition("\nwith ")[0]
TWICE = "a = Value(2)\nb = Value(3)\nL = a * b\nM = a + b\nL.backward()\nM.backward()"


def test_each_graph_is_computed_in_its_own_block() -> None:
    assert found(RECORDED)["backward"] == "GradientTape().gradient(root, leaves)"
    assert observe(RECORDED, TWICE, "a", "b")["numbers"] == [2, 3, 4, 3]
    with undisturbed():
        count = "        GradientTape.running = None\n"
        counting = RECORDED.replace(count, count + "        seen.append(len(self.steps))\n")
        interface = load_file("seen = []\n" + counting, ModuleType(MODULE))
        assert isinstance(interface, Engine)
        for program in (PRODUCT, TWICE, PRODUCT):
            assert "numbers" in ask(interface, program, "a", "b")
        assert interface.namespace["seen"][-3:] == [3, 4, 3]


@pytest.mark.parametrize(
    "line", ["self.steps, steps = [], self.steps", "assert GradientTape.running is None"]
)
def test_a_tape_is_asked_once_and_after_its_block(line: str) -> None:
    start = "        adjoints = {id(target): 1.0}\n"
    source = RECORDED.replace(start, f"{start}        {line}\n")
    if "steps, steps" in line:
        source = source.replace("reversed(self.steps)", "reversed(steps)")
    assert numbers(source) == [2, 3, 3, 2]
    training = "w = Value(3)\nx = Value(2)\nL = w * w * x\nL.backward()\n"
    training += "w = Value(w.data - 0.1 * w.grad)\nM = w * Value(5)\nM.backward()"
    assert observe(source, training, "w", "x")["numbers"][1:] == [2, 5, 9]


def test_a_tape_may_be_another_object_than_its_block() -> None:
    source = RECORDED.replace("sources):", "leaf):").replace("sources]", "[leaf]][0]")
    assert found(source)["backward"] == "GradientTape().gradient(root, leaf)"
    session = (
        "class Session:\n    def __enter__(self):\n        return GradientTape().__enter__()\n"
    )
    session += "    def __exit__(self, *_): ...\n"
    session += "    def gradient(self, root, leaf): raise RuntimeError('not I')\n"
    source = source.replace("class GradientTape:", session + "class GradientTape:")
    source = source.replace("    def __exit__(self, *exc_info):", "    def close(self):")
    assert numbers(source) == [2, 3, 3, 2]


def test_a_block_that_gives_no_gradient_is_skipped() -> None:
    bare = HONEST.replace("def backward", "def unused")
    for enter in ("raise RuntimeError", "return 1", "return self"):
        block = f"class Block:\n    def __enter__(self): {enter}\n    def __exit__(self, *_): ...\n"
        told = block + "    def gradient(self, root, leaf): return 1.0\n"
        for context in (
            block,
            told,
            told.replace("Block:", "Block:\n    def __init__(self, x): ..."),
        ):
            assert found(context + bare.replace("_step", "_kept"))["grad"] == "grad", context
