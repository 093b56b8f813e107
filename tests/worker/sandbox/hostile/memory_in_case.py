# what: a graph that doubles
# expect: memory_limit
def add(self, other):
    held = [0]
    while True:
        held += held


Value.__add__ = add
