# what: holds text where a number is due
# expect: invalid_output
Value.grad = property(lambda self: "1", lambda self, grad: None)
Value.backward = lambda self: None
