# what: a message that is no ordinary text
# expect: error
class Text(str):
    def __getitem__(self, _):
        raise RuntimeError("boom")

    __len__ = __str__ = __format__ = __getitem__


class Odd(Exception):
    def __str__(self):
        return Text("odd")


def backward(self):
    raise Odd


Value.backward = backward
