# what: makes float lie before it is used
# expect: wrong_gradient
import builtins


class Always(float):
    def __new__(cls, *_):
        return float.__new__(cls, 8.0)


builtins.float = Always
builtins.round = builtins.abs = builtins.max = lambda *_: 0.0
Value.backward = lambda self: None
