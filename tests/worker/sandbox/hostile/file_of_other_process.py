# what: reads what is told of other processes
# expect: denied
for name in ("environ", "mem", "cmdline", "maps"):
    attempt(lambda: open(f"/proc/1/{name}", "rb").read(1))
    attempt(lambda: open(f"/proc/self/{name}", "rb").read(1))
