# what: answers everything
# expect: error
class Everything(type):
    def __getattr__(cls, name):
        return cls


class Value(metaclass=Everything):
    def __init__(self, data):
        pass

    def __getattr__(self, name):
        return Value

    def __call__(self, *_):
        return self

    def __add__(self, other):
        return self

    __mul__ = __add__
