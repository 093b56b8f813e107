# what: starts a thread
# expect: denied
import threading

attempt(lambda: threading.Thread(target=print).start(), RuntimeError)
