# what: an int that lies about everything
# expect: wrong_gradient
class Liar(int):
    def __float__(self):
        return 8.0

    def __eq__(self, other):
        return True

    __hash__ = int.__hash__
    __index__ = __int__ = __round__ = lambda self, *_: 8


Value.grad = property(lambda self: Liar(0), lambda self, grad: None)
Value.backward = lambda self: None
