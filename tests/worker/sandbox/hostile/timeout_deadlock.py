# what: waits for itself
# expect: timeout
# waits: 0.5
import threading

lock = threading.Lock()
lock.acquire()
lock.acquire()
