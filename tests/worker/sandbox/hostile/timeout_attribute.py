# what: a gradient that never comes
# expect: timeout
def spin(self):
    sum(iter(int, 1))


Value.backward = lambda self: setattr(Value, "grad", property(spin))
