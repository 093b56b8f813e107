# what: will not be told
# expect: timeout
import signal

signal.signal(signal.SIGXCPU, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGPROF, signal.SIG_IGN)
sum(iter(int, 1))
