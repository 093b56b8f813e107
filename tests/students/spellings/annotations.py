# style: annotations that only a newer Python would leave alone
# account: Value | data | grad | backward()
from dataclasses import dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    inputs: tuple[tuple[Value, float], ...] = ()
    grad: float | Missing = field(default=0.0)

    def __add__(self, other: Value | float) -> Value:
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other: Value | float) -> Value:
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def backward(self, gradient: NotThere = 1.0) -> None:
        self.grad += gradient
        for child, slope in self.inputs:
            child.backward(slope * gradient)
