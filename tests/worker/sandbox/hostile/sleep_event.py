# what: waits for an event in a demo, on the virtual clock
# expect: passed
import threading

threading.Event().wait(1000)
