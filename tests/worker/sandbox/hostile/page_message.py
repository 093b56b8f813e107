# what: an error whose message is a page
# expect: error
def backward(self):
    raise ValueError("<script>alert(1)</script>\x1b[31m\0\ud800" + "x" * 10_000)


Value.backward = backward
