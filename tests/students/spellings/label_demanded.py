# style: a leaf needs a label
# account: Node | value | grad | backward()
# note: Leaves are made with label='x1', because the class asks for it.


class Node:
    def __init__(self, value, label='', children=(), op=''):
        assert label or children, 'a leaf needs a label'
        self.value, self.label, self.children, self.op = value, label, children, op
        self.grad = 0.0

    def __add__(self, o):
        return Node(self.value + o.value, '', (self, o), '+')

    def __mul__(self, o):
        return Node(self.value * o.value, '', (self, o), '*')

    def backward(self):
        order, seen = [], set()
        def visit(n):
            if n not in seen:
                seen.add(n)
                for c in n.children:
                    visit(c)
                order.append(n)
        visit(self)
        self.grad = 1.0
        for n in reversed(order):
            if n.op == '+':
                for c in n.children:
                    c.grad += n.grad
            elif n.op == '*':
                a, b = n.children
                a.grad += b.value * n.grad
                b.grad += a.value * n.grad
