# what: raises many at once
# expect: error
def backward(self):
    raise BaseExceptionGroup("many", [SystemExit(), KeyboardInterrupt()])


Value.backward = backward
