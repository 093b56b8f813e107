# what: interrupts
# expect: error
def backward(self):
    raise KeyboardInterrupt


Value.backward = backward
