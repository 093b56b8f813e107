# what: a float that lies about everything
# expect: wrong_gradient
class Liar(float):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __float__(self):
        return 8.0

    def __repr__(self):
        return "8.0"


Value.grad = property(lambda self: Liar(0), lambda self, grad: None)
Value.backward = lambda self: None
