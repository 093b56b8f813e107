# what: a comparison that never ends
# expect: timeout
def spin(self, other):
    while True:
        pass


Value.__hash__ = lambda self: 1
Value.__eq__ = spin
