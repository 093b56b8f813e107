# what: asks for a lock with a time, which nobody gives back
# expect: passed
import queue
import threading

lock = threading.Lock()
lock.acquire()
assert not lock.acquire(timeout=1000)
try:
    queue.SimpleQueue().get(timeout=1000)
except queue.Empty:
    pass
