# what: an identifier that only looks like Value
# expect: no_class
# alone: yes
class Vаlue:  # a Cyrillic letter
    def backward(self):
        pass
