# style: the functions are in a class within the class
# account: Value | data | grad | backward()
import math


class Value:
    def __init__(self, data, prev=()):
        self.data, self.grad, self.prev, self.back = data, 0.0, prev, lambda: None

    class Functions:
        @staticmethod
        def exp(x):
            out = Value(math.exp(x.data), (x,))
            def back():
                x.grad += out.data * out.grad
            out.back = back
            return out

        def tanh(x):
            out = Value(math.tanh(x.data), (x,))
            def back():
                x.grad += (1 - out.data ** 2) * out.grad
            out.back = back
            return out

    def __add__(self, o):
        out = Value(self.data + o.data, (self, o))
        def back():
            self.grad += out.grad
            o.grad += out.grad
        out.back = back
        return out

    def __mul__(self, o):
        out = Value(self.data * o.data, (self, o))
        def back():
            self.grad += o.data * out.grad
            o.grad += self.data * out.grad
        out.back = back
        return out

    def backward(self):
        order, seen = [], set()
        def visit(n):
            if n not in seen:
                seen.add(n)
                for p in n.prev:
                    visit(p)
                order.append(n)
        visit(self)
        self.grad = 1
        for n in reversed(order):
            n.back()
