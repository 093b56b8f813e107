# what: holds text where a number is due
# expect: invalid_output
def backward(self):
    self.grad = "1"


Value.backward = backward
