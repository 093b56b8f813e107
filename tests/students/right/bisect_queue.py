# style: nodes wait in a sorted list, kept sorted by bisect; the last one is next
# design: number, children by position, serial number / list of serial numbers sorted by bisect, popped
#   from the end / dictionary of nodes and sums by serial number
import itertools
import math
from bisect import insort

serials = itertools.count(1)


class Tensor:
    """A scalar. children: [(tensor, local gradient), ...]"""

    def __init__(self, data, *children):
        self.data = data
        self.children = children
        self.serial = next(serials)
        self.grad = None

    def backward(self):
        waiting = {self.serial: [self, 1.0]}
        line = [self.serial]
        while line:
            tensor, total = waiting.pop(line.pop())
            tensor.grad = total if tensor.grad is None else tensor.grad + total
            for child, local in tensor.children:
                if child.serial in waiting:
                    waiting[child.serial][1] += local * total
                else:
                    waiting[child.serial] = [child, local * total]
                    insort(line, child.serial)

    def __add__(self, other):
        other = tensor(other)
        return Tensor(self.data + other.data, (self, 1), (other, 1))

    def __sub__(self, other):
        other = tensor(other)
        return Tensor(self.data - other.data, (self, 1), (other, -1))

    def __mul__(self, other):
        other = tensor(other)
        return Tensor(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = tensor(other)
        out = self.data / other.data
        return Tensor(out, (self, 1 / other.data), (other, -out / other.data))

    def __pow__(self, other):
        if isinstance(other, Tensor):
            out = self.data**other.data
            return Tensor(out, (self, out * other.data / self.data), (other, out * math.log(self.data)))
        if other == 1:
            return Tensor(self.data, (self, 1))
        return Tensor(self.data**other, (self, other * self.data ** (other - 1) if other else 0))

    def __radd__(self, other):
        return tensor(other).__add__(self)

    def __rsub__(self, other):
        return tensor(other).__sub__(self)

    def __rmul__(self, other):
        return tensor(other).__mul__(self)

    def __rtruediv__(self, other):
        return tensor(other).__truediv__(self)

    def __rpow__(self, other):
        return tensor(other).__pow__(self)

    def __neg__(self):
        return Tensor(-self.data, (self, -1))

    def __abs__(self):
        return Tensor(abs(self.data), (self, -1 if self.data < 0 else 1))

    def relu(self):
        return Tensor(0 if self.data < 0 else self.data, (self, 0 if self.data < 0 else 1))

    def tanh(self):
        out = math.tanh(self.data)
        return Tensor(out, (self, 1 - out * out))

    def exp(self):
        out = math.exp(self.data)
        return Tensor(out, (self, out))

    def log(self):
        return Tensor(math.log(self.data), (self, 1 / self.data))

    def sigmoid(self):
        out = 1 / (1 + math.exp(-self.data))
        return Tensor(out, (self, out * (1 - out)))

    def sin(self):
        return Tensor(math.sin(self.data), (self, math.cos(self.data)))

    def cos(self):
        return Tensor(math.cos(self.data), (self, -math.sin(self.data)))

    def sqrt(self):
        out = math.sqrt(self.data)
        return Tensor(out, (self, 0.5 / out))


def tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)
