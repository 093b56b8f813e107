# what: an object that says it is a float
# expect: wrong_gradient
class Liar:
    __class__ = float

    def __float__(self):
        return 0.5


Value.grad = property(lambda self: Liar(), lambda self, grad: None)
Value.backward = lambda self: None
