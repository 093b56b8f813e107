# what: holds nan where a number is due
# expect: wrong_gradient
Value.grad = property(lambda self: float("nan"), lambda self, grad: None)
Value.backward = lambda self: None
