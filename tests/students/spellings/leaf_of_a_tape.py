# style: leaves belong to a tape: tape.var(3), which is Var(tape, 3)
# account: Var | value | grad | backward()
# note: Leaves are made with tape=Tape(), because the class asks for it.
class Tape:
    def __init__(self):
        self.nodes = []

    def var(self, value):
        return Var(self, value)


class Var:
    def __init__(self, tape, value):
        self.tape = tape
        self.value = value
        self.grad = 0.0
        tape.nodes.append(self)
        self.inputs = ()

    def make(self, value, *inputs):
        made = Var(self.tape, value)
        made.inputs = inputs
        return made

    def __add__(self, other):
        return self.make(self.value + other.value, (self, 1.0), (other, 1.0))

    def __mul__(self, other):
        return self.make(self.value * other.value, (self, other.value), (other, self.value))

    def backward(self):
        self.grad = 1.0
        for node in reversed(self.tape.nodes):
            for child, slope in node.inputs:
                child.grad += slope * node.grad
