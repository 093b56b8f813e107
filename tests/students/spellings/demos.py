# style: demos that fail at the top of the file
# account: Value | data | grad | backward()
# note: Line 12 was left out: PermissionError: [Errno 1] Operation not permitted: 'data.csv'
# note: Line 65 was left out: EOFError: EOF when reading a line: nobody can answer input() here.
# note: Line 66 was left out: AssertionError: this was to fail
# note: Line 67 was left out: SystemExit: usage: value.py FILE: the code asked to end the program.
# note: Line 70 was left out: NameError: name 'undefined' is not defined
# note: Line 71 was left out: SystemExit: the code asked to end the program.
# note: Also left out, because it depends on a statement that was left out: line 15.
import sys

with open("data.csv") as file:
    rows = file.readlines()

rows = [float(row) for row in rows]


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

print("The answer is", Value(2.0) * Value(3.0))
name = input("Your name? ")
assert Value(1.0).data == 2, "this was to fail"
if len(sys.argv) < 2:
    sys.exit("usage: value.py FILE")
Value.__radd__ = Value.__add__
total = Value(3.0) + undefined
raise SystemExit
