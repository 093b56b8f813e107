# style: only leaves keep a gradient, as in torch; requires_grad; None until backward; freed in between
# design: number, requires_grad, inputs with functions / recursive, dictionary by id, reversed /
#   dictionary by id, kept for leaves only
"""A Tensor with one element.

Like in PyTorch, .grad is None until somebody calls backward(), intermediate results do not retain
theirs, and calling backward() twice accumulates.
"""
import math
from typing import Callable, Dict, List, Optional, Tuple, Union


class Tensor:
    def __init__(self, value: float, requires_grad: bool = True) -> None:
        self.value = value
        self.requires_grad = requires_grad
        self.is_leaf = True
        self.grad: Optional[float] = None
        self._inputs: List[Tuple["Tensor", Callable[[float], float]]] = []

    def item(self) -> float:
        return self.value

    def zero_grad(self) -> None:
        self.grad = None

    @staticmethod
    def _op(value: float, *inputs: Tuple["Tensor", Callable[[float], float]]) -> "Tensor":
        needed = [(t, f) for t, f in inputs if t.requires_grad]
        out = Tensor(value, requires_grad=bool(needed))
        out.is_leaf = not needed
        out._inputs = needed
        return out

    def __add__(self, other: Union["Tensor", float]) -> "Tensor":
        other = _tensor(other)
        return self._op(self.value + other.value, (self, lambda g: g), (other, lambda g: g))

    def __sub__(self, other: Union["Tensor", float]) -> "Tensor":
        other = _tensor(other)
        return self._op(self.value - other.value, (self, lambda g: g), (other, lambda g: -g))

    def __mul__(self, other: Union["Tensor", float]) -> "Tensor":
        other = _tensor(other)
        x, y = self.value, other.value
        return self._op(x * y, (self, lambda g: g * y), (other, lambda g: g * x))

    def __truediv__(self, other: Union["Tensor", float]) -> "Tensor":
        other = _tensor(other)
        x, y = self.value, other.value
        return self._op(x / y, (self, lambda g: g / y), (other, lambda g: -g * x / y ** 2))

    def __pow__(self, other: Union["Tensor", float]) -> "Tensor":
        other = _tensor(other)
        x, n = self.value, other.value
        return self._op(
            x ** n,
            (self, lambda g: g * n * x ** (n - 1) if n != 0 else 0.0),
            (other, lambda g: g * x ** n * math.log(x)),
        )

    def __radd__(self, other: float) -> "Tensor":
        return _tensor(other) + self

    def __rsub__(self, other: float) -> "Tensor":
        return _tensor(other) - self

    def __rmul__(self, other: float) -> "Tensor":
        return _tensor(other) * self

    def __rtruediv__(self, other: float) -> "Tensor":
        return _tensor(other) / self

    def __rpow__(self, other: float) -> "Tensor":
        return _tensor(other) ** self

    def __neg__(self) -> "Tensor":
        return self._op(-self.value, (self, lambda g: -g))

    def abs(self) -> "Tensor":
        x = self.value
        return self._op(abs(x), (self, lambda g: g if x > 0 else -g))

    def relu(self) -> "Tensor":
        x = self.value
        return self._op(x if x > 0 else 0.0, (self, lambda g: g if x > 0 else 0.0))

    def exp(self) -> "Tensor":
        y = math.exp(self.value)
        return self._op(y, (self, lambda g: g * y))

    def log(self) -> "Tensor":
        x = self.value
        return self._op(math.log(x), (self, lambda g: g / x))

    def tanh(self) -> "Tensor":
        y = math.tanh(self.value)
        return self._op(y, (self, lambda g: g * (1 - y ** 2)))

    def sigmoid(self) -> "Tensor":
        y = 1 / (1 + math.exp(-self.value))
        return self._op(y, (self, lambda g: g * y * (1 - y)))

    def sin(self) -> "Tensor":
        x = self.value
        return self._op(math.sin(x), (self, lambda g: g * math.cos(x)))

    def cos(self) -> "Tensor":
        x = self.value
        return self._op(math.cos(x), (self, lambda g: g * -math.sin(x)))

    def sqrt(self) -> "Tensor":
        y = self.value ** 0.5
        return self._op(y, (self, lambda g: g / (2 * y)))

    def backward(self) -> None:
        assert self.requires_grad, "this does not depend on anything that needs a gradient"
        order: List[Tensor] = []
        seen: Dict[int, bool] = {}

        def visit(t: Tensor) -> None:
            if id(t) in seen:
                return
            seen[id(t)] = True
            for u, _ in t._inputs:
                visit(u)
            order.append(t)

        visit(self)
        flow: Dict[int, float] = {id(t): 0.0 for t in order}
        flow[id(self)] = 1.0
        for t in reversed(order):
            g = flow.pop(id(t))
            if t.is_leaf:
                t.grad = g if t.grad is None else t.grad + g
            for u, f in t._inputs:
                flow[id(u)] += f(g)


def _tensor(x: Union[Tensor, float]) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x, requires_grad=False)
