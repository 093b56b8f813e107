# what: waits for an event that never comes
# expect: timeout
# waits: 0.5
import threading

threading.Event().wait(1000)
