# what: waits for a queue that nobody fills
# expect: timeout
# waits: 0.5
import queue

queue.SimpleQueue().get()
