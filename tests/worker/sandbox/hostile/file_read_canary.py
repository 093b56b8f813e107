# what: reads a file that everybody may read
# expect: denied
attempt(lambda: open(CANARY).read())
attempt(lambda: open(CANARY, "ab"))
