# what: a gradient that never comes
# expect: timeout
def spin(self):
    while True:
        pass


Value.backward = lambda self: setattr(Value, "grad", property(spin))
