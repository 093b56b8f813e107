# misconception: 36, 37
# title: The source document's class as it is printed
# unsupported: values/difference@1 values/quotient@1 values/opposite@1 values/add-number@1
# unsupported: values/number-add@1 values/multiply-number@1 values/number-multiply@1
# unsupported: values/number-power@1 values/tanh@1 values/exp@1 values/log@1 values/relu@*
# unsupported: values/relu-switched-off@1 values/sigmoid@1 values/sin@1 values/cos@1 values/sqrt@1
# unsupported: values/abs@* operators/* numbers/add-number@* numbers/number-add@*
# unsupported: numbers/multiply-number@* numbers/number-multiply@* numbers/number-power@*
# unsupported: numbers/zero-add-number@1 numbers/zero-number-add@1 numbers/zero-multiply-number@1
# unsupported: numbers/zero-number-multiply@1 numbers/one-add-number@1 numbers/one-number-add@1
# unsupported: numbers/one-multiply-number@1 numbers/one-number-multiply@1
# unsupported: numbers/one-number-power@1 numbers/chain-add-number@1 numbers/chain-number-add@1
# unsupported: numbers/chain-multiply-number@1 numbers/chain-number-multiply@1
# unsupported: numbers/chain-number-power@1 numbers/twice-add-number numbers/twice-number-add
# unsupported: numbers/twice-multiply-number numbers/twice-number-multiply
# unsupported: numbers/twice-number-power numbers/minus-one-multiply-number@1
# unsupported: numbers/minus-one-number-multiply@1 numbers/at-zero-multiply-number@1
# unsupported: numbers/at-zero-number-multiply@1 numbers/at-zero-number-power@1
# unsupported: numbers/sum-from-zero numbers/again-add-number@1 numbers/again-number-add@1
# unsupported: numbers/again-multiply-number@1 numbers/again-number-multiply@1
# unsupported: numbers/again-number-power@1 numbers/before-and-after-add-number@1
# unsupported: numbers/before-and-after-number-add@1 numbers/before-and-after-multiply-number@1
# unsupported: numbers/before-and-after-number-multiply@1 numbers/before-and-after-number-power@1
# unsupported: numbers/result-again-add-number@1 numbers/result-again-number-add@1
# unsupported: numbers/result-again-multiply-number@1 numbers/result-again-number-multiply@1
# unsupported: numbers/result-again-number-power@1 functions/*
# error: values/power@* power/*
# blocked: values/subtract-number@1 values/number-subtract@1 values/divide-number@1
# blocked: values/number-divide@1 values/add-number-in-place values/subtract-in-place@1
# blocked: values/subtract-number-in-place values/multiply-number-in-place values/divide-in-place@1
# blocked: values/divide-number-in-place values/power-in-place@* values/quotient-of-differences
# blocked: values/neuron values/polynomial values/softmax numbers/subtract-number@*
# blocked: numbers/number-subtract@* numbers/divide-number@* numbers/number-divide@*
# blocked: numbers/zero-subtract-number@1 numbers/zero-number-subtract@1
# blocked: numbers/zero-number-divide@1 numbers/one-subtract-number@1 numbers/one-number-subtract@1
# blocked: numbers/one-divide-number@1 numbers/one-number-divide@1 numbers/chain-subtract-number@1
# blocked: numbers/chain-number-subtract@1 numbers/chain-divide-number@1
# blocked: numbers/chain-number-divide@1 numbers/twice-subtract-number numbers/twice-number-subtract
# blocked: numbers/twice-divide-number numbers/twice-number-divide numbers/minus-one-divide-number@1
# blocked: numbers/minus-one-number-divide@1 numbers/at-zero-divide-number@1
# blocked: numbers/again-subtract-number@1 numbers/again-number-subtract@1
# blocked: numbers/again-divide-number@1 numbers/again-number-divide@1
# blocked: numbers/before-and-after-subtract-number@1 numbers/before-and-after-number-subtract@1
# blocked: numbers/before-and-after-divide-number@1 numbers/before-and-after-number-divide@1
# blocked: numbers/result-again-subtract-number@1 numbers/result-again-number-subtract@1
# blocked: numbers/result-again-divide-number@1 numbers/result-again-number-divide@1
# blocked: numbers/whole-quotient numbers/whole-number-divided numbers/divided-by-a-whole-number
# blocked: numbers/whole-tanh in-place/alone-subtract-in-place@1 in-place/alone-divide-in-place@1
# blocked: in-place/alone-with-add-number-in-place@* in-place/alone-with-subtract-number-in-place@*
# blocked: in-place/alone-with-multiply-number-in-place@*
# blocked: in-place/alone-with-divide-number-in-place@* in-place/alone-with-power-number-in-place@*
# blocked: in-place/zero-add-number-in-place@1 in-place/zero-subtract-number-in-place@1
# blocked: in-place/zero-multiply-number-in-place@1 in-place/zero-power-number-in-place@1
# blocked: in-place/one-add-number-in-place@1 in-place/one-subtract-number-in-place@1
# blocked: in-place/one-multiply-number-in-place@1 in-place/one-divide-number-in-place@1
# blocked: in-place/one-power-number-in-place@1 in-place/powers@*
# blocked: in-place/zero-and-one-divide-in-place@* in-place/chain-subtract-in-place@1
# blocked: in-place/chain-divide-in-place@1 in-place/chain-with-add-number-in-place@1
# blocked: in-place/chain-with-subtract-number-in-place@1
# blocked: in-place/chain-with-multiply-number-in-place@1
# blocked: in-place/chain-with-divide-number-in-place@1 in-place/chain-with-power-number-in-place@1
# blocked: in-place/twice-add-in-place in-place/twice-subtract-in-place
# blocked: in-place/twice-multiply-in-place in-place/twice-divide-in-place
# blocked: in-place/twice-power-in-place in-place/equal-operands-subtract-in-place@1
# blocked: in-place/equal-operands-divide-in-place@1 in-place/uneven-results-subtract-in-place@1
# blocked: in-place/uneven-results-divide-in-place@1
# blocked: in-place/uneven-results-mirrored-subtract-in-place@1
# blocked: in-place/uneven-results-mirrored-divide-in-place@1
# blocked: in-place/result-again-with-add-number-in-place@1
# blocked: in-place/result-again-with-subtract-number-in-place@1
# blocked: in-place/result-again-with-multiply-number-in-place@1
# blocked: in-place/result-again-with-divide-number-in-place@1
# blocked: in-place/result-again-with-power-number-in-place@1 in-place/numbers-in-place
# blocked: in-place/chain-in-place in-place/itself-subtract-in-place@1
# blocked: in-place/itself-divide-in-place@1 in-place/again-add-number-in-place@1
# blocked: in-place/again-subtract-number-in-place@1 in-place/again-multiply-number-in-place@1
# blocked: in-place/again-divide-number-in-place@1 in-place/again-power-number-in-place@1
# blocked: in-place/before-and-after-add-number-in-place@1
# blocked: in-place/before-and-after-subtract-number-in-place@1
# blocked: in-place/before-and-after-multiply-number-in-place@1
# blocked: in-place/before-and-after-divide-number-in-place@1
# blocked: in-place/before-and-after-power-number-in-place@1 in-place/again-both-subtract-in-place@1
# blocked: in-place/again-both-divide-in-place@1 in-place/before-and-after-both-subtract-in-place@1
# blocked: in-place/before-and-after-both-divide-in-place@1 state/same-numbers-twice
# blocked: state/numbers-not-remembered composite/neuron@1 composite/two-layers
# blocked: composite/relu-layers composite/polynomial composite/rational composite/softmax
# blocked: composite/softmax-cross-entropy composite/logistic-loss composite/distance composite/wave
# blocked: composite/swish composite/gated-unit composite/hinge composite/residual composite/ripple
# blocked: composite/decay composite/log-ratio composite/smooth-distance composite/entropy
# blocked: composite/growth composite/interference composite/sums-of-exp-and-tanh@1
# blocked: composite/products-of-exp-and-tanh@* composite/gate-of-abs composite/sums-of-relu-and-abs
# blocked: composite/products-of-relu-and-abs composite/sums-of-sqrt-and-log
# blocked: composite/products-of-sigmoid-and-log composite/sums-of-sin-and-cos
# blocked: composite/products-of-sin-and-cos composite/sums-of-sigmoid-and-relu@*
# blocked: composite/products-of-sigmoid-and-relu composite/leaky-relu composite/soft-step
# blocked: composite/reciprocals composite/odds composite/potential composite/harmonic
# blocked: composite/sums-of-exp-and-relu@* composite/products-of-relu-and-exp random/graph-1
# blocked: random/graph-3 random/graph-4 random/graph-5 random/graph-6 random/graph-7 random/graph-8
# blocked: random/graph-9 random/graph-10 random/graph-11 random/graph-12 gradient-check/difference
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
