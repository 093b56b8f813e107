# what: a message whose parts never end
# expect: timeout
class Endless:
    def __repr__(self):
        while True:
            pass


raise KeyError(Endless())
