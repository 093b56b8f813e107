# style: a tape that everything is written on: tape.backward(root)
# account: Var | value | grad | tape.backward(root)
class Tape:
    def __init__(self):
        self.steps = []

    def backward(self, root):
        root.grad = 1.0
        while self.steps:
            self.steps.pop()()


tape = Tape()


class Var:
    def __init__(self, value):
        self.value = value
        self.grad = 0.0

    def __add__(self, other):
        out = Var(self.value + other.value)

        def step():
            self.grad += out.grad
            other.grad += out.grad

        tape.steps.append(step)
        return out

    def __mul__(self, other):
        out = Var(self.value * other.value)

        def step():
            self.grad += other.value * out.grad
            other.grad += self.value * out.grad

        tape.steps.append(step)
        return out
