# what: watches the processor
# expect: killed
syscall("perf_event_open", 0, 0, -1, -1, 0)
print("ESCAPED")
