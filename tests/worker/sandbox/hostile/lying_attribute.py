# what: a gradient that is another at each look, and can't be set once backward has run
# expect: error
looks = iter(range(1, 1000))


def backward(self):
    Value.grad = property(lambda self: next(looks) / 1000)


Value.backward = backward
