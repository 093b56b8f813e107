# what: listens to everything and refuses it
# expect: invalid_output
import sys


def refuse(event, _):
    raise RuntimeError(event)


Value.backward = lambda self: (sys.addaudithook(refuse), compile("1", "x", "eval"))
