# misconception: 36, 37
# title: The source document's class as it is printed
# unsupported: rules/tanh@* operators/difference@* operators/quotient@* operators/opposite@*
# unsupported: operators/add-number@* operators/number-add@* operators/multiply-number@*
# unsupported: operators/number-multiply@* operators/number-power@* functions/exp@* functions/log@*
# unsupported: functions/relu@* functions/sigmoid@* functions/sin@* functions/cos@* functions/sqrt@*
# unsupported: functions/abs@*
# error: rules/power@* rules/power-zero
# blocked: rules/power-one@* rules/power-of-one rules/power-at-zero rules/constant-times-power@*
# blocked: rules/tanh-at-zero rules/chain-of-power@* rules/chain-of-powers@* rules/chain-of-tanh@*
# blocked: rules/tanh-of-tanh operators/difference-with-zero@* operators/quotient-of-zero
# blocked: operators/opposite-of-zero operators/chain-of-difference operators/chain-of-quotient
# blocked: operators/chain-of-opposite operators/subtract-number@* operators/number-subtract@*
# blocked: operators/divide-number@* operators/number-divide@* operators/add-zero operators/zero-add
# blocked: operators/subtract-zero operators/zero-subtract operators/multiply-zero
# blocked: operators/zero-multiply operators/zero-divide operators/multiply-one
# blocked: operators/one-multiply operators/divide-one operators/chain-of-add-number
# blocked: operators/chain-of-number-add operators/chain-of-subtract-number
# blocked: operators/chain-of-number-subtract operators/chain-of-multiply-number
# blocked: operators/chain-of-number-multiply operators/chain-of-divide-number
# blocked: operators/chain-of-number-divide operators/chain-of-number-power operators/sum-from-zero
# blocked: operators/subtract-in-place operators/divide-in-place operators/power-in-place
# blocked: operators/cube-in-place operators/numbers-in-place operators/chain-in-place
# blocked: functions/tanh@* functions/tanh-in-a-chain functions/exp-in-a-chain
# blocked: functions/log-in-a-chain functions/relu-in-a-chain@* functions/sigmoid-in-a-chain
# blocked: functions/sin-at-zero functions/sin-in-a-chain functions/cos-in-a-chain
# blocked: functions/sqrt-in-a-chain functions/abs-in-a-chain reuse/difference-twice
# blocked: reuse/quotient-twice reuse/fan-out reuse/difference-then-product
# blocked: reuse/quotient-then-product reuse/opposite-then-product reuse/power-then-product
# blocked: reuse/two-powers reuse/tanh-reused reuse/exp-reused reuse/log-reused reuse/relu-reused
# blocked: reuse/sigmoid-reused reuse/sin-reused reuse/cos-reused reuse/sqrt-reused reuse/abs-reused
# blocked: reuse/same-function-twice reuse/equal-leaves-function reuse/equal-leaves-difference
# blocked: reuse/equal-leaves-quotient order/loop-with-tanh order/tanh-of-a-result
# blocked: order/exp-of-a-result order/log-of-a-result order/relu-of-a-result
# blocked: order/sigmoid-of-a-result order/sin-of-a-result order/cos-of-a-result
# blocked: order/sqrt-of-a-result order/abs-of-a-result order/quotient-of-a-result
# blocked: order/power-of-a-result order/difference-of-a-result order/opposite-of-a-result
# blocked: state/same-numbers-twice state/numbers-not-remembered composite/neuron@*
# blocked: composite/two-layers composite/relu-layers composite/polynomial composite/rational
# blocked: composite/softmax composite/softmax-cross-entropy composite/logistic-loss
# blocked: composite/distance composite/wave random/graph-2 random/graph-3 random/graph-4
# blocked: random/graph-5 random/graph-6 random/graph-7 random/graph-8 random/graph-9
# blocked: random/graph-10 random/graph-11 random/graph-12 gradient-check/difference
# blocked: gradient-check/quotient gradient-check/powers gradient-check/numbers gradient-check/tanh
# blocked: gradient-check/exp gradient-check/log gradient-check/relu gradient-check/sigmoid
# blocked: gradient-check/waves training/* robustness/deep-chain@* robustness/tanh-far-out@*
# blocked: robustness/sigmoid-far-out@* robustness/exp-large@*

"""The source document's class as it is printed, completed only where it stops: its imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

Backwards = Callable[[float], None]


def _noop_grad(_: float) -> None:
    pass


class Value:
    def __init__(
        self,
        data: float,
        children: Optional[set[Value]] = None,
        _backwards: Backwards = _noop_grad,
    ):
        self.data = data
        self.grad = 0.0
        self.children = set() if children is None else children
        self._backwards = _backwards

    def __add__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += grad_parent
            other.grad += grad_parent

        return Value(
            self.data + other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __mul__(self, other: Value) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += other.data * grad_parent
            other.grad += self.data * grad_parent

        return Value(
            self.data * other.data,
            children={self, other},
            _backwards=_backward,
        )

    def __pow__(self, power: float) -> Value:
        assert isinstance(power, (int, float)), "Only support int/float powers"

        def _backward(grad_parent: float) -> None:
            self.grad += (power * self.data ** (power - 1)) * grad_parent

        return Value(
            self.data**power, children={self}, _backwards=_backward, _op=f"^{power}"
        )

    def backward(self) -> None:
        self.grad = 1

        for v in find_reversed_topological_order(self):
            v._backwards(v.grad)


def find_reversed_topological_order(root: Value) -> list[Value]:
    visited = set()
    topological_order = []

    def _depth_first_search(node: Value):
        if node not in visited:
            visited.add(node)

            for child in node.children:
                _depth_first_search(child)

            topological_order.append(node)

    _depth_first_search(root)

    return list(reversed(topological_order))
