# what: an exception that cannot be shown
# expect: error
class Explosive(Exception):
    def __str__(self):
        raise RuntimeError("boom")


def backward(self):
    raise Explosive


Value.backward = backward
