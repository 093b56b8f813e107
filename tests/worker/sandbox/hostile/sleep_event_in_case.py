# what: waits for an event in backward, on the virtual clock
# expect: timeout
# waits: 0
import threading

Value.backward = lambda self: threading.Event().wait(1000)
