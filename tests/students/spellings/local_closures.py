# style: only local closures: nobody puts them in order
# account: Value | data | grad | _backward()
# note: No backward() was found, so each node's own _backward() was called in reverse order, starting with 1.
class Value:
    def __init__(self, data, _prev=()):
        self.data = data
        self.grad = 0.0
        self._prev = _prev
        self._backward = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = step
        return out


if __name__ == "__main__":
    x = Value(3)
    y = Value(4)
    L = x * y
    L.grad = 1.0
    L._backward()
    print(x.grad, y.grad)
