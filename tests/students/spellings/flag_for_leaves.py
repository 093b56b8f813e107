# style: gradients are kept for leaves with a flag alone
# account: Var | val | grad | back()
# note: Leaves are made with dag=True, so that they get gradients.


class Var:
    def __init__(self, val, dag=False, push=None):
        self.val, self.dag, self.push, self.grad = val, dag, push, 0.0

    def __add__(self, o):
        def push(g):
            if self.dag: self.back(g)
            if o.dag: o.back(g)
        return Var(self.val + o.val, self.dag or o.dag, push)

    def __mul__(self, o):
        def push(g):
            if self.dag: self.back(g * o.val)
            if o.dag: o.back(g * self.val)
        return Var(self.val * o.val, self.dag or o.dag, push)

    def back(self, g=1.0):
        self.grad += g
        if self.push: self.push(g)
