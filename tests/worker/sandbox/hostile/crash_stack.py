# what: overflows the stack of C
# expect: crashed
# memory: 64
link = iter(())
for _ in range(500_000):
    link = filter(None, filter(None, link))
next(link)
