# style: training at the top of the file, without a guard
# account: Value | data | grad | backward()
# note: Line 66 was left out: it runs backward in a loop, which grading doesn't need.
# note: Line 73 was left out: it runs backward in a loop, which grading doesn't need.
# note: Also left out, because it depends on a statement that was left out: line 71.
class Value:
    def __init__(self, data, inputs=()):
        self.data = data
        self.grad = 0.0
        self.inputs = inputs
        self.step = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def step():
            self.grad += out.grad
            other.grad += out.grad

        out.step = step
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def step():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.step = step
        return out

    def backward(self):
        self.grad = 1.0
        for node in in_order(self):
            node.step()


def in_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for child in node.inputs:
                visit(child)
            order.append(node)

    visit(root)
    return order[::-1]


def loss_of(w):
    return w * w + w


def train(w, steps):
    for _ in range(steps):
        loss = loss_of(w)
        loss.backward()
        w.data -= 0.001 * w.grad
    return w


w = Value(1.0)
for epoch in range(10_000_000):
    w.grad = 0.0
    loss = loss_of(w)
    loss.backward()
    w.data -= 0.01 * w.grad
print(loss.data)

fitted = train(Value(2.0), 10_000_000)
for name in ("__radd__", "__rmul__"):
    setattr(Value, name, getattr(Value, name.replace("r", "", 1)))
