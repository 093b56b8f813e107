# style: the output gives an object that is asked: L.grad().wrt(x)
# account: Var | value | returned (by wrt(node)) | grad()
tape = []


class Gradients:
    def __init__(self, derivatives):
        self.derivatives = derivatives

    def wrt(self, variable):
        return self.derivatives[variable.index]


class Var:
    def __init__(self, value, *weights):
        self.value = value
        self.index = len(tape)
        tape.append(weights)

    def __add__(self, other):
        return Var(self.value + other.value, (self.index, 1.0), (other.index, 1.0))

    def __mul__(self, other):
        return Var(self.value * other.value, (self.index, other.value), (other.index, self.value))

    def grad(self):
        derivatives = [0.0] * len(tape)
        derivatives[self.index] = 1.0
        for index in range(self.index, -1, -1):
            for operand, weight in tape[index]:
                derivatives[operand] += weight * derivatives[index]
        return Gradients(derivatives)
