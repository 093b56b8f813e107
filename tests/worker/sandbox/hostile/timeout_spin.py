# what: computes for ever
# expect: timeout
while True:
    pass
