# style: leaves belong to a tape, which runs backward: tape.backward(root)
# account: Var | value | grad | root.tape.backward(root)
# note: Leaves are made with tape=Tape(), because the class asks for it.
class Tape:
    def __init__(self):
        self.nodes = []

    def var(self, value):
        return Var(self, value)

    def backward(self, root):
        root.grad = 1.0
        for node in reversed(self.nodes):
            for child, slope in node.inputs:
                child.grad += slope * node.grad


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


if __name__ == "__main__":
    tape = Tape()
    x = tape.var(3)
    tape.backward(x * x)
    print(x.grad)
