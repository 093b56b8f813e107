# what: a message larger than memory
# expect: error
class Huge(Exception):
    def __str__(self):
        return "x" * 10**10


def backward(self):
    raise Huge


Value.backward = backward
