# what: never comes back from backward
# expect: timeout
def spin(self):
    while True:
        pass


Value.backward = spin
