# what: an exception whose class hides its name
# expect: error
class Nameless(type):
    @property
    def __name__(cls):
        raise RuntimeError("no name")


class Hidden(Exception, metaclass=Nameless):
    __traceback__ = property(lambda self: 1 / 0)


def backward(self):
    raise Hidden


Value.backward = backward
