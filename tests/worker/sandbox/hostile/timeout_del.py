# what: never lets go
# expect: timeout
# alone: yes
class Value:
    def __init__(self, data):
        self.data = self.grad = data

    def __add__(self, other):
        return Value(1)

    __mul__ = __add__

    def backward(self):
        pass

    def __del__(self):
        sum(iter(int, 1))
