# what: an exception of ten megabytes
# expect: error
def backward(self):
    raise ValueError("x" * 10_000_000)


Value.backward = backward
