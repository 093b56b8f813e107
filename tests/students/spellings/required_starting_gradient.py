# style: the constructor asks for the gradient to begin with
# account: Value | data | grad | backward()
# note: Leaves are made with derivative=0, because the class asks for it.


class Value:
    def __init__(self, data, derivative):
        self.data, self.grad, self.back, self.ops = data, derivative, None, ()

    def __add__(self, o):
        out = Value(self.data + o.data, 0)
        out.ops = (self, o)
        def back():
            self.grad += out.grad
            o.grad += out.grad
        out.back = back
        return out

    def __mul__(self, o):
        out = Value(self.data * o.data, 0)
        out.ops = (self, o)
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
                for p in n.ops:
                    visit(p)
                order.append(n)
        visit(self)
        self.grad = 1
        for n in reversed(order):
            if n.back:
                n.back()
