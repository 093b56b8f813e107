# what: an exception whose message never ends
# expect: timeout
class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless
