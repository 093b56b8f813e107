# what: overflows the stack of C
# expect: crashed
# memory: 64
link = iter(())
for _ in range(1_000_000):
    link = filter(None, link)
next(link)
