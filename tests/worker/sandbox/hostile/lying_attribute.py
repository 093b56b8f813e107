# what: a gradient that is another at each look
# expect: wrong_gradient
looks = iter(range(1, 1000))


def backward(self):
    Value.grad = property(lambda self: next(looks) / 1000)


Value.backward = backward
